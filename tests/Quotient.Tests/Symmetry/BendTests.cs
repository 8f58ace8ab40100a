using NUnit.Framework;
using Quotient.Linearisation;
using Quotient.Symmetry;
using Quotient.Tests.Linearisation;
using Quotient.Training.Optimisers;

namespace Quotient.Tests.Symmetry;

/// <summary>Paths with a bend: the gradient of their objective, and what training makes of them.</summary>
[TestFixtureSource(typeof(Nets), nameof(Nets.Devices))]
public class BendTests(string device)
{
    private Engine _engine = null!;

    [OneTimeSetUp]
    public void Open() => _engine = Engine.Open(device);

    [OneTimeTearDown]
    public void Close() => _engine.Dispose();

    [Test]
    public void A_step_is_along_the_gradient_by_the_bend_at_the_steps_place([Values(1ul, 2ul, 3ul)] ulong seed)
    {
        var network = Network.Mlp([4, 5, 3]);
        var (middle, data) = Nets.Random(network, 17, 1, true);
        var (a, b) = (Nets.Random(network, 1, 2, true).Model.Parameters, Nets.Random(network, 1, 3, true).Model.Parameters);
        var steps = new BendSteps(new Sgd(0.5, 0, false), a, b, seed);
        double t = steps.PlaceOf(1);
        var after = _engine.Train(middle, data, null, new() { Optimiser = steps, Epochs = 1, BatchSize = 17 }, Precision.Double).Model.Parameters;
        double[] found = [.. middle.Parameters.Zip(after, (one, other) => (one - other) / 0.5)];
        double[] wanted = new double[found.Length];
        for (int i = 0; i < wanted.Length; i++)
        {
            wanted[i] = (LossAt(middle.Parameters, i, 1e-5) - LossAt(middle.Parameters, i, -1e-5)) / 2e-5;
        }

        Tests.Close.Check(found, wanted, 1e-7, $"t = {t}");
        Assert.That(wanted.Max(Math.Abs), Is.GreaterThan(1e-3));

        double LossAt(double[] bend, int at, double change)
        {
            double[] moved = [.. bend];
            moved[at] += change;
            var (end, share) = t < 0.5 ? (a, 2 * t) : (b, 2 - (2 * t));
            return Evaluation.Run<double>(_engine, new(network, [.. end.Zip(moved, (one, other) => ((1 - share) * one) + (share * other))]), data).Loss;
        }
    }

    [Test]
    public void Places_are_uniform_and_on_both_segments()
    {
        var steps = new BendSteps(new Sgd(), [], [], 5);
        double[] places = [.. Enumerable.Range(1, 4000).Select(step => steps.PlaceOf(step))];
        Assert.That(places, Is.All.InRange(0, 1));
        Assert.That(places, Is.Unique);
        Assert.That(places.Average(), Is.EqualTo(0.5).Within(4 * 0.289 / Math.Sqrt(4000)));
        Assert.That(places.Count(t => t < 0.25), Is.InRange(890, 1110));
    }

