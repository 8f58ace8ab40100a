using NUnit.Framework;
using Quotient.Experiments;
using Quotient.Symmetry;

namespace Quotient.Tests.Experiments;

public class LandscapeTests
{
    private static readonly Dataset Train = Dataset.Open("spirals[0:40]"), Test = Dataset.Open("spirals:test[0:30]");

    private static readonly LandscapeOptions Few = new() { Points = 5, Draws = 3, Levels = [0.2, 0.4], Orders = 2, Seed = 5 };

    [TestCase("2-6-5-3", Precision.Double)]
    [TestCase("2-6-5-3", Precision.Single)]
    [TestCase("binary:2-7-5-3", Precision.Single)]
    public void Every_figure_is_that_of_a_direct_call(string architecture, Precision precision)
    {
        using var engine = Engine.Open("cpu", 1);
        var nets = NetsOf(architecture, "b-1", "a-1", "b-2");
        var found = Landscape.Of(engine, nets, Train, Test, Few, precision);
        bool isBinary = architecture.StartsWith("binary", StringComparison.Ordinal);
        Assert.That(found.Groups(), Is.EqualTo(new[] { "b", "a" }));
        Assert.That(found.FlatnessLevel, Is.EqualTo(0.4), "the last, since the usual one is not among them");
        foreach (var (net, measured) in nets.Zip(found.Nets))
        {
            var options = new LocalEnergyOptions { Noise = isBinary ? Noise.Flips : Noise.Multiplicative, Levels = Few.Levels!, Draws = 3, Seed = 5 };
            var energy = precision == Precision.Double
                ? LocalEnergy.Of<double>(engine, net.Model, Train, options)
                : LocalEnergy.Of<float>(engine, net.Model, Train, options);
            var (train, test) = (engine.Evaluate(net.Model, Train, precision: precision), engine.Evaluate(net.Model, Test, precision: precision));
            Assert.That((measured.TrainError, measured.TestError), Is.EqualTo((train.Error, test.Error)));
            Assert.That(measured.TrainLoss, Is.EqualTo(train.Loss).Within(1e-6));
            Assert.That(measured.TestLoss, Is.EqualTo(test.Loss));
            Assert.That(measured.Energy.Select(point => (point.Level, point.Error)), Is.EqualTo(energy.Points.Select(point => (point.Level, point.Error!.Value.Mean))));
            Assert.That(found.Flatness(measured), Is.EqualTo(measured.Energy[1]));
        }

        Assert.That(found.Pairs.Select(pair => (pair.First, pair.Second)), Is.EqualTo(new[] { (0, 1), (0, 2), (2, 1) }), "paths begin in the first group");
        var matching = new MatchingOptions { Seed = 5 };
        foreach (var pair in found.Pairs)
        {
            foreach (var (path, alignment, geometry) in new[]
            {
                (pair.Raw, Alignment.None, Geometry.Linear), (pair.Permuted, Alignment.Match, Geometry.Linear), (pair.Aligned, Alignment.Both, Geometry.Geodesic),
            })
            {
                var direct = Paths.Between(
                    engine, nets[pair.First].Model, nets[pair.Second].Model, Train, Test,
                    new() { Points = 5, Alignment = alignment, Geometry = geometry, Matching = matching, Orders = 2, Seed = 5 }, precision);
                Assert.That((path.Distance, path.Relative), Is.EqualTo((direct.Distance.Value, direct.Distance.Relative)));
                Assert.That(pair.FunctionDistance, Is.EqualTo(direct.FunctionDistance));
                Assert.That(path.Barrier(point => point.TrainError), Is.EqualTo(direct.ErrorBarrier));
                Assert.That(path.Barrier(point => point.TestLoss), Is.EqualTo(direct.TestLossBarrier));
                Assert.That(path.TrainRise(), Is.EqualTo(direct.ErrorBarrier!.Value.Excess));
            }
        }

        double[] flatness = [.. found.Nets.Select(net => found.Flatness(net).Error)];
        Assert.That(found.Correlation, Is.EqualTo(RankCorrelation.WithInterval(flatness, [.. found.Nets.Select(net => net.TestError)], 5)));
    }

