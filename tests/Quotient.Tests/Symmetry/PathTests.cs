using NUnit.Framework;
using Quotient.Linearisation;
using Quotient.Measures;
using Quotient.Symmetry;
using Quotient.Tests.Linearisation;

namespace Quotient.Tests.Symmetry;

/// <summary>Paths against networks that are evaluated one by one.</summary>
[TestFixtureSource(typeof(Nets), nameof(Nets.Devices))]
public class PathTests(string device)
{
    private static readonly string[] Architectures =
    [
        "5-6-4-3", "conv:2x6x6,4c3,bn,relu,max2,3", "conv:2x6x6,4c3p1,relu,res(4c3p1,bn,relu,4c3p1,bn),relu,gap,3", "binary:7-5-9-3",
        "binary,real-first:6-9-5-3",
    ];

    private Engine _engine = null!;

    [OneTimeSetUp]
    public void Open() => _engine = Engine.Open(device);

    [OneTimeTearDown]
    public void Close() => _engine.Dispose();

    [TestCaseSource(nameof(Architectures))]
    public void The_ends_of_every_condition_have_the_networks_own_losses_and_errors(string architecture)
    {
        var (a, b, data, test) = Make(architecture);
        var options = new PathOptions { Points = 3, Transformation = Transformation.Random(a.Network, 5, decades: 0) };
        var found = Paths.Conditions(_engine, a, b, data, test, options, Precision.Double);
        bool isBinary = architecture.StartsWith("binary", StringComparison.Ordinal);
        Assert.That(found, Has.Count.EqualTo(isBinary ? 4 : 8));
        Assert.That(found.Select(one => one.Path.Geometry).Distinct(), Is.EqualTo(isBinary ? [Geometry.Hamming] : new[] { Geometry.Linear, Geometry.Geodesic }));
        foreach (var (point, model) in found.SelectMany(one => new[] { (one.Path.Points[0], a), (one.Path.Points[2], b) }))
        {
            var (train, tested) = (Evaluation.Run<double>(_engine, model, data), Evaluation.Run<double>(_engine, model, test));
            Assert.That(point.Loss.Mean, Is.EqualTo(train.Loss).Within(1e-10));
            Assert.That(point.Error!.Value.Mean, Is.EqualTo(train.Error).Within(1e-10));
            Assert.That(point.TestLoss!.Value.Mean, Is.EqualTo(tested.Loss).Within(1e-10));
            Assert.That(point.TestError!.Value.Mean, Is.EqualTo(tested.Error).Within(1e-10));
        }

        double functions = Distances.FunctionDistance(_engine, a, b, test, Precision.Double);
        Assert.That(found.Select(one => one.Path.FunctionDistance), Is.All.EqualTo(functions));
    }

    [Test]
    public void So_have_those_of_any_graph([Range(0, ConvolutionalGraphs.Count - 1)] int number)
    {
        var (a, data, loss) = ConvolutionalGraphs.Make(number);
        double[] others = [.. a.Parameters];
        new Random(number).Shuffle(others);
        var b = new Model(a.Network, others, Precision.Double, a.Buffers);
        var options = new PathOptions { Points = 3, Loss = loss, Transformation = Transformation.Random(a.Network, (ulong)number, decades: 0) };
        foreach (var (alignment, path) in Paths.Conditions(_engine, a, b, data, null, options, Precision.Double))
        {
            double[] wanted = [Evaluation.Run<double>(_engine, a, data, loss).Loss, Evaluation.Run<double>(_engine, b, data, loss).Loss];
            Assert.That(
                new[] { path.Points[0].Loss.Mean, path.Points[2].Loss.Mean }, Is.EqualTo(wanted).Within(1e-10 * (1 + wanted.Max())),
                $"{alignment}, {path.Geometry}: {ConvolutionalGraphs.Describe(number)}");
        }
    }

