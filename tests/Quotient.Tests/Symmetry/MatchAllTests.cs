using NUnit.Framework;
using Quotient.Symmetry;

namespace Quotient.Tests.Symmetry;

public class MatchAllTests
{
    [Test]
    public void Twins_of_one_network_meet_in_the_places_of_the_first(
        [Values("dense", "residual", "binary", "binary norms", "batch norm")] string name, [Values] bool byWeights)
    {
        using var engine = Engine.Open("cpu", 1);
        var first = MatchedNets.Draw(name, 1);
        Model[] models = [first, .. Enumerable.Range(2, 3).Select(k => Transformation.Random(first.Network, (ulong)k).ApplyTo(first))];
        var found = Matcher.MatchAll(engine, models, new() { Method = byWeights ? MatchingMethod.Weights : MatchingMethod.Layerwise });
        foreach (var (model, matching) in models.Zip(found))
        {
            Assert.That(
                Distances.Between(StandardForm.Of(first), StandardForm.Of(matching.Transformation.ApplyTo(model))).Value, Is.LessThan(1e-10));
        }
    }

    [Test]
    public void The_first_stays_and_no_other_is_better_placed_by_itself()
    {
        using var engine = Engine.Open("cpu", 1);
        Model[] models = [.. Enumerable.Range(1, 4).Select(k => MatchedNets.Draw("dense", (ulong)k))];
        var found = Matcher.MatchAll(engine, models);
        Assert.That(found[0].Transformation.Changes.SelectMany(change => change.Permutation.Select((from, to) => from - to)), Is.All.Zero);
        double ofPairs = SumOfPairs(models, found), alone = SumOfPairs(models, [found[0], .. models.Skip(1).Select(model => Matcher.Match(engine, models[0], model))]);
        Assert.That(ofPairs, Is.GreaterThan(alone));
        Assert.That(found.Sum(one => one.Similarity) * (models.Length - 1) / 2, Is.EqualTo(ofPairs).Within(1e-9));
    }

    /// <summary>Σ_(k&lt;l) ⟨θ_k, θ_l⟩ of standard forms after their changes.</summary>
    private static double SumOfPairs(Model[] models, IReadOnlyList<Matching> found)
    {
        double[][] values = [.. models.Zip(found, (model, one) => StandardForm.Of(one.Transformation.ApplyTo(model)).Model.Parameters)];
        return values.SelectMany((x, k) => values.Take(k).Select(y => x.Zip(y, (one, other) => one * other).Sum())).Sum();
    }
}
