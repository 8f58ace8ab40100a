using Quotient.Results;

namespace Quotient.Reports;

/// <summary>An analysis as plain lines for a terminal: aligned columns, no colour codes.</summary>
public static class TextSummary
{
    private const int CellDigits = 6;

    /// <summary>The summary's lines.</summary>
    public static IReadOnlyList<string> Lines(Analysis analysis) =>
    [
        $"{Words.Inline(analysis.Network)} on {Words.Inline(analysis.Data)}",
        $"{Words.Counted(analysis.Parameters, "parameter")}, {Words.Counted(analysis.Samples, "sample")}, "
            + $"{Words.Inline(Words.Subject(analysis))}",
        "",
        .. Align(Scalars(analysis)),
        .. Eigenvalues(analysis.Spectrum),
        .. Layers(analysis.Layers),
        .. Warning(analysis),
        .. Incomplete(analysis),
        "",
        $"{Words.Counted(analysis.Products, "product")} in {Figures.Duration(analysis.Seconds)} on {Words.Inline(analysis.Device)}, "
            + $"{Words.Of(analysis.Precision)} precision, seed {analysis.Seed}",
    ];

    private static List<string[]> Scalars(Analysis analysis)
    {
        List<string[]> rows = [["loss", Figures.Plain(analysis.Loss)]];
        if (analysis.Error is { } error)
        {
            rows.Add(["error", Figures.Share(error)]);
        }

        rows.Add(["gradient norm", Figures.Plain(analysis.GradientNorm, 4)]);
        if (analysis.Spectrum.Trace is { } trace)
        {
            rows.Add(["trace", Words.Trace(trace), Words.Marked($"({trace.Method})", trace.Converged)]);
        }

        if (analysis.Spectrum.LogDeterminant is { } logDeterminant)
        {
            rows.Add(["log det", LogDet(logDeterminant), Damping(logDeterminant)]);
        }

        return rows;
    }

    private static IEnumerable<string> Eigenvalues(SpectrumResult spectrum)
    {
        if (spectrum.Top.Count + spectrum.Bottom.Count == 0)
        {
            return [];
        }

        var rows = new List<string[]> { new[] { "", "eigenvalue", "residual", "" } };
        rows.AddRange(spectrum.Top.Select((pair, i) => Row(i == 0 ? "largest" : "", pair)));
        rows.AddRange(spectrum.Bottom.Select((pair, i) => Row(i == 0 ? "smallest" : "", pair)));
        return ["", $"{Words.Operator(spectrum.Name)} spectrum, dimension {Figures.Count(spectrum.Dimension)}", .. Align(rows)];
    }

    private static IEnumerable<string> Layers(IReadOnlyList<SpectrumResult> layers)
    {
        if (layers.Count == 0)
        {
            return [];
        }

        List<string[]> rows = [["layer", "parameters", "largest", "smallest", "trace", "converged"]];
        rows.AddRange(layers.Select(LayerRow));
        return ["", "By layer", .. Align(rows)];
    }

    private static string[] LayerRow(SpectrumResult layer)
    {
        var (converged, all) = Words.Convergence(layer);
        string state = all == 0 ? "" : converged == all ? "yes" : $"{all - converged} of {all} {Words.Unconverged}";
        string trace = layer.Trace is null ? "" : Words.Marked(Words.Trace(layer.Trace), layer.Trace.Converged);
        return [Words.Inline(Words.Layer(layer.Name)), Figures.Count(layer.Dimension), First(layer.Top), First(layer.Bottom), trace, state];
    }

    private static string First(IReadOnlyList<Eigenvalue> pairs) =>
        pairs.Count == 0
            ? ""
            : Words.Marked(Figures.WithError(pairs[0].Value, pairs[0].Residual, CellDigits), pairs[0].Converged);

    private static string[] Row(string name, Eigenvalue pair) =>
        [name, Figures.Value(pair.Value, pair.Residual), Figures.Error(pair.Residual), Words.Marked("", pair.Converged)];

    private static string LogDet(LogDeterminant logDeterminant) =>
        Figures.Estimate(logDeterminant.Value, logDeterminant.StandardError);

    private static string Damping(LogDeterminant logDeterminant) =>
        logDeterminant.Damping == 0 ? "" : $"(of |A| + {Figures.Plain(logDeterminant.Damping, 3)})";

    private static IEnumerable<string> Warning(Analysis analysis)
    {
        var (open, all) = Words.Unsettled(analysis);
        return open == 0 ? [] : ["", $"{open} of {all} figures are unconverged: ask for more steps or a wider tolerance."];
    }

    private static IEnumerable<string> Incomplete(Analysis analysis) =>
        analysis.Layers.Prepend(analysis.Spectrum).All(spectrum => spectrum.Complete)
            ? []
            : ["", "Multiple eigenvalues may be missing: the search for further copies was not carried to its end."];

    /// <summary>Pads the columns to their widest cell.</summary>
    private static IEnumerable<string> Align(List<string[]> rows)
    {
        int columns = rows.Max(row => row.Length);
        int[] widths = [.. Enumerable.Range(0, columns).Select(c => rows.Max(row => c < row.Length ? row[c].Length : 0))];
        return rows.Select(row => ("  " + string.Join("  ", row.Select((cell, c) => cell.PadRight(widths[c])))).TrimEnd());
    }
}
