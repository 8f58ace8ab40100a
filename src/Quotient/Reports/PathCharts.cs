using Quotient.Measures;
using Quotient.Reports.Charts;
using Quotient.Symmetry;

namespace Quotient.Reports;

/// <summary>The charts of paths between networks.</summary>
internal static class PathCharts
{
    /// <summary>Error and loss along one path, side by side: on training data solid with discs, on test data dashed with squares.</summary>
    public static void Add(Report report, PathResult path, string title)
    {
        string orders = path.Geometry == Geometry.Hamming ? " Means over random orders of flips; a bar is a standard error." : "";
        report.Chart(new(
            title, $"{Figures.Counted(path.Points.Count, "point")} from the first network, t = 0, to the second, t = 1.{orders}",
            PanelOf("error, %", path, 100, point => point.Error, point => point.TestError),
            PanelOf("loss", path, 1, point => point.Loss, point => point.TestLoss)));
    }

    /// <summary>The training error along every path, or the loss without classes: a drawing for each alignment.</summary>
    public static void Add(Report report, IReadOnlyList<PathCondition> conditions)
    {
        bool hasErrors = conditions[0].Path.ErrorBarrier is not null;
        double high = conditions.Max(condition => condition.Path.Points.Max(point => hasErrors ? 100 * point.Error!.Value.Mean : point.Loss.Mean));
        var panels =
            from condition in conditions
            group condition.Path by condition.Alignment into aligned
            select new Panel(
                PathReport.NameOf(aligned.Key), new NumberAxis("t", 0, 1), new NumberAxis(hasErrors ? "error, %" : "loss", 0, high > 0 ? high : 1),
                [.. aligned.Select((path, i) => LineOf(path, i, hasErrors))]);
        report.Chart(new(
            "By what is removed", "Along each path on the training data: with none, one or both of scales and permutations removed.", [.. panels]));
    }

    private static Line LineOf(PathResult path, int index, bool hasErrors) => new(
        PathReport.NameOf(path.Geometry),
        [.. path.Points.Select(point => hasErrors ? At(point.T, point.Error, 100) : At(point.T, point.Loss, 1))],
        index == 0 ? Hue.Blue : Hue.Teal, IsDashed: index > 0, HasBars: true);

    private static Panel PanelOf(
        string quantity, PathResult path, double unit, Func<PathPoint, EnergyEstimate?> train, Func<PathPoint, EnergyEstimate?> test) => new(
        "",
        new NumberAxis("t", 0, 1),
        new NumberAxis(quantity) { HasZero = true },
        new Line("training data", [.. path.Points.Select(point => At(point.T, train(point), unit))], HasBars: true),
        new Line("test data", [.. path.Points.Select(point => At(point.T, test(point), unit))], Hue.Teal, IsDashed: true, HasBars: true));

    private static Datum At(double t, EnergyEstimate? value, double unit) => new(
        t, unit * (value?.Mean ?? double.NaN), unit * (value?.StandardError ?? double.NaN),
        $"t = {Figures.Plain(t, 4)}: {Figures.Minus(Figures.Plain(unit * (value?.Mean ?? double.NaN), 4))}");
}
