using NUnit.Framework;
using Quotient.Backends;
using Quotient.Linearisation;
using Quotient.Networks.Layers;
using Quotient.Symmetry;
using Quotient.Tests.Linearisation;

namespace Quotient.Tests.Symmetry;

/// <summary>Statistics of batch norms that are computed anew, against means and variances by hand.</summary>
[TestFixtureSource(typeof(Nets), nameof(Nets.Devices))]
public class RunningStatisticsTests(string device)
{
    private const int Samples = 33;

    private static readonly Network Network = Network.Parse("conv:2x6x6,4c3,bn,relu,3c2p1,bn,relu,3");

    private Engine _engine = null!;

    [OneTimeSetUp]
    public void Open() => _engine = Engine.Open(device);

    [OneTimeTearDown]
    public void Close() => _engine.Dispose();

    [TestCase(Samples)]
    [TestCase(32)]
    [TestCase(8)]
    [TestCase(5)]
    public void They_are_those_of_the_whole_set_whatever_a_pass_takes(int rows)
    {
        var (model, data) = Nets.Random(Network, Samples, 4, true);
        Tests.Close.Check(Compute(model, data, rows), ByHand(model, data), 1e-12, "mean and variance of each norm");
    }

    [Test]
    public void A_path_has_them_at_each_of_its_points()
    {
        var ((a, data), (b, test)) = (Nets.Random(Network, Samples, 4, true), Nets.Random(Network, 20, 5, true));
        var options = new PathOptions { Points = 3, Alignment = Alignment.None, Geometry = Geometry.Linear, RecomputesNorms = true };
        var path = Paths.Between(_engine, a, b, data, test, options, Precision.Double);
        Model middle = new(Network, [.. a.Parameters.Zip(b.Parameters, (one, other) => (one + other) / 2)]), first = Recomputed(a), last = Recomputed(b);
        Assert.That(path.Norms, Is.EqualTo("recomputed"));
        foreach (var (point, model) in path.Points.Zip([first, Recomputed(middle), last]))
        {
            Assert.That(point.Loss.Mean, Is.EqualTo(Evaluation.Run<double>(_engine, model, data).Loss).Within(1e-12));
            Assert.That(point.TestLoss!.Value.Mean, Is.EqualTo(Evaluation.Run<double>(_engine, model, test).Loss).Within(1e-12));
        }

        Assert.That(path.FunctionDistance, Is.EqualTo(Distances.FunctionDistance(_engine, first, last, test, Precision.Double)));

        Model Recomputed(Model model) => new(Network, model.Parameters, Precision.Double, ByHand(model, data));
    }

    [Test]
    public void Scales_cannot_be_removed_then()
    {
        var (a, data) = Nets.Random(Network, Samples, 4, true);
        var options = new PathOptions { Points = 2, RecomputesNorms = true, Transformation = Transformation.Identity(Network) };
        Assert.That(
            () => Paths.Between(_engine, a, a, data, null, options), Throws.TypeOf<QuotientException>().With.Message.Contains("no scales to remove"));
        Assert.That(
            Paths.Conditions(_engine, a, a, data, null, options).Select(one => one.Alignment),
            Is.EqualTo(new[] { Alignment.None, Alignment.None, Alignment.Match, Alignment.Match }));
        var (one, _) = Nets.Random(Network, 1, 4, true);
        Assert.That(
            () => Paths.Between(_engine, one, one, data.Slice(0, 1, "one"), null, options with { Alignment = Alignment.None }),
            Throws.TypeOf<QuotientException>().With.Message.Contains("has no variance"));
    }

    private double[] Compute(Model model, Dataset data, int rows)
    {
        using var gate = _engine.Backend.Gate.Enter();
        using var buffers = _engine.Backend.Store<double>(model.Buffers);
        using var theta = _engine.Backend.Store<double>(model.Parameters);
        using var samples = new DeviceSamples<double>(_engine.Backend, data, Loss.CrossEntropy, rows, 0);
        using var statistics = new RunningStatistics<double>(_engine.Backend, Network, samples, rows, buffers.All);
        statistics.Compute(theta.All.AsMatrix(1, theta.Length), CancellationToken.None);
        return _engine.Backend.Read(buffers.All);
    }

    /// <summary>Norm by norm, from what the part of the network before it computes with those before that already done.</summary>
    private double[] ByHand(Model model, Dataset data)
    {
        double[] buffers = [.. model.Buffers];
        int at = 0;
        foreach (int norm in Network.Nodes.Index().Where(node => node.Item.Layer is BatchNorm).Select(node => node.Index))
        {
            var before = new Model(Network, model.Parameters, Precision.Double, buffers).UpTo(Network.Nodes[norm].Inputs[0]);
            double[] outputs = NetworkOutputs.Of<double>(_engine, before, data);
            var shape = Network.Shapes[norm];
            for (int channel = 0; channel < shape.Channels; channel++)
            {
                // Images come out channel by channel.
                double[] values = [.. outputs.Where((_, i) => i / (shape.Height * shape.Width) % shape.Channels == channel)];
                double mean = values.Average();
                buffers[at + channel] = mean;
                buffers[at + shape.Channels + channel] = values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1);
            }

            at += 2 * shape.Channels;
        }

        return buffers;
    }
}