    [TestCase("5-6-4-3")]
    [TestCase("conv:2x6x6,4c3,bn,relu,max2,3")]
    public void A_twin_has_no_barrier_once_scales_and_places_are_its_own(string architecture)
    {
        var (a, _, data, _) = Make(architecture);
        var twin = Transformation.Random(a.Network, 8, flips: false);
        var b = twin.ApplyTo(a);
        var inverse = UnscaledInverseOf(twin);
        var found = Paths.Conditions(_engine, a, b, data, null, new() { Points = 7, Transformation = inverse }, Precision.Double);
        foreach (var condition in found)
        {
            bool isAligned = condition.Alignment == Alignment.Both;
            double middle = condition.Path.Points[3].Loss.Mean - condition.Path.Points[0].Loss.Mean;
            Assert.That(middle, isAligned ? Is.EqualTo(0).Within(1e-12) : Is.Not.EqualTo(0).Within(1e-3), $"{condition}");
            Assert.That(condition.Path.LossBarrier.Excess, isAligned ? Is.EqualTo(0).Within(1e-12) : Is.GreaterThanOrEqualTo(0));
            Assert.That(condition.Path.ErrorBarrier!.Value.Excess, isAligned ? Is.EqualTo(0).Within(1e-12) : Is.GreaterThanOrEqualTo(0));
            Assert.That(condition.Path.Distance.Value, isAligned ? Is.LessThan(1e-12) : Is.GreaterThan(0.1));
            Assert.That(condition.Path.FunctionDistance, Is.Zero);
            Assert.That(condition.Path.TestLossBarrier, Is.Null);
        }
    }

    [Test]
    public void Points_between_are_those_networks_with_logits_at_the_geometric_mean_of_scales()
    {
        var (a, b, data, _) = Make("5-6-4-3");
        var options = new PathOptions { Points = 5, Alignment = Alignment.Normalise };
        var path = Paths.Between(_engine, a, b, data, null, options, Precision.Double);
        var (first, second) = (StandardForm.Of(a), StandardForm.Of(b));
        double[] theta = new double[a.Parameters.Length];
        new Geodesic(first.Model.Parameters, second.Model.Parameters, first.Spheres).At(0.25, theta);
        double scale = Math.Pow(first.LogitScale, 0.75) * Math.Pow(second.LogitScale, 0.25);
        var last = a.Network.Tensors.Where(tensor => tensor.Node == a.Network.Nodes.Count - 1);
        foreach (int i in last.SelectMany(tensor => Enumerable.Range((int)tensor.Offset, (int)tensor.Size)))
        {
            theta[i] *= scale;
        }

        Assert.That(path.Points[1].T, Is.EqualTo(0.25));
        Assert.That(path.Points[1].Loss.Mean, Is.EqualTo(Evaluation.Run<double>(_engine, new(a.Network, theta), data).Loss).Within(1e-12));
        Assert.That(path.Points[1].Loss.StandardError, Is.NaN);
        Assert.That(path.Distance, Is.EqualTo(Distances.Between(first.Model, second.Model, first.Spheres)));
    }

    [Test]
    public void Between_networks_as_they_are_norms_go_straight()
    {
        var (a, b, data, _) = Make("5-6-4-3");
        foreach (var geometry in new[] { Geometry.Linear, Geometry.Geodesic })
        {
            var options = new PathOptions { Points = 3, Alignment = Alignment.None, Geometry = geometry };
            var path = Paths.Between(_engine, a, b, data, null, options, Precision.Double);
            double[] theta = [.. a.Parameters.Zip(b.Parameters, (one, other) => (one + other) / 2)];
            if (geometry == Geometry.Geodesic)
            {
                new Geodesic(a.Parameters, b.Parameters, new(a.Network)).At(0.5, theta);
            }

            Assert.That(path.Points[1].Loss.Mean, Is.EqualTo(Evaluation.Run<double>(_engine, new(a.Network, theta), data).Loss).Within(1e-12));
        }
    }

