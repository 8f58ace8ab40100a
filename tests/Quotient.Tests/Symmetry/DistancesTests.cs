using NUnit.Framework;
using Quotient.Linearisation;
using Quotient.Symmetry;
using Quotient.Tests.Linearisation;

namespace Quotient.Tests.Symmetry;

/// <summary>Distances against closed forms and direct counts.</summary>
public class DistancesTests
{
    private static readonly Network Network = Network.Mlp([5, 4, 3]);

    [Test]
    public void The_metric_is_the_product_of_spheres_and_biases()
    {
        var (a, b) = (StandardForm.Of(Any(Network, 1)), StandardForm.Of(Any(Network, 2)));
        var found = Distances.Between(a.Model, b.Model, a.Spheres);
        double angles = 0, squares = 0;
        for (int sphere = -1; sphere < a.Spheres.Count; sphere++)
        {
            var pairs = a.Model.Parameters.Zip(b.Model.Parameters).Where((_, i) => a.Spheres.Of[i] == sphere).ToList();
            double angle = sphere < 0 ? 0 : Math.Acos(pairs.Sum(pair => pair.First * pair.Second));
            angles += angle;
            squares += sphere < 0 ? pairs.Sum(pair => Math.Pow(pair.First - pair.Second, 2)) : angle * angle;
        }

        Assert.That(found.Value, Is.EqualTo(Math.Sqrt(squares)).Within(1e-12));
        Assert.That(found.MeanAngle, Is.EqualTo(angles / 5).Within(1e-12));
        Assert.That(found.Relative, Is.EqualTo(Math.Sqrt(squares) / (Math.PI / 2 * Math.Sqrt(5))).Within(1e-12));
        Assert.That(found.Antipodal, Is.Zero);
    }

    [Test]
    public void A_network_is_at_no_distance_from_itself_rescaled()
    {
        var model = Any(Network, 3);
        var other = Transformation.Random(Network, 4, permutes: false).ApplyTo(model);
        var (a, b) = (StandardForm.Of(model), StandardForm.Of(other));
        Assert.That(Distances.Between(a.Model, b.Model, a.Spheres).Value, Is.LessThan(1e-14));
    }

    [Test]
    public void Norms_behind_batch_norms_do_not_thin_out_angles()
    {
        var (a, b) = (SymmetricNets.Make("conv:2x6x6,5c3,bn,relu,7c3,bn,relu,gap,3", 1), SymmetricNets.Make("conv:2x6x6,5c3,bn,relu,7c3,bn,relu,gap,3", 2));
        var with = new Spheres(a.Network);
        var without = new Spheres(a.Network, batchNorms: false);
        Assert.That((with.Count - with.OfWeights, without.Count), Is.EqualTo((12, with.OfWeights)));
        Assert.That(Distances.Between(a, b, with).MeanAngle, Is.EqualTo(Distances.Between(a, b, without).MeanAngle).Within(1e-14));

        // Nets that differ in the scales behind their norms alone are two functions at a distance.
        var scaled = new Model(a.Network, [.. a.Parameters], Precision.Double, a.Buffers);
        scaled.Parameters[a.Network.Tensors.First(tensor => tensor.Shape.Start == 1).Offset] *= 3;
        Assert.That(Distances.Between(a, scaled, without).Value, Is.GreaterThan(0.1));
    }

    [Test]
    public void A_straight_line_is_as_long_as_the_difference()
    {
        var (a, b) = (Any(Network, 5), Any(Network, 6));
        double wanted = Math.Sqrt(a.Parameters.Zip(b.Parameters).Sum(pair => Math.Pow(pair.First - pair.Second, 2)));
        Assert.That(Distances.Straight(a, b).Value, Is.EqualTo(wanted).Within(1e-14));
        Assert.That(Distances.Straight(a, b) with { Value = 0 }, Is.EqualTo(new ParameterDistance(0, null, null, 0)));
        Assert.That(
            () => Distances.Straight(a, Any(Network.Mlp([5, 3]), 1)), Throws.TypeOf<QuotientException>().With.Message.Contains("have no distance"));
    }

    [Test]
    public void Binary_networks_differ_in_signs_and_in_what_is_real()
    {
        var network = Network.Parse("binary,real-first:4-3-2");
        double[] a = [.. Enumerable.Repeat(0.5, 15), 0.2, 0, -1, 1, 1, 1], b = [.. a];
        (b[3], b[14], b[15], b[16], b[17]) = (3.5, 4.5, -7, 0.1, 1);
        var found = Distances.Hamming(new(network, a), new(network, b));
        Assert.That(found, Is.EqualTo(new ParameterDistance(2, null, null, 0) { Real = 5 }));
        var signs = Network.Parse("binary:2-2");
        Assert.That(Distances.Hamming(new(signs, [1, 1, 1, 1]), new(signs, [1, -1, 0, -2])), Is.EqualTo(new ParameterDistance(2, null, null, 0)));
    }

    [Test]
    public void Networks_differ_as_functions_where_their_first_largest_logits_do([Values] Precision precision)
    {
        using var engine = Engine.Open("reference");
        var (a, data) = Nets.Random(Network, 60, 7, true);
        var b = Any(Network, 8);
        double[] one = NetworkOutputs.Of<double>(engine, a, data), other = NetworkOutputs.Of<double>(engine, b, data);
        int different = Enumerable.Range(0, 60).Count(sample => ClassOf(one, sample) != ClassOf(other, sample));
        Assert.That(different, Is.InRange(1, 59));
        Assert.That(Distances.FunctionDistance(engine, a, b, data, precision), Is.EqualTo(different / 60.0));
        Assert.That(Distances.FunctionDistance(engine, a, a, data, precision), Is.Zero);
        Assert.That(
            () => Distances.FunctionDistance(engine, a, Any(Network.Mlp([5, 4]), 1), data), Throws.TypeOf<QuotientException>().With.Message.Contains("3 and 4"));

        static int ClassOf(double[] outputs, int sample) => Array.IndexOf(outputs, outputs.Skip(3 * sample).Take(3).Max(), 3 * sample) - (3 * sample);
    }

    private static Model Any(Network network, int seed) => Nets.Random(network, 1, seed, true).Model;
}
