using NUnit.Framework;
using Quotient.Symmetry;

namespace Quotient.Tests.Symmetry;

public class MatchingTests
{
    private Engine _engine = null!;

    [OneTimeSetUp]
    public void Open() => _engine = Engine.Open("cpu", 1);

    [OneTimeTearDown]
    public void Close() => _engine.Dispose();

    [Test]
    public void Twins_are_mapped_back(
        [ValueSource(typeof(MatchedNets), nameof(MatchedNets.Names))] string name, [Values] MatchingMethod method, [Values(1u, 2u)] uint seed)
    {
        var model = MatchedNets.Draw(name, seed);
        var twin = Transformation.Random(model.Network, seed + 10).ApplyTo(model);
        var data = MatchedNets.Inputs(model.Network, 300, seed);
        var found = Matcher.Match(_engine, model, twin, new() { Method = method, Data = data });
        var back = found.Transformation.ApplyTo(twin);
        Assert.That(Distance(model, twin), Is.GreaterThan(0.1));
        Assert.That(Distance(model, back), Is.LessThan(1e-10));
        AssertOnlyMoves(found.Transformation, twin, back, data);
    }

    [Test]
    public void Unlike_networks_come_nearer_and_all_weights_say_more_than_those_of_one_layer(
        [ValueSource(typeof(MatchedNets), nameof(MatchedNets.Names))] string name)
    {
        var (a, b) = (MatchedNets.Draw(name, 3), MatchedNets.Draw(name, 4));
        double unmatched = MatchingPair.Of(StandardForm.Of(a), StandardForm.Of(b)) is var pair ? pair.Similarity(pair.Unchanged) : 0;
        var layerwise = Matcher.Match(_engine, a, b);
        var weights = Matcher.Match(_engine, a, b, new() { Method = MatchingMethod.Weights });
        var started = Matcher.Match(_engine, a, b, new() { Method = MatchingMethod.Weights, Starts = 3 });
        Assert.That(weights.Similarity, Is.GreaterThan(unmatched).And.GreaterThanOrEqualTo(layerwise.Similarity));
        Assert.That(started.Similarity, Is.GreaterThanOrEqualTo(weights.Similarity));
        Assert.That(layerwise.Sweeps, Is.Zero);
        Assert.That(weights.Sweeps, Is.InRange(1, 100));
        Assert.That(started.Sweeps, Is.GreaterThan(weights.Sweeps));
        AssertOnlyMoves(weights.Transformation, b, weights.Transformation.ApplyTo(b), MatchedNets.Inputs(b.Network, 20, 5));
    }

    [Test]
    public void The_similarity_is_that_of_the_standard_forms_afterwards([ValueSource(typeof(MatchedNets), nameof(MatchedNets.Names))] string name)
    {
        var (a, b) = (MatchedNets.Draw(name, 5), MatchedNets.Draw(name, 6));
        foreach (var method in new[] { MatchingMethod.Layerwise, MatchingMethod.Weights })
        {
            var found = Matcher.Match(_engine, a, b, new() { Method = method });
            double[] x = Values(a), y = Values(found.Transformation.ApplyTo(b));
            Assert.That(found.Similarity, Is.EqualTo(x.Zip(y, (one, other) => one * other).Sum()).Within(1e-9));
        }
    }

    [Test]
    public void No_exchange_of_two_units_of_a_layer_makes_the_matched_weights_more_alike()
    {
        var (a, b) = (MatchedNets.Draw("dense", 7), MatchedNets.Draw("dense", 8));
        var found = Matcher.Match(_engine, a, b, new() { Method = MatchingMethod.Weights });
        var pair = MatchingPair.Of(StandardForm.Of(a), StandardForm.Of(b));
        for (int group = 0; group < pair.Groups.Count; group++)
        {
            for (int i = 0; i < pair.Groups[group].Count && !pair.Groups[group].IsFixed; i++)
            {
                var changes = found.Transformation.Changes.ToArray();
                int[] order = [.. changes[group].Permutation];
                int other = (i + 1) % order.Length;
                (order[i], order[other]) = (order[other], order[i]);
                changes[group] = changes[group] with { Permutation = order };
                Assert.That(pair.Similarity(changes), Is.LessThanOrEqualTo(found.Similarity + 1e-12));
            }
        }
    }