    [Test]
    public void Squared_errors_leave_the_last_layer_as_it_is()
    {
        var network = Network.Parse("5-6-4-3");
        var ((a, data), b) = (Nets.Random(network, 40, 1, false), Nets.Random(network, 1, 2, false).Model);
        var options = new PathOptions { Points = 3, Alignment = Alignment.Normalise, Loss = Loss.SquaredError };
        var path = Paths.Between(_engine, a, b, data, null, options, Precision.Double);
        Assert.That(path.Points[0].Loss.Mean, Is.EqualTo(Evaluation.Run<double>(_engine, a, data, Loss.SquaredError).Loss).Within(1e-12));
        Assert.That(path.Points[2].Loss.Mean, Is.EqualTo(Evaluation.Run<double>(_engine, b, data, Loss.SquaredError).Loss).Within(1e-12));
        Assert.That((path.FunctionDistance, path.ErrorBarrier, path.Points[1].Error), Is.EqualTo(((double?)null, (BarrierHeight?)null, (EnergyEstimate?)null)));
        Assert.That(path.Distance.Relative, Is.EqualTo(path.Distance.Value / (Math.PI / 2 * Math.Sqrt(10))).Within(1e-14), "ten hidden units");
    }

    [Test]
    public void Single_precision_and_batches_of_points_agree_with_double()
    {
        var (a, b, data, test) = Make("5-6-4-3");
        var options = new PathOptions { Points = 41, Alignment = Alignment.Normalise };
        var (found, wanted) = (
            Paths.Between(_engine, a, b, data, test, options), Paths.Between(_engine, a, b, data, test, options, Precision.Double));
        Assert.That(found.Points.Select(point => point.TestLoss!.Value.Mean), Is.EqualTo(wanted.Points.Select(point => point.TestLoss!.Value.Mean)).Within(1e-5));
        Assert.That(found.Points.Select(point => point.T), Is.EqualTo(Enumerable.Range(0, 41).Select(k => k / 40.0)).Within(1e-15));
    }

    [Test]
    public void Barriers_are_heights_over_the_chord()
    {
        var barrier = BarrierHeight.Of([(0, 0.1), (0.25, 0.5), (0.75, 0.55), (1, 0.3)]);
        Assert.That(barrier.Maximum, Is.EqualTo(0.55));
        Assert.That(barrier.Excess, Is.EqualTo(0.35).Within(1e-15));
        Assert.That(BarrierHeight.Of([(0, 2), (0.5, 1), (1, 4)]), Is.EqualTo(new BarrierHeight(4, 0)));
    }

    [Test]
    public void What_makes_no_sense_is_refused()
    {
        var (a, b, data, _) = Make("5-6-4-3");
        var none = new PathOptions { Alignment = Alignment.None };
        Refuse(a, b, none with { Points = 1 }, "points on a path is 1");
        Refuse(a, b, none with { Orders = 0 }, "orders of flips is 0");
        Refuse(a, b, none with { Geometry = Geometry.Hamming }, "no binary weights");
        Refuse(a, Make("5-7-4-3").A, none, "one architecture, but these are 5-6-4-3 and 5-7-4-3");
        Refuse(a, b, none with { Alignment = Alignment.Match, Transformation = Transformation.Identity(Network.Parse("5-7-4-3")) }, "has no 6 units");

        void Refuse(Model one, Model other, PathOptions options, string word) => Assert.That(
            () => Paths.Between(_engine, one, other, data, null, options), Throws.TypeOf<QuotientException>().With.Message.Contains(word));
    }

    private static (Model A, Model B, Dataset Data, Dataset Test) Make(string architecture)
    {
        var network = Network.Parse(architecture);
        var (a, data) = Nets.Random(network, 43, 6, true);
        var (b, test) = Nets.Random(network, 29, 7, true);
        return (WithStatistics(a, 1), WithStatistics(b, 2), data, test);
    }

    private static Model WithStatistics(Model model, int seed)
    {
        var random = new Random(seed);
        return new(model.Network, model.Parameters, model.Stored, [.. model.Buffers.Select(_ => 0.5 + random.NextDouble())]);
    }

    /// <summary>What a matching would find: permutations and flips alone.</summary>
    private static Transformation UnscaledInverseOf(Transformation twin) => new(
        twin.Network,
        [.. twin.Inverse().Changes.Select(change => change with { Scales = [.. change.Scales.Select(scales => scales.Select(_ => 1.0).ToArray())] })]);
}
