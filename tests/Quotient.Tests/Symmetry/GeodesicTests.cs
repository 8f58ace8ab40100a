using NUnit.Framework;
using Quotient.Symmetry;

namespace Quotient.Tests.Symmetry;

/// <summary>Geodesics of products of spheres against closed forms.</summary>
public class GeodesicTests
{
    private static readonly Network Network = Network.Mlp([5, 4, 3]);
    private static readonly Spheres Spheres = new(Network);

    [Test]
    public void It_goes_at_unit_speed_along_the_quotient_of_sines()
    {
        var (a, b) = (Standard(1), Standard(2));
        var way = new Geodesic(a, b, Spheres);
        double[] point = new double[a.Length];
        foreach (double t in new[] { 0.1, 0.5, 0.83 })
        {
            way.At(t, point);
            for (int sphere = 0; sphere < Spheres.Count; sphere++)
            {
                int[] places = PlacesOf(sphere);
                double angle = Math.Acos(places.Sum(i => a[i] * b[i]));
                Assert.That(way.Angles[sphere], Is.EqualTo(angle).Within(1e-13));
                Assert.That(Math.Acos(places.Sum(i => a[i] * point[i])), Is.EqualTo(t * angle).Within(1e-13), "the way from a");
                foreach (int i in places)
                {
                    double wanted = ((Math.Sin((1 - t) * angle) * a[i]) + (Math.Sin(t * angle) * b[i])) / Math.Sin(angle);
                    Assert.That(point[i], Is.EqualTo(wanted).Within(1e-14));
                }
            }

            foreach (int i in PlacesOf(-1))
            {
                Assert.That(point[i], Is.EqualTo(((1 - t) * a[i]) + (t * b[i])).Within(1e-15));
            }
        }
    }

    [Test]
    public void Its_ends_are_the_points_themselves()
    {
        var (a, b) = (Any(3), Any(4));
        Assert.That(At(a, b, 0), Is.EqualTo(a));
        Assert.That(At(a, b, 1), Is.EqualTo(b));
    }

    [Test]
    public void Equal_points_have_no_angle_and_no_way()
    {
        double[] a = Any(5), twice = [.. a.Select(value => 2 * value)];
        Assert.That(new Geodesic(a, a, Spheres).Angles, Is.All.EqualTo(0));
        Assert.That(new Geodesic(a, twice, Spheres).Angles, Is.All.LessThanOrEqualTo(1e-15));
        Assert.That(At(a, a, 0.37), Is.EqualTo(a).Within(1e-15));
        double[] near = [.. a.Select((value, i) => value + (1e-9 * Math.Sin(i)))];
        double[] angles = new Geodesic(a, near, Spheres).Angles;
        Assert.That(angles, Is.All.GreaterThan(1e-12).And.All.LessThan(1e-7), "where an arc cosine would be 0 or 1e-8");
    }

    [Test]
    public void Norms_go_straight_while_directions_turn()
    {
        var (a, b) = (Any(6), Any(7));
        var (from, to) = (Spheres.Norms(a), Spheres.Norms(b));
        Assert.That(Spheres.Norms(At(a, b, 0.25)), Is.EqualTo(from.Zip(to, (one, other) => (0.75 * one) + (0.25 * other))).Within(1e-14));
    }

    [Test]
    public void Opposite_points_are_counted_and_joined_by_some_great_circle([Values(0, 1e-9, 1e-4)] double off)
    {
        double[] a = Standard(8), b = [.. a.Select((value, i) => -value + (off * Math.Cos(i)))];
        var way = new Geodesic(a, b, Spheres);
        Assert.That(way.Antipodal, Is.EqualTo(off < 1e-6 ? Spheres.Count : 0));
        double[] point = new double[a.Length];
        way.At(0.5, point);
        for (int sphere = 0; sphere < Spheres.Count; sphere++)
        {
            double cosine = PlacesOf(sphere).Sum(i => point[i] * a[i]) / Spheres.Norms(point)[sphere];
            Assert.That(cosine, Is.EqualTo(Math.Cos(way.Angles[sphere] / 2)).Within(1e-12));
        }

        Assert.That(Spheres.Norms(point), Is.All.EqualTo(1).Within((4 * off) + 1e-12));
        way.At(1 - 1e-12, point);
        Assert.That(point.Where((_, i) => Spheres.Of[i] >= 0), Is.EqualTo(b.Where((_, i) => Spheres.Of[i] >= 0)).Within(1e-6), "it leads to b");
    }

    [Test]
    public void Without_a_direction_the_way_is_straight()
    {
        var (a, b) = (Any(9), Any(10));
        int[] places = PlacesOf(2);
        Array.ForEach(places, i => b[i] = 0);
        var way = new Geodesic(a, b, Spheres);
        Assert.That(way.Angles[2], Is.NaN);
        double[] point = At(a, b, 0.3);
        Assert.That(places.Select(i => point[i]), Is.EqualTo(places.Select(i => 0.7 * a[i])).Within(1e-15));
    }

    [Test]
    public void A_sphere_of_one_weight_is_crossed()
    {
        var network = Network.Mlp([1, 2, 2], bias: false);
        var spheres = new Spheres(network);
        double[] a = [1, 1, 1, 0, 0, 0], b = [-1, 1, 1, 0, 0, 0], point = new double[6];
        var way = new Geodesic(a, b, spheres);
        way.At(0.25, point);
        Assert.That(point, Is.EqualTo(new[] { 0.5, 1, 1, 0, 0, 0 }).Within(1e-15));
        Assert.That(way.Angles, Is.EqualTo(new[] { Math.PI, 0, 0 }).Within(1e-15));
    }

    private static double[] At(double[] a, double[] b, double t)
    {
        double[] point = new double[a.Length];
        new Geodesic(a, b, Spheres).At(t, point);
        return point;
    }

    private static double[] Any(int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, (int)Network.ParameterCount).Select(_ => (2 * random.NextDouble()) - 1)];
    }

    private static double[] Standard(int seed) => StandardForm.Of(new(Network, Any(seed))).Model.Parameters;

    private static int[] PlacesOf(int sphere) => [.. Enumerable.Range(0, Spheres.Of.Length).Where(i => Spheres.Of[i] == sphere)];
}