    [Test]
    public void A_bend_lowers_the_barrier_and_its_ends_stay()
    {
        var data = Dataset.Open("spirals[0:200]");
        var network = Network.Mlp([2, 24, 24, 3]);
        var (a, b) = (Trained(network, data, 1), Trained(network, data, 2));
        var path = new PathOptions { Points = 21, Alignment = Alignment.None, Geometry = Geometry.Linear };
        var straight = Paths.Between(_engine, a, b, data, null, path, Precision.Double);
        var options = new BendOptions { Path = path, Epochs = 40, BatchSize = 20 };
        var bent = Bends.Train(_engine, a, b, data, data, options, Precision.Double);
        Assert.That(straight.LossBarrier.Excess, Is.GreaterThan(0.2));
        Assert.That(bent.Path.LossBarrier.Excess, Is.LessThan(0.5 * straight.LossBarrier.Excess));
        Assert.That(bent.Path.Points[0].Loss.Mean, Is.EqualTo(straight.Points[0].Loss.Mean).Within(1e-12));
        Assert.That(bent.Path.Points[20].Loss.Mean, Is.EqualTo(straight.Points[20].Loss.Mean).Within(1e-12));
        Assert.That(bent.Path.Points[10].Loss.Mean, Is.EqualTo(Evaluation.Run<double>(_engine, bent.Bend, data).Loss).Within(1e-12));
        Assert.That(bent.Training.TrainLoss, Is.EqualTo(bent.Path.Points[10].Loss.Mean).Within(1e-12));
        Assert.That(bent.Path.Distance.Value, Is.EqualTo(Distances.Straight(a, bent.Bend).Value + Distances.Straight(bent.Bend, b).Value).Within(1e-12));
        Assert.That(bent.Path.Distance.Value, Is.GreaterThanOrEqualTo(straight.Distance.Value));
        Assert.That(bent.Path.FunctionDistance, Is.EqualTo(straight.FunctionDistance));
        var again = Bends.Train(_engine, a, b, data, data, options, Precision.Double);
        Assert.That(again.Bend.Parameters, Is.EqualTo(bent.Bend.Parameters), "the same seed gives the same bits");
    }

    [Test]
    public void The_bend_of_binary_networks_is_a_binary_network_between_two_paths_of_flips()
    {
        var network = Network.Parse("binary,real-first:6-15-9-3");
        var (a, data) = Nets.Random(network, 30, 3, true);
        var b = Nets.Random(network, 1, 4, true).Model;
        var options = new BendOptions { Path = new() { Points = 9, Orders = 3, Alignment = Alignment.None }, Epochs = 3, BatchSize = 10 };
        var found = Bends.Train(_engine, a, b, data, null, options, Precision.Double);
        var (first, second) = (Distances.Hamming(a, found.Bend), Distances.Hamming(found.Bend, b));
        Assert.That(found.Path.Geometry, Is.EqualTo(Geometry.Hamming));
        Assert.That(found.Path.Distance, Is.EqualTo(new ParameterDistance(first.Value + second.Value, null, null, 0) { Real = first.Real + second.Real }));
        Assert.That(found.Path.Points[4].Loss.Mean, Is.EqualTo(Evaluation.Run<double>(_engine, found.Bend, data).Loss).Within(1e-12));
        Assert.That(found.Path.Points[4].Loss.StandardError, Is.EqualTo(0).Within(1e-12), "all orders meet there");
        Assert.That(found.Path.Points[2].Loss.StandardError, Is.GreaterThan(0));
        Assert.That(found.Path.Points[8].Loss.Mean, Is.EqualTo(Evaluation.Run<double>(_engine, b, data).Loss).Within(1e-12));
    }

    [Test]
    public void What_makes_no_sense_is_refused()
    {
        var network = Network.Parse("conv:2x6x6,bn,4c3,relu,3");
        var (model, data) = Nets.Random(network, 12, 1, true);
        var unmatched = new PathOptions { Alignment = Alignment.None };
        Refuse(new() { Path = unmatched }, "cannot be folded");
        Refuse(new() { Path = unmatched, Epochs = 0 }, "epochs of a bend is 0");
        Refuse(new() { Path = unmatched with { Points = 0 } }, "points on a path is 0");

        void Refuse(BendOptions options, string word) => Assert.That(
            () => Bends.Train(_engine, model, model, data, null, options), Throws.TypeOf<QuotientException>().With.Message.Contains(word));
    }

    private Model Trained(Network network, Dataset data, ulong seed) => _engine.Train(
        Model.Initialise(network, Initialisation.He, seed, Precision.Double), data, null,
        new() { Epochs = 40, BatchSize = 20, Seed = seed, Optimiser = new Adam(0.01), EvaluateEvery = 40 }, Precision.Double).Model;
}
