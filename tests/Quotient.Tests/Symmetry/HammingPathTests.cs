using NUnit.Framework;
using Quotient.Linearisation;
using Quotient.Symmetry;
using Quotient.Tests.Linearisation;

namespace Quotient.Tests.Symmetry;

/// <summary>Paths of flips: how many at each point, which, and what is made of several orders.</summary>
public class HammingPathTests
{
    private const int Points = 7;

    private static readonly Network Network = Network.Parse("binary,real-first:6-9-5-3");

    [Test]
    public void At_point_k_of_n_so_many_weights_have_flipped_as_the_floor_says([Values(0, 1, 2)] int order)
    {
        var (a, b, _) = Make();
        var way = new HammingWay(a, b, 3, 4);
        double[] first = a.AtBinaryWeights().Parameters, last = b.AtBinaryWeights().Parameters, theta = new double[first.Length];
        int[] binary = [.. Network.Tensors.Where(tensor => tensor.IsBinary).SelectMany(tensor => Enumerable.Range((int)tensor.Offset, (int)tensor.Size))];
        int all = binary.Count(i => first[i] != last[i]);
        Assert.That(way.Length.Value, Is.EqualTo(all));
        var before = new HashSet<int>();
        for (int k = 0; k < Points; k++)
        {
            way.At(order, k, Points - 1, theta);
            var flipped = binary.Where(i => theta[i] != first[i]).ToHashSet();
            Assert.That(flipped, Has.Count.EqualTo(k * all / (Points - 1)));
            Assert.That(flipped, Is.SupersetOf(before), "no weight flips back");
            Assert.That(binary.Select(i => Math.Abs(theta[i])), Is.All.EqualTo(1));
            Assert.That(flipped.Select(i => theta[i]), Is.EqualTo(flipped.Select(i => last[i])));
            double t = (double)k / (Points - 1);
            Assert.That(theta[3], Is.EqualTo(((1 - t) * a.Parameters[3]) + (t * b.Parameters[3])).Within(1e-15), "a real weight");
            before = flipped;
        }
    }

    [Test]
    public void Every_order_is_as_likely()
    {
        var network = Network.Parse("binary:3-1");
        var counts = new Dictionary<int, int>();
        double[] theta = new double[3];
        var way = new HammingWay(new(network, [1, 1, 1]), new(network, [-1, -1, -1]), 6000, 11);
        for (int order = 0; order < 6000; order++)
        {
            way.At(order, 1, 3, theta);
            int first = Array.IndexOf(theta, -1);
            way.At(order, 2, 3, theta);
            int kept = Array.IndexOf(theta, 1);
            counts[(3 * first) + kept] = counts.GetValueOrDefault((3 * first) + kept) + 1;
        }

        Assert.That(counts, Has.Count.EqualTo(6));
        Assert.That(counts.Values, Is.All.InRange(880, 1120), "four standard deviations of 29");
    }

    [Test]
    public void A_path_is_the_mean_over_orders_with_its_standard_error()
    {
        using var engine = Engine.Open("cpu", 2);
        var (a, b, data) = Make();
        var options = new PathOptions { Points = Points, Orders = 4, Seed = 9, Alignment = Alignment.None };
        var path = Paths.Between(engine, a, b, data, data, options, Precision.Double);
        var way = new HammingWay(a, b, 4, 9);
        double[] theta = new double[a.Parameters.Length];
        for (int k = 0; k < Points; k++)
        {
            double[] losses = new double[4];
            for (int order = 0; order < 4; order++)
            {
                way.At(order, k, Points - 1, theta);
                losses[order] = Evaluation.Run<double>(engine, new(Network, theta), data).Loss;
            }

            double mean = losses.Average(), spread = Math.Sqrt(losses.Sum(loss => Math.Pow(loss - mean, 2)) / 3 / 4);
            Assert.That(path.Points[k].Loss.Mean, Is.EqualTo(mean).Within(1e-12));
            Assert.That(path.Points[k].Loss.StandardError, Is.EqualTo(spread).Within(1e-12));
            Assert.That(path.Points[k].TestLoss, Is.EqualTo(path.Points[k].Loss));
        }

        Assert.That(path.Geometry, Is.EqualTo(Geometry.Hamming));
        Assert.That(path.Distance, Is.EqualTo(Distances.Hamming(a, b)));
        Assert.That(path.LossBarrier.Maximum, Is.EqualTo(path.Points.Max(point => point.Loss.Mean)));
    }

    [Test]
    public void A_flipped_and_permuted_twin_is_at_no_distance_once_matched()
    {
        using var engine = Engine.Open("cpu", 2);
        var (a, _, data) = Make();
        var twin = Transformation.Random(Network, 5, decades: 0);
        var options = new PathOptions { Points = 5, Alignment = Alignment.Match, Transformation = twin.Inverse() };
        var path = Paths.Between(engine, a, twin.ApplyTo(a), data, null, options, Precision.Double);
        Assert.That(path.Distance.Value, Is.Zero);
        Assert.That(path.LossBarrier.Excess, Is.EqualTo(0).Within(1e-12));
        Assert.That(Paths.Between(engine, a, twin.ApplyTo(a), data, null, options with { Alignment = Alignment.None }, Precision.Double).Distance.Value, Is.GreaterThan(10));
    }

    private static (Model A, Model B, Dataset Data) Make()
    {
        var (a, data) = Nets.Random(Network, 40, 3, true);
        return (a, Nets.Random(Network, 1, 4, true).Model, data);
    }
}
