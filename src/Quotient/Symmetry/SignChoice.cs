namespace Quotient.Symmetry;

/// <summary>
/// The signs of units: a unit has some of its own, each of its weights is multiplied by some of these, and a choice of them makes the weights
/// of two units most alike. A combination of signs is a number whose bits say which ones take part.
/// </summary>
internal static class SignChoice
{
    /// <summary>The product of those of a unit's signs that take part in a combination: +1 or −1.</summary>
    public static int Product(int flipped, int combination) => 1 - (2 * (BitOperations.PopCount((uint)(flipped & combination)) & 1));

    /// <summary>The same of the unit at a place after a change.</summary>
    public static int Of(UnitChange change, int unit, int combination) => combination == 0 ? 1 : Product(FlippedAt(change, unit), combination);

    /// <summary>The signs that a change negates at a place, as bits.</summary>
    public static int FlippedAt(UnitChange change, int unit)
    {
        int flipped = 0;
        for (int flip = 0; flip < change.Flips.Count; flip++)
        {
            flipped |= change.Flips[flip][unit] ? 1 << flip : 0;
        }

        return flipped;
    }

    /// <summary>max over signs of Σ_c (their product in combination c) · S_c, element by element. Overwrites the first.</summary>
    /// <param name="scores">S_c by combination.</param>
    public static double[] Best(SortedDictionary<int, double[]> scores)
    {
        var (combinations, best) = (scores.Keys.ToArray(), scores.Values.First());
        if (combinations.Any(combination => BitOperations.PopCount((uint)combination) > 1))
        {
            var parts = scores.Values.Select(part => part).ToArray();
            for (int i = 0; i < best.Length; i++)
            {
                best[i] = BestOf([.. parts.Select(part => part[i])], combinations).Score;
            }

            return best;
        }

        // Signs that never take part together are chosen each for itself.
        foreach (var (combination, part) in scores)
        {
            for (int i = 0; i < best.Length; i++)
            {
                double value = combination == 0 ? part[i] : Math.Abs(part[i]);
                best[i] = part == best ? value : best[i] + value;
            }
        }

        return best;
    }

    /// <summary>The signs that make Σ_c (their product in combination c) · s_c largest; of equal choices the lowest number.</summary>
    public static (int Flipped, double Score) BestOf(ReadOnlySpan<double> scores, ReadOnlySpan<int> combinations)
    {
        int bits = 0;
        foreach (int combination in combinations)
        {
            bits |= combination;
        }

        var (best, largest) = (0, double.NegativeInfinity);
        for (int flipped = 0; flipped <= bits; flipped++)
        {
            double sum = 0;
            for (int c = 0; c < combinations.Length; c++)
            {
                sum += Product(flipped, combinations[c]) * scores[c];
            }

            if (sum > largest)
            {
                (best, largest) = (flipped, sum);
            }
        }

        return (best, largest);
    }
}
