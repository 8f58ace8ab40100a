using Quotient.Experiments;

namespace Quotient.Tests.Experiments;

/// <summary>Landscapes with figures of choice, for rules and reports.</summary>
internal static class MadeLandscape
{
    /// <summary>Five nets in each of three groups: figures of a group are those given, up to one per cent.</summary>
    /// <param name="sharpness">Local energy and error of each group.</param>
    /// <param name="aligned">By group, distance and barrier once symmetries are gone; between two groups their mean.</param>
    /// <param name="raw">The barrier with them.</param>
    /// <param name="prefix">What the names of groups begin with.</param>
    public static LandscapeResult Of(double[] sharpness, double[] aligned, double raw, string prefix = "")
    {
        string[] groups = [$"{prefix}rsgd", $"{prefix}sgd", $"{prefix}adv"];
        var nets = new List<LandscapeNet>();
        foreach (var (g, group) in groups.Index())
        {
            for (int i = 1; i <= 5; i++)
            {
                double value = sharpness[g] * (1 + (0.002 * i));
                nets.Add(new($"{group}-{i}", group, 0, value, 0.01, 0.3, [new(0.5, value, 0.001, 0.1, null)]));
            }
        }

        var pairs =
            from first in Enumerable.Range(0, nets.Count)
            from second in Enumerable.Range(first + 1, nets.Count - first - 1)
            let value = (aligned[first / 5] + aligned[second / 5]) / 2 * (1 + (1e-4 * ((first * 7) + second)))
            select new LandscapePair(
                first, second, value, PathOf(15 + (first * second % 7), raw * (1 + (0.01 * (first * second % 5)))), PathOf(10 * value, value), PathOf(10 * value, value));
        var correlation = RankCorrelation.WithInterval([.. nets.Select(net => net.Energy[0].Error)], [.. nets.Select(net => net.TestError)]);
        return new("2-3", 9, false, new("train", 50), new("test", 40), "ce", 0.5, nets, [.. pairs], correlation);
    }

    private static LandscapePath PathOf(double distance, double rise) =>
        new(distance, distance / 16, [new(0, 0, 0.1, 0.1, 0.2), new(0.5, rise, 0.1 + rise, 0.3, 0.4), new(1, 0, 0.1, 0.1, 0.2)]);
}
