using Quotient.Experiments;
using Quotient.Reports.Charts;
using Quotient.Spectra;

namespace Quotient.Reports;

/// <summary>The charts of a landscape: errors along paths, flatness against generalisation, distances, barriers.</summary>
internal static class LandscapeCharts
{
    private static readonly Hue[] Hues = Enum.GetValues<Hue>();

    /// <summary>Adds them, their headings after a prefix.</summary>
    public static Report Landscape(this Report report, LandscapeResult found, string prefix)
    {
        string Title(string title) => prefix.Length == 0 ? title : $"{prefix}: {char.ToLowerInvariant(title[0])}{title[1..]}";
        report.Chart(PathsChart(found, Title("Training error along paths"), "train", point => point.TrainError));
        report.Chart(PathsChart(found, Title("Test error along paths"), "test", point => point.TestError));
        report.Chart(FlatnessChart(found, Title("Flatness and generalisation")));
        report.Chart(DistancesChart(found, Title("Distances")));
        return report.Chart(BarriersChart(found, Title("Barriers")));
    }

    /// <summary>A panel for each condition, on one scale, with the mean curve of each pair of groups.</summary>
    private static Chart PathsChart(LandscapeResult found, string title, string data, Func<LandscapePoint, double> value)
    {
        var groups = found.ByGroupPair();
        var curves = LandscapeReport.Removals.ToDictionary(
            removal => removal.Removal, removal => groups.Select(group => group.Curve(removal.Removal, value)).ToList());
        double high = 105 * curves.Values.SelectMany(all => all).SelectMany(curve => curve).Select(point => point.Mean).DefaultIfEmpty(0).Max();
        string what = found.IsBinary ? "Flips of the weights that differ, in random orders." : "As they are and permuted, paths are straight; aligned, geodesics.";
        return new(
            title, $"Means over the pairs of nets of each two groups, solid within a group, dashed between two. {what}",
            [
                .. LandscapeReport.Removals.Select(removal => new Panel(
                    removal.Name, new NumberAxis("place along the path"), new NumberAxis($"{data} error, %", 0, high > 0 ? high : 1),
                    [.. groups.Index().Select(group => LineOf(group.Item, group.Index, curves[removal.Removal][group.Index]))])),
            ]);

        Line LineOf(GroupPair group, int index, IReadOnlyList<(double T, double Mean)> curve) => new(
            group.Name,
            [.. curve.Select(point => new Datum(
                point.T, 100 * point.Mean, Title: $"{group.Name}, {data} error {Percent(point.Mean)} at {Figures.Plain(point.T, 3)}"))],
            Hues[index % Hues.Length], !group.IsWithin);
    }

    private static Chart FlatnessChart(LandscapeResult found, string title)
    {
        var groups = found.Groups();
        string level = Figures.Plain(found.FlatnessLevel);
        string noise = found.IsBinary ? $"each weight flips with probability {level}" : $"each weight w becomes w + {level}·z·w, z normal";
        return new(
            title,
            $"At the left a point for each net: the rise of its training error when {noise}, with the standard error over draws, against its test error. "
            + $"Spearman's rank correlation {LandscapeReport.Text(found.Correlation)}. At the right the same by the level of noise, means over the nets of a group with standard errors.",
            new Panel(
                "", new NumberAxis("test error, %"), new NumberAxis("rise of train error, %") { HasZero = true },
                [.. groups.Select((group, index) => new Points(group, [.. found.Nets.Where(net => net.Group == group).Select(PointOf)], Hues[index % Hues.Length]))]),
            new Panel(
                "", new NumberAxis(found.IsBinary ? "probability of a flip" : "level of noise") { HasZero = true },
                new NumberAxis("rise of train error, %") { HasZero = true },
                [.. groups.SelectMany((group, index) => CurveOf(group, Hues[index % Hues.Length]))]));

        Datum PointOf(LandscapeNet net)
        {
            var energy = found.Flatness(net);
            string text = $"{net.Name}: test error {Percent(net.TestError)}, rise {Percent(energy.Error)}";
            return new(100 * net.TestError, 100 * energy.Error, 100 * (energy.ErrorDeviation ?? double.NaN), text);
        }

        IEnumerable<Mark> CurveOf(string group, Hue hue)
        {
            var nets = found.Nets.Where(net => net.Group == group).ToList();
            Datum[] curve =
            [
                .. nets[0].Energy.Index().OrderBy(at => at.Item.Level).Select(at =>
                {
                    var (mean, error) = SampleMean.Of([.. nets.Select(net => 100 * net.Energy[at.Index].Error)]);
                    return new Datum(at.Item.Level, mean, error, $"{group}, level {Figures.Plain(at.Item.Level)}: {Percent(mean / 100)}");
                }),
            ];
            return [new Band("", curve, hue), new Line("", curve, hue)];
        }
    }

    private static Chart DistancesChart(LandscapeResult found, string title) => new(
        title,
        found.IsBinary
            ? "Between each two nets: the number of weights that differ, as they are and aligned; and the share of test samples that they classify differently."
            : "Between each two nets, in parameter space: as they are; aligned, along the geodesic; and the share of test samples that they classify differently.",
        MapOf(found, "as they are", "distance", pair => pair.Raw.Distance),
        MapOf(found, "aligned", "distance", pair => pair.Aligned.Distance),
        MapOf(found, "functions", "classified differently, %", pair => 100 * pair.FunctionDistance));

    private static Chart BarriersChart(LandscapeResult found, string title)
    {
        // What is left once permutations are gone would be pale on the scale of what was there before.
        double before = Highest(Removal.None), after = Math.Max(Highest(Removal.Permutations), Highest(Removal.All));
        return new(
            title, "How far the training error rises between each two nets above the line between its values at both ends; permuted and aligned on one scale.",
            [
                .. LandscapeReport.Removals.Select(removal =>
                    MapOf(found, removal.Name, "barrier of train error, %", pair => 100 * pair.At(removal.Removal).TrainRise()) with
                    {
                        Low = 0,
                        High = removal.Removal == Removal.None ? before : after,
                        Hue = Hue.Rust,
                    }),
            ]);

        double Highest(Removal removal)
        {
            double high = found.Pairs.Select(pair => 100 * pair.At(removal).TrainRise()).DefaultIfEmpty(0).Max();
            return high > 0 ? high : 1;
        }
    }

    /// <summary>A symmetric matrix over nets; pairs that were not measured are missing, as is the diagonal.</summary>
    private static HeatMap MapOf(LandscapeResult found, string name, string quantity, Func<LandscapePair, double> figure)
    {
        int count = found.Nets.Count;
        double[][] values = [.. Enumerable.Range(0, count).Select(_ => Enumerable.Repeat(double.NaN, count).ToArray())];
        foreach (var pair in found.Pairs)
        {
            values[pair.First][pair.Second] = values[pair.Second][pair.First] = figure(pair);
        }

        var axis = new NameAxis("nets", [.. found.Nets.Select(net => net.Name)])
        {
            Gaps = [.. Enumerable.Range(1, count - 1).Where(i => found.Nets[i].Group != found.Nets[i - 1].Group)],
        };
        return new(name, axis, axis, values, quantity);
    }

    private static string Percent(double share) => Figures.Minus($"{Figures.Plain(100 * share, 3)} %");
}