    [Test]
    public void The_same_seed_gives_the_same_matching_whatever_the_threads()
    {
        var (a, b) = (MatchedNets.Draw("binary norms", 1), MatchedNets.Draw("binary norms", 2));
        var options = new MatchingOptions { Method = MatchingMethod.Weights, Starts = 4, Seed = 9 };
        using var two = Engine.Open("cpu", 2);
        var (one, other) = (Matcher.Match(_engine, a, b, options), Matcher.Match(two, a, b, options));
        Assert.That(other.Similarity, Is.EqualTo(one.Similarity));
        foreach (var (change, same) in one.Transformation.Changes.Zip(other.Transformation.Changes))
        {
            Assert.That(same.Permutation, Is.EqualTo(change.Permutation));
            Assert.That(same.Flips, Is.EqualTo(change.Flips));
        }
    }

    [Test]
    public void Units_that_never_fire_find_their_twins_by_their_weights()
    {
        var model = Model.Initialise(Network.Parse("6-12-3"), Initialisation.PyTorch, 1, Precision.Double);
        model.Parameters.AsSpan(72, 5).Fill(-1e3);
        var twin = Transformation.Random(model.Network, 2).ApplyTo(model);
        var found = Matcher.Match(
            _engine, model, twin, new() { Method = MatchingMethod.Activations, Data = MatchedNets.Inputs(model.Network, 50, 1) });
        Assert.That(Distance(model, found.Transformation.ApplyTo(twin)), Is.LessThan(1e-10));
    }

    [Test]
    public void Refusals_say_what_is_wrong()
    {
        var model = MatchedNets.Draw("dense", 1);
        Refuses("different architectures", () => Matcher.Match(_engine, model, MatchedNets.Draw("residual", 1)));
        Refuses("differ at layer '2' (dense)", () => Matcher.Match(_engine, model, Model.Initialise(Network.Parse("11-20-18-13-5"), Initialisation.He, 1)));
        Refuses("by their activations on 0 samples", () => Matcher.Match(_engine, model, model, new() { Method = MatchingMethod.Activations }));
        Refuses("random starts of a matching are -1", () => Matcher.Match(_engine, model, model, new() { Starts = -1 }));
        Refuses("1 network cannot be matched", () => Matcher.MatchAll(_engine, [model]));
        var broken = MatchedNets.Draw("dense", 2);
        broken.Parameters[0] = double.NaN;
        Refuses("no finite numbers", () => Matcher.Match(_engine, model, broken));
    }

    [Test]
    public void Layers_may_have_other_names()
    {
        var a = MatchedNets.Draw("dense", 1);
        var renamed = new Network(a.Network.Input, [.. a.Network.Nodes.Select(node => node with { Name = $"part.{node.Name}" })]);
        var b = Transformation.Random(renamed, 3).ApplyTo(new(renamed, [.. a.Parameters], Precision.Double));
        var found = Matcher.Match(_engine, a, b);
        Assert.That(found.Transformation.Network, Is.SameAs(renamed));
        Assert.That(Distance(a, found.Transformation.ApplyTo(b)), Is.LessThan(1e-10));
    }

    private static void Refuses(string part, Action work) =>
        Assert.That(Assert.Throws<QuotientException>(work)!.Message, Does.Contain(part));

    private static double Distance(Model a, Model b) => Distances.Between(StandardForm.Of(a), StandardForm.Of(b)).Value;

    private static double[] Values(Model model) => MatchingPair.ValuesOf(StandardForm.Of(model), "one");

    /// <summary>No scale, and the same function.</summary>
    private void AssertOnlyMoves(Transformation found, Model before, Model after, Dataset data)
    {
        Assert.That(found.Changes.SelectMany(change => change.Scales).SelectMany(scales => scales), Is.All.EqualTo(1.0));
        double[] one = _engine.Outputs(before, data, Precision.Double), other = _engine.Outputs(after, data, Precision.Double);
        double scale = one.Max(Math.Abs);
        Assert.That(other.Zip(one, (x, y) => Math.Abs(x - y)).Max(), Is.LessThan(1e-10 * scale));
    }
}
