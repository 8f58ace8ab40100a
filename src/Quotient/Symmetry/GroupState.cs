namespace Quotient.Symmetry;

/// <summary>What a coordinate ascent knows of one group: the products of its blocks, and prices from its last assignment.</summary>
internal sealed class GroupState
{
    private readonly List<Part> _parts;
    private readonly SortedDictionary<int, double[]> _sums = [];
    private double[]? _prices;
    private bool _isNew = true;

    public GroupState(MatchingPair pair, IReadOnlyList<UnitBlock> blocks)
    {
        _parts = [.. from block in blocks from signs in block.Combinations select new Part(block, signs, [.. pair.NeighboursOf(block).Distinct()])];
        IsLoop = _parts.Exists(part => part.Neighbours.Contains(part.Block.Group));
    }

    /// <summary>Whether it stands on both axes of one tensor.</summary>
    public bool IsLoop { get; }

    /// <summary>Whether a group beside it has changed since its scores were computed, or they never were.</summary>
    public bool IsOutdated(int[] versions) => _isNew || _parts.Exists(part => part.Version != part.VersionIn(versions));

    /// <summary>
    /// S[i, j] for the unit i of A and j of B, the best signs chosen: the sum over all weights and biases that make or read them. Only products
    /// with what has changed are computed anew.
    /// </summary>
    public double[] Scores(UnitProducts products, IReadOnlyList<UnitChange> changes, int[] versions)
    {
        foreach (var part in _parts.Where(part => part.Product is null || part.Version != part.VersionIn(versions)))
        {
            part.Product = products.Of(part.Block, part.Signs, changes);
            part.Version = part.VersionIn(versions);
        }

        _isNew = false;
        _sums.Clear();
        foreach (var part in _parts)
        {
            if (!_sums.TryGetValue(part.Signs, out double[]? sum))
            {
                _sums[part.Signs] = [.. part.Product!];
                continue;
            }

            Add(part.Product!, sum);
        }

        return _sums is { Count: 1 } && _sums.TryGetValue(0, out double[]? only)
            ? only
            : SignChoice.Best(LayerwiseMatching.Copy(_sums));
    }

    /// <summary>The assignment of scores, which begins with the prices of the last.</summary>
    public int[] Solve(double[] scores, int count)
    {
        var found = Assignment.Solve(scores, count, _prices);
        _prices = found.Prices;
        return found.Columns;
    }

    /// <summary>A permutation with the best signs of each unit.</summary>
    public UnitChange WithSigns(UnitGroup group, int[] partners)
    {
        var change = UnitChange.Identity(group) with { Permutation = partners };
        int[] combinations = [.. _sums.Keys];
        double[][] sums = [.. _sums.Values];
        for (int unit = 0; unit < group.Count && group.FlipCount > 0; unit++)
        {
            int at = (unit * group.Count) + partners[unit];
            int flipped = SignChoice.BestOf([.. sums.Select(sum => sum[at])], combinations).Flipped;
            for (int flip = 0; flip < group.FlipCount; flip++)
            {
                change.Flips[flip][unit] = (flipped >> flip & 1) == 1;
            }
        }

        return change;
    }

    /// <summary>The part of the similarity that a change of the group decides.</summary>
    public double Value(UnitChange change)
    {
        double value = 0;
        int count = change.Permutation.Count;
        foreach (var (signs, sum) in _sums)
        {
            for (int unit = 0; unit < count; unit++)
            {
                value += SignChoice.Of(change, unit, signs) * sum[(unit * count) + change.Permutation[unit]];
            }
        }

        return value;
    }

    private static void Add(double[] values, double[] sum)
    {
        int width = Vector<double>.Count, at = 0;
        for (; at <= sum.Length - width; at += width)
        {
            (new Vector<double>(values, at) + new Vector<double>(sum, at)).CopyTo(sum, at);
        }

        for (; at < sum.Length; at++)
        {
            sum[at] += values[at];
        }
    }

    /// <summary>The products of one block, and for which versions of the groups beside it they hold.</summary>
    private sealed class Part(UnitBlock block, int signs, int[] neighbours)
    {
        public UnitBlock Block => block;

        public int Signs => signs;

        public int[] Neighbours => neighbours;

        public double[]? Product { get; set; }

        public int Version { get; set; } = -1;

        /// <summary>Grows with every change of them.</summary>
        public int VersionIn(int[] versions) => neighbours.Sum(group => versions[group]);
    }
}
