namespace Quotient.Symmetry;

/// <summary>
/// Matches group after group by the weights that make the units: S[i, j] = cos(w_i of A, w_j of B) at the first layer that makes them, whose
/// inputs in B are matched already, and π maximises Σ S[i, π(i)]. Of units that have signs |S| is assigned, and where S &lt; 0 a unit is negated.
/// Source: Pittorino et al. (2022), section 2.2.
/// </summary>
internal static class LayerwiseMatching
{
    /// <summary>The changes of B's groups.</summary>
    public static UnitChange[] Run(UnitProducts products, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        var pair = products.Pair;
        var changes = pair.Unchanged;
        for (int group = 0; group < changes.Length; group++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (MatchingPair.IsMovable(pair.Groups[group]))
            {
                var scores = Scores(products, group, changes);
                changes[group] = Choose(pair, group, scores, SignChoice.Best(Copy(scores)));
            }

            progress?.Report((group + 1.0) / changes.Length);
        }

        return changes;
    }

    /// <summary>The cosines of a group's units, by combination of signs.</summary>
    public static SortedDictionary<int, double[]> Scores(UnitProducts products, int group, IReadOnlyList<UnitChange> changes)
    {
        var block = FirstOf(products.Pair, group);
        return new(block.Combinations.ToDictionary(signs => signs, signs => products.Cosines(block, signs, changes)));
    }

    /// <summary>The change by the assignment of some scores, with the signs that the units' cosines and, where these do not say, their other weights tell.</summary>
    public static UnitChange Choose(MatchingPair pair, int group, SortedDictionary<int, double[]> cosines, double[] scores)
    {
        var own = pair.Groups[group];
        int[] partners = own.IsFixed ? [.. Enumerable.Range(0, own.Count)] : Assignment.Solve(scores, own.Count).Columns;
        var change = UnitChange.Identity(own) with { Permutation = partners };
        int[] combinations = [.. cosines.Keys];
        var vectors = pair.Blocks[group].Where(block => block.IsMade && block.OtherDimension < 0).ToList();
        for (int unit = 0; unit < own.Count && own.FlipCount > 0; unit++)
        {
            int at = (unit * own.Count) + partners[unit];
            int flipped = SignsOf(pair, vectors, unit, partners[unit], own.FlipCount, [.. cosines.Values.Select(part => part[at])], combinations);
            for (int flip = 0; flip < own.FlipCount; flip++)
            {
                change.Flips[flip][unit] = (flipped >> flip & 1) == 1;
            }
        }

        return change;
    }

    /// <summary>The layer that makes a group's units first; where none does, as of inputs with a batch norm, what else does.</summary>
    private static UnitBlock FirstOf(MatchingPair pair, int group) =>
        pair.Blocks[group].FirstOrDefault(block => block.IsMade && block.OtherDimension >= 0) ?? pair.Blocks[group].First(block => block.IsMade);

    /// <summary>The signs with the largest cosine; of equal ones those that make biases and factors of norms most alike.</summary>
    private static int SignsOf(
        MatchingPair pair, List<UnitBlock> vectors, int unit, int partner, int flips, double[] cosines, int[] combinations)
    {
        var (best, largest, alike) = (0, double.NegativeInfinity, double.NegativeInfinity);
        for (int flipped = 0; flipped < 1 << flips; flipped++)
        {
            double score = combinations.Zip(cosines, (combination, part) => SignChoice.Product(flipped, combination) * part).Sum();
            double rest = vectors.Sum(block => Similarity(pair, block, unit, partner, flipped));
            if (score > largest || (score == largest && rest > alike))
            {
                (best, largest, alike) = (flipped, score, rest);
            }
        }

        return best;
    }

    private static double Similarity(MatchingPair pair, UnitBlock block, int unit, int partner, int flipped)
    {
        double sum = 0;
        for (int place = 0; place < block.PerUnit; place++)
        {
            double a = pair.A[block.Tensor.Offset + block.Places[(unit * block.PerUnit) + place]];
            double b = pair.B[block.Tensor.Offset + block.Places[(partner * block.PerUnit) + place]];
            sum += a * b * SignChoice.Product(flipped, block.Signs[place]);
        }

        return sum;
    }

    /// <summary>Scores that may be overwritten.</summary>
    public static SortedDictionary<int, double[]> Copy(SortedDictionary<int, double[]> scores) =>
        new(scores.ToDictionary(own => own.Key, own => own.Value.ToArray()));
}
