using Quotient.Data.Generators;
using Quotient.Spectra;

namespace Quotient.Experiments;

/// <summary>A figure with the 95 % interval that the samples at hand leave open.</summary>
/// <param name="Value">The figure of the samples themselves.</param>
/// <param name="Low">Where the interval begins.</param>
/// <param name="High">Where it ends.</param>
public readonly record struct Interval(double Value, double Low, double High)
{
    /// <summary>Whether all of the interval is above 0.</summary>
    public bool IsAboveZero => Low > 0;

    /// <summary>Whether all of it is below 0.</summary>
    public bool IsBelowZero => High < 0;
}

/// <summary>Intervals by resampling: the percentile bootstrap.</summary>
/// <remarks>
/// Of each group as many are drawn, with replacement, as it has; of a figure that is not defined of a resample, such as the distance
/// between nets where one net alone was drawn, that resample is left out. The interval is from the 2.5th to the 97.5th percentile. With few
/// samples such intervals are somewhat too narrow. Source: Efron, Tibshirani (1993), chapter 13.
/// </remarks>
public static class Bootstrap
{
    /// <summary>Resamples, unless another number is asked for.</summary>
    public const int Resamples = 2000;

    private const double Tail = 0.025;

    /// <summary>The interval of a figure.</summary>
    /// <param name="counts">The number of samples in each group.</param>
    /// <param name="figure">The figure of samples that are given by their places in each group; null where it is not defined.</param>
    /// <param name="seed">What resamples are drawn from.</param>
    /// <param name="resamples">Their number.</param>
    /// <returns>Null where the figure is not defined of the samples themselves, or of fewer than half of the resamples.</returns>
    public static Interval? Of(
        IReadOnlyList<int> counts, Func<IReadOnlyList<int[]>, double?> figure, ulong seed = 0, int resamples = Resamples)
    {
        if (counts.Any(count => count == 0) || figure([.. counts.Select(count => Enumerable.Range(0, count).ToArray())]) is not { } value)
        {
            return null;
        }

        var random = new PhiloxStream(seed, RandomStreams.Resample);
        var found = new List<double>();
        for (int i = 0; i < resamples; i++)
        {
            int[][] drawn = [.. counts.Select(count => Enumerable.Range(0, count).Select(_ => random.Below(count)).ToArray())];
            if (figure(drawn) is { } one)
            {
                found.Add(one);
            }
        }

        found.Sort();
        return found.Count < Math.Max(1, resamples / 2) ? null : new(value, Percentile(found, Tail), Percentile(found, 1 - Tail));
    }

    /// <summary>Linear between the sorted numbers, the first at 0 and the last at 1.</summary>
    internal static double Percentile(IReadOnlyList<double> sorted, double share)
    {
        double place = share * (sorted.Count - 1);
        int below = Math.Min((int)place, sorted.Count - 1), above = Math.Min(below + 1, sorted.Count - 1);
        return sorted[below] + ((place - below) * (sorted[above] - sorted[below]));
    }
}
