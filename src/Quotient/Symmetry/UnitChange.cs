namespace Quotient.Symmetry;

/// <summary>What happens to the units of one group.</summary>
/// <param name="Permutation">At place i stands the unit that stood at Permutation[i].</param>
/// <param name="Scales">By scale and place: what the weights that make the unit there are multiplied by, above 0.</param>
/// <param name="Flips">By sign and place: whether they are negated.</param>
public sealed record UnitChange(IReadOnlyList<int> Permutation, IReadOnlyList<double[]> Scales, IReadOnlyList<bool[]> Flips)
{
    internal static UnitChange Identity(UnitGroup group) => new(
        [.. Enumerable.Range(0, group.Count)],
        [.. Enumerable.Range(0, group.ScaleCount).Select(_ => Enumerable.Repeat(1.0, group.Count).ToArray())],
        [.. Enumerable.Range(0, group.FlipCount).Select(_ => new bool[group.Count])]);

    /// <summary>This, then the next.</summary>
    internal UnitChange Then(UnitChange next) => new(
        [.. next.Permutation.Select(place => Permutation[place])],
        [.. Scales.Zip(next.Scales, (own, others) => others.Select((scale, i) => scale * own[next.Permutation[i]]).ToArray())],
        [.. Flips.Zip(next.Flips, (own, others) => others.Select((flip, i) => flip ^ own[next.Permutation[i]]).ToArray())]);

    internal UnitChange Inverse()
    {
        int[] back = new int[Permutation.Count];
        for (int i = 0; i < back.Length; i++)
        {
            back[Permutation[i]] = i;
        }

        return new(
            back,
            [.. Scales.Select(scales => back.Select(place => 1 / scales[place]).ToArray())],
            [.. Flips.Select(flips => back.Select(place => flips[place]).ToArray())]);
    }
}
