using NUnit.Framework;
using Quotient.Symmetry;
using Quotient.Tests.Linearisation;

namespace Quotient.Tests.Symmetry;

/// <summary>Paths between networks that are matched on the way: twins have none to go.</summary>
public class MatchedPathTests
{
    private Engine _engine = null!;

    [OneTimeSetUp]
    public void Open() => _engine = Engine.Open("cpu", 2);

    [OneTimeTearDown]
    public void Close() => _engine.Dispose();

    [TestCase("5-9-7-3", MatchingMethod.Layerwise)]
    [TestCase("5-9-7-3", MatchingMethod.Weights)]
    [TestCase("5-9-7-3", MatchingMethod.Activations)]
    [TestCase("conv:2x6x6,5c3,bn,relu,max2,6,relu,3", MatchingMethod.Layerwise)]
    [TestCase("conv:2x6x6,4c3p1,relu,res(5c3p1,relu,4c3p1),relu,gap,3", MatchingMethod.Weights)]
    public void A_permuted_and_rescaled_twin_has_no_barrier_when_both_are_removed(string architecture, MatchingMethod method)
    {
        var (a, data) = Nets.Random(Network.Parse(architecture), 40, 3, true);
        var b = Transformation.Random(a.Network, 6, flips: false).ApplyTo(a);
        var options = new PathOptions { Points = 7, Matching = new() { Method = method } };
        foreach (var (alignment, path) in Paths.Conditions(_engine, a, b, data, data, options, Precision.Double))
        {
            bool isAligned = alignment == Alignment.Both;
            Assert.That(path.Points.Max(point => Math.Abs(point.Loss.Mean - path.Points[0].Loss.Mean)), isAligned ? Is.LessThan(1e-12) : Is.GreaterThan(1e-4));
            Assert.That(path.LossBarrier.Excess, isAligned ? Is.LessThanOrEqualTo(1e-12) : Is.GreaterThanOrEqualTo(0));
            Assert.That(path.TestErrorBarrier!.Value.Excess, isAligned ? Is.LessThanOrEqualTo(1e-12) : Is.GreaterThanOrEqualTo(0));
            Assert.That(path.Distance.Value, isAligned ? Is.LessThan(1e-12) : Is.GreaterThan(0.1), $"{alignment}");
        }
    }

    [Test]
    public void So_has_a_flipped_binary_twin()
    {
        var (a, data) = Nets.Random(Network.Parse("binary:9-7-5-3"), 40, 3, true);
        var b = Transformation.Random(a.Network, 7).ApplyTo(a);
        var options = new PathOptions { Points = 5, Orders = 2 };
        var path = Paths.Between(_engine, a, b, data, null, options, Precision.Double);
        Assert.That(path.Distance.Value, Is.Zero);
        Assert.That(path.ErrorBarrier!.Value.Excess, Is.LessThanOrEqualTo(1e-12));
        Assert.That(path.LossBarrier.Excess, Is.LessThanOrEqualTo(1e-12));
        Assert.That(Paths.Between(_engine, a, b, data, null, options with { Alignment = Alignment.None }, Precision.Double).Distance.Value, Is.GreaterThan(5));
    }

    [Test]
    public void So_has_a_twin_whose_statistics_are_computed_anew()
    {
        var (a, data) = Nets.Random(Network.Parse("conv:2x6x6,5c3,bn,relu,max2,6,relu,3"), 40, 3, true);
        var b = Transformation.Random(a.Network, 8, flips: false, decades: 0).ApplyTo(a);
        var options = new PathOptions { Points = 5, RecomputesNorms = true, Alignment = Alignment.Match, Geometry = Geometry.Linear };
        var path = Paths.Between(_engine, a, b, data, null, options, Precision.Double);
        Assert.That(path.Points.Select(point => point.Loss.Mean), Is.All.EqualTo(path.Points[0].Loss.Mean).Within(1e-12));
        Assert.That(path.Distance.Value, Is.LessThan(1e-12));
    }

    [Test]
    public void The_symmetry_that_was_found_leads_there_again()
    {
        var (a, data) = Nets.Random(Network.Parse("5-9-7-3"), 40, 3, true);
        var b = Nets.Random(a.Network, 1, 4, true).Model;
        var first = Paths.Between(_engine, a, b, data, null, new() { Points = 5 }, Precision.Double);
        var again = Paths.Between(_engine, a, b, data, null, new() { Points = 5, Transformation = first.Transformation }, Precision.Double);
        Assert.That(again.Points, Is.EqualTo(first.Points));
        Assert.That(first.Distance.Value, Is.LessThan(Paths.Between(_engine, a, b, data, null, new() { Points = 2, Alignment = Alignment.Normalise }).Distance.Value));
        var bend = Bends.Train(_engine, a, b, data, null, new() { Path = new() { Points = 3 }, Epochs = 1 }, Precision.Double);
        Assert.That(bend.Path.Transformation!.Changes[0].Permutation, Is.EqualTo(first.Transformation!.Changes[0].Permutation));
    }
}
