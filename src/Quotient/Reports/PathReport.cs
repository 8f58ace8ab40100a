using Quotient.Symmetry;

namespace Quotient.Reports;

/// <summary>Paths between two networks as a report.</summary>
public static class PathReport
{
    /// <summary>One path, and one with a bend if there is one.</summary>
    public static Report Of(Report report, PathCondition condition, BendResult? bend)
    {
        var path = condition.Path;
        report.Fact("align", "aligned", NameOf(condition.Alignment))
            .Fact("geometry", "geometry", NameOf(path.Geometry))
            .Fact("norms", path.Norms == "none" ? null : "batch norms", path.Norms)
            .Fact(null, path.ErrorBarrier is null ? "barrier of the loss" : "barrier of the error", path.ErrorBarrier is { } errors ? errors.Excess : path.LossBarrier.Excess,
                path.ErrorBarrier is { } shares ? Figures.Share(shares.Excess) : null)
            .Fact("distance", "distance", path.Distance.Value)
            .Fact("meanAngle", path.Distance.MeanAngle is null ? null : "mean angle", path.Distance.MeanAngle)
            .Fact("relativeDistance", path.Distance.Relative is null ? null : "relative distance", path.Distance.Relative)
            .Fact("realDistance", path.Distance.Real is null ? null : "distance of real parameters", path.Distance.Real)
            .Fact("antipodal", null, path.Distance.Antipodal);
        AddFunctions(report, path).Fact("barrier", null, BarriersOf(path)).Fact("testBarrier", null, TestBarriersOf(path));
        report.Fact("bend", null, bend is null ? null : FieldsOf(bend)).Table(PathTables.Points("points", "Along the path", path));
        PathCharts.Add(report, path, "Along the path");
        report.Table(PathTables.Barriers(bend is null ? [(NameOf(path.Geometry), path)] : [(NameOf(path.Geometry), path), ("with a bend", bend.Path)]));
        AddBend(report, bend);
        WarnOfAntipodes(report, [path]);
        return report;
    }

    /// <summary>Paths under several conditions side by side, and one with a bend if there is one.</summary>
    public static Report Conditions(Report report, IReadOnlyList<PathCondition> conditions, BendResult? bend)
    {
        var first = conditions[0].Path;
        report.Fact("norms", first.Norms == "none" ? null : "batch norms", first.Norms);
        AddFunctions(report, first).Fact("conditions", null, conditions.Select(FieldsOf)).Fact("bend", null, bend is null ? null : FieldsOf(bend))
            .Table(PathTables.Conditions("conditions", null, conditions))
            .Table(PathTables.Conditions(null, "Paths", conditions));
        PathCharts.Add(report, conditions);
        AddBend(report, bend);
        WarnOfAntipodes(report, [.. conditions.Select(condition => condition.Path)]);
        return report;
    }

    /// <summary>As on the command line.</summary>
    internal static string NameOf(Enum value) => value.ToString().ToLowerInvariant();

    private static Report AddFunctions(Report report, PathResult path) => report.Fact(
        "functionDistance", path.FunctionDistance is null ? null : "classified differently", path.FunctionDistance,
        Figures.Share(path.FunctionDistance ?? double.NaN));

    private static void AddBend(Report report, BendResult? bend)
    {
        if (bend is not null)
        {
            report.Fact(null, "length with a bend", bend.Path.Distance.Value).Table(PathTables.Points(null, "Along the path with a bend", bend.Path));
            PathCharts.Add(report, bend.Path, "Along the path with a bend");
        }
    }

    private static void WarnOfAntipodes(Report report, IReadOnlyList<PathResult> paths)
    {
        if (paths.Max(path => path.Distance.Antipodal) is > 0 and int count)
        {
            report.Note($"On {Figures.Counted(count, "sphere")} the networks are nearly opposite, so that the geodesic is one of many.", isWarning: true);
        }
    }

    private static Fields FieldsOf(PathCondition condition) => new(
        ("align", NameOf(condition.Alignment)), ("geometry", NameOf(condition.Path.Geometry)), ("barrier", BarriersOf(condition.Path)),
        ("testBarrier", TestBarriersOf(condition.Path)), ("distance", condition.Path.Distance.Value), ("meanAngle", condition.Path.Distance.MeanAngle),
        ("relativeDistance", condition.Path.Distance.Relative), ("realDistance", condition.Path.Distance.Real),
        ("functionDistance", condition.Path.FunctionDistance));

    private static Fields FieldsOf(BendResult bend) => new(
        ("length", bend.Path.Distance.Value), ("geometry", NameOf(bend.Path.Geometry)), ("norms", bend.Path.Norms), ("epochs", bend.Training.Epoch),
        ("trainLoss", bend.Training.TrainLoss), ("trainError", Figures.Known(bend.Training.TrainError)), ("barrier", BarriersOf(bend.Path)),
        ("testBarrier", TestBarriersOf(bend.Path)), ("points", bend.Path.Points.Select(point => FieldsOf(point, bend.Path.Geometry == Geometry.Hamming))));

    private static Fields FieldsOf(PathPoint point, bool hasOrders)
    {
        var fields = new Fields(
            ("t", point.T), ("loss", point.Loss.Mean), ("error", point.Error?.Mean), ("testLoss", point.TestLoss?.Mean), ("testError", point.TestError?.Mean));
        foreach (var (name, value) in hasOrders ? PathTables.ErrorsOf(point) : [])
        {
            fields.Add(name, value);
        }

        return fields;
    }

    private static Fields BarriersOf(PathResult path) => new(("error", FieldsOf(path.ErrorBarrier)), ("loss", FieldsOf(path.LossBarrier)));

    private static Fields? TestBarriersOf(PathResult path) => path.TestLossBarrier is null ? null : new(
        ("error", FieldsOf(path.TestErrorBarrier)), ("loss", FieldsOf(path.TestLossBarrier)));

    private static Fields? FieldsOf(BarrierHeight? barrier) => barrier is not { } known ? null : new(
        ("maximum", known.Maximum), ("excess", known.Excess));
}
