namespace Quotient.Experiments;

/// <summary>Spearman's rank correlation: Pearson's correlation of ranks, where equal numbers share the mean of theirs.</summary>
public static class RankCorrelation
{
    /// <summary>ρ of pairs (x, y), from −1 to 1; null with fewer than three pairs, or where all x or all y are equal.</summary>
    /// <exception cref="ArgumentException">There are not as many x as y.</exception>
    public static double? Of(IReadOnlyList<double> x, IReadOnlyList<double> y)
    {
        if (x.Count != y.Count)
        {
            throw new ArgumentException($"there are {x.Count} x and {y.Count} y", nameof(y));
        }

        double[] first = Ranks(x), second = Ranks(y);
        double mean = (x.Count + 1) / 2.0;
        double Sum(double[] one, double[] other) => one.Zip(other, (a, b) => (a - mean) * (b - mean)).Sum();
        double scale = Math.Sqrt(Sum(first, first) * Sum(second, second));
        return x.Count < 3 || scale == 0 ? null : Math.Clamp(Sum(first, second) / scale, -1, 1);
    }

    /// <summary>ρ with an interval that resamples pairs.</summary>
    /// <exception cref="ArgumentException">There are not as many x as y.</exception>
    public static Interval? WithInterval(IReadOnlyList<double> x, IReadOnlyList<double> y, ulong seed = 0, int resamples = Bootstrap.Resamples) =>
        Bootstrap.Of([x.Count], drawn => Of([.. drawn[0].Select(i => x[i])], [.. drawn[0].Select(i => y[i])]), seed, resamples);

    /// <summary>Ranks from 1.</summary>
    private static double[] Ranks(IReadOnlyList<double> values)
    {
        int[] order = [.. Enumerable.Range(0, values.Count).OrderBy(i => values[i])];
        double[] ranks = new double[values.Count];
        for (int first = 0, next; first < order.Length; first = next)
        {
            for (next = first + 1; next < order.Length && values[order[next]] == values[order[first]];)
            {
                next++;
            }

            // Those at first … next − 1 are equal: their ranks are first + 1 … next.
            foreach (int i in order.AsSpan(first, next - first))
            {
                ranks[i] = (first + 1 + next) / 2.0;
            }
        }

        return ranks;
    }
}