    [Test]
    public void Pairs_of_one_group_alone_are_had_and_groups_are_averaged()
    {
        using var engine = Engine.Open("cpu", 1);
        var found = Landscape.Of(engine, NetsOf("2-4-3", "a-1", "a-2", "a-3", "b-1", "b-2"), Train, Test, Few with { Pairs = PairSelection.Within });
        Assert.That(found.Pairs.Select(pair => (pair.First, pair.Second)), Is.EqualTo(new[] { (0, 1), (0, 2), (1, 2), (3, 4) }));
        var groups = found.ByGroupPair();
        Assert.That(groups.Select(group => (group.Name, group.Pairs.Count)), Is.EqualTo(new[] { ("a", 3), ("b", 1) }));
        Assert.That(groups[0].Mean(pair => pair.Raw.Distance), Is.EqualTo(found.Pairs.Take(3).Average(pair => pair.Raw.Distance)));
        Assert.That(groups[0].Curve(Removal.None, point => point.TestError)[2], Is.EqualTo((0.5, found.Pairs.Take(3).Average(pair => pair.Raw.Points[2].TestError))));
        var means = found.MeansByGroup();
        Assert.That(means.Select(group => (group.Group, group.Count)), Is.EqualTo(new[] { ("a", 3), ("b", 2) }));
        Assert.That(means[1].TestError.Mean, Is.EqualTo((found.Nets[3].TestError + found.Nets[4].TestError) / 2).Within(1e-15));
    }

    [Test]
    public void What_symmetries_alone_part_is_together_once_they_are_gone()
    {
        using var engine = Engine.Open("cpu", 1);
        var model = Model.Initialise(Network.Parse("2-8-6-3"), Initialisation.He, 3);
        NamedModel[] nets = [new("a-1", "a", model), new("a-2", "a", Transformation.Random(model.Network, 4).ApplyTo(model))];
        var pair = Landscape.Of(engine, nets, Train, Test, Few, Precision.Double).Pairs.Single();
        Assert.That(pair.FunctionDistance, Is.Zero);
        Assert.That(pair.Raw.Distance, Is.GreaterThan(1));
        Assert.That(pair.Aligned.Distance, Is.LessThan(1e-6));
        Assert.That(pair.Aligned.TrainRise(), Is.Zero);
    }

    [Test]
    public void It_reports_how_far_it_is_and_stops()
    {
        using var engine = Engine.Open("cpu", 1);
        var nets = NetsOf("2-4-3", "a-1", "a-2");
        var reports = new List<LandscapeProgress>();
        Landscape.Of(engine, nets, Train, Test, Few, progress: new Relay<LandscapeProgress>(reports.Add));
        Assert.That(reports.Select(report => report.Done), Is.Ordered.And.All.InRange(0, 1 + 1e-9));
        Assert.That(reports[^1].Done, Is.EqualTo(1).Within(1e-9));
        using var stop = new CancellationTokenSource();
        var stopping = new Relay<LandscapeProgress>(_ => stop.Cancel());
        Assert.That(
            () => Landscape.Of(engine, nets, Train, Test, Few, progress: stopping, cancellationToken: stop.Token),
            Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void What_makes_no_sense_is_one_sentence()
    {
        using var engine = Engine.Open("cpu", 1);
        var nets = NetsOf("2-4-3", "a-1", "a-2");
        void Refuses(string words, IReadOnlyList<NamedModel> of, LandscapeOptions? options = null, Dataset? test = null) => Assert.That(
            () => Landscape.Of(engine, of, Train, test ?? Test, options), Throws.TypeOf<QuotientException>().With.Message.Contains(words));

        Refuses("1 net; a landscape takes two", [nets[0]]);
        Refuses("'c-1' is 2-5-3", [.. nets, .. NetsOf("2-5-3", "c-1")]);
        Refuses("real targets", nets, test: Dataset.Open("line[0:9]"));
        Refuses("points of a path is 1", nets, Few with { Points = 1 });
        Refuses("draws is 0", nets, Few with { Draws = 0 });
        Refuses("orders of flips is 0", nets, Few with { Orders = 0 });
        Refuses("no level", nets, Few with { Levels = [] });
        Refuses("level of noise is -0.1", nets, Few with { Levels = [0.1, -0.1] });
        Refuses("level of flatness is 0.3; it must be one of the levels of noise, 0.2, 0.4", nets, Few with { FlatnessLevel = 0.3 });
        Refuses("at most 1", NetsOf("binary:2-5-3", "a-1", "a-2"), Few with { Levels = [1.5] });
    }

    private static NamedModel[] NetsOf(string architecture, params string[] names) =>
    [
        .. names.Select((name, i) => new NamedModel(
            name, NetFolder.GroupOf(name), Model.Initialise(Network.Parse(architecture), Initialisation.PyTorch, (ulong)(7 + i)))),
    ];
}
