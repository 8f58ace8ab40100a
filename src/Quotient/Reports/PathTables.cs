using Quotient.Measures;
using Quotient.Symmetry;

namespace Quotient.Reports;

/// <summary>The tables of paths between networks.</summary>
internal static class PathTables
{
    /// <summary>A row for each point; standard errors where orders of flips were drawn.</summary>
    public static Table Points(string? key, string title, PathResult path)
    {
        List<Column<PathPoint>> columns =
        [
            new("t", "t", point => point.T),
            new("loss", "loss", point => point.Loss.Mean),
            new("error", "error", point => point.Error?.Mean, point => Share(point.Error)),
            new("testLoss", "test loss", point => point.TestLoss?.Mean),
            new("testError", "test error", point => point.TestError?.Mean, point => Share(point.TestError)),
        ];
        if (path.Geometry == Geometry.Hamming)
        {
            columns.AddRange(ErrorsOf(path.Points[0]).Select((field, i) => new Column<PathPoint>(field.Name, null, point => ErrorsOf(point)[i].Value)));
        }

        return Table.Of(key, title, path.Points, columns);
    }

    /// <summary>The standard errors of a point.</summary>
    public static IReadOnlyList<(string Name, double? Value)> ErrorsOf(PathPoint point) =>
    [
        ("lossStandardError", Known(point.Loss)), ("errorStandardError", Known(point.Error)), ("testLossStandardError", Known(point.TestLoss)),
        ("testErrorStandardError", Known(point.TestError)),
    ];

    /// <summary>How high each path rises.</summary>
    public static Table Barriers(IReadOnlyList<(string Name, PathResult Path)> paths) => Table.Of(
        null, "Barriers",
        from one in paths
        from barrier in new (string Name, BarrierHeight? Height, bool IsShare)[]
        {
            ("error", one.Path.ErrorBarrier, true), ("loss", one.Path.LossBarrier, false), ("test error", one.Path.TestErrorBarrier, true),
            ("test loss", one.Path.TestLossBarrier, false),
        }
        where barrier.Height is not null
        select (one.Name, Of: barrier.Name, Height: barrier.Height ?? default, barrier.IsShare),
        new(null, "path", row => row.Name),
        new(null, "of", row => row.Of),
        new(null, "maximum", row => row.Height.Maximum, row => Reading(row.Height.Maximum, row.IsShare)),
        new(null, "above the chord", row => row.Height.Excess, row => Reading(row.Height.Excess, row.IsShare)));

    /// <summary>A row for each condition: barriers above the chord, distances.</summary>
    public static Table Conditions(string? key, string? title, IReadOnlyList<PathCondition> conditions) => Table.Of(
        key, title, conditions,
        new("align", "aligned", one => PathReport.NameOf(one.Alignment)),
        new("geometry", "geometry", one => PathReport.NameOf(one.Path.Geometry)),
        new("errorMaximum", null, one => one.Path.ErrorBarrier?.Maximum),
        new("errorExcess", "barrier of error", one => one.Path.ErrorBarrier?.Excess, one => Share(one.Path.ErrorBarrier?.Excess)),
        new("lossMaximum", null, one => one.Path.LossBarrier.Maximum),
        new("lossExcess", "of loss", one => one.Path.LossBarrier.Excess),
        new("testErrorMaximum", null, one => one.Path.TestErrorBarrier?.Maximum),
        new("testErrorExcess", "of test error", one => one.Path.TestErrorBarrier?.Excess, one => Share(one.Path.TestErrorBarrier?.Excess)),
        new("testLossMaximum", null, one => one.Path.TestLossBarrier?.Maximum),
        new("testLossExcess", "of test loss", one => one.Path.TestLossBarrier?.Excess),
        new("distance", "distance", one => one.Path.Distance.Value),
        new("relativeDistance", "relative", one => one.Path.Distance.Relative),
        new("functionDistance", null, one => one.Path.FunctionDistance));

    private static string Reading(double value, bool isShare) => isShare ? Figures.Share(value) : Figures.Plain(value);

    private static string Share(EnergyEstimate? error) => Share(error?.Mean);

    private static string Share(double? share) => share is { } known ? Figures.Share(known) : "";

    private static double? Known(EnergyEstimate? estimate) => estimate is { } known ? Figures.Known(known.StandardError) : null;
}
