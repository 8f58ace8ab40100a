using Quotient.Reports.Charts;
using Quotient.Spectra;

namespace Quotient.Reports;

/// <summary>The page's tables: every figure with its error and whether it converged.</summary>
internal static class HtmlTables
{
    private const int CellDigits = 7;

    public static void Write(Markup page, Analysis analysis)
    {
        page.Line().Open("section").Leaf("h2", "Figures");
        WriteScalars(page, analysis);
        page.Line().Open("div", ("class", "ends"));
        WriteEnd(page, "Largest eigenvalues", analysis.Spectrum.Top);
        WriteEnd(page, "Smallest eigenvalues", analysis.Spectrum.Bottom);
        page.Close();
        WriteLayers(page, analysis.Layers);
        page.Close();
    }

    private static void WriteScalars(Markup page, Analysis analysis)
    {
        Start(page, "Figures of the whole", "Figure", "#Value", "#Error", "Converged", "From");
        Row(page, "Loss", Figures.Plain(analysis.Loss, 8), "", "", "all samples");
        if (analysis.Error is { } error)
        {
            Row(page, "Share misclassified", Figures.Share(error), "", "", "all samples");
        }

        Row(page, "Gradient norm", Figures.Plain(analysis.GradientNorm, 8), "", "", "all samples");
        if (analysis.Spectrum.Trace is { } trace)
        {
            string from = $"{trace.Method}, {Products(trace.Products)}";
            string spread = trace.StandardError == 0 ? "exact" : Figures.Error(trace.StandardError);
            Row(page, "Trace", Figures.Value(trace.Value, trace.StandardError), spread, Words.Converged(trace.Converged), from);
        }

        if (analysis.Spectrum.LogDeterminant is { } logDeterminant)
        {
            WriteLogDeterminant(page, logDeterminant);
        }

        Finish(page);
    }

    private static void WriteLogDeterminant(Markup page, LogDeterminant found)
    {
        string name = found.Damping == 0 ? "Log determinant" : $"Log determinant of |A| + {Figures.Plain(found.Damping, 3)}";
        Row(page, name, Figures.Value(found.Value, found.StandardError), Figures.Error(found.StandardError), "", Products(found.Products));
        Row(page, "Share of eigenvalues below zero", Figures.Share(found.NegativeMass), "", "", "estimated with the log determinant");
    }

    private static void WriteEnd(Markup page, string caption, IReadOnlyList<Eigenvalue> pairs)
    {
        if (pairs.Count == 0)
        {
            return;
        }

        Start(page, caption, "#Rank", "#Value", "#Error at most", "Converged");
        for (int i = 0; i < pairs.Count; i++)
        {
            var (value, residual, converged) = pairs[i];
            Row(page, $"{i + 1}", Figures.Value(value, residual), Figures.Error(residual), Words.Converged(converged));
        }

        Finish(page);
    }

    private static void WriteLayers(Markup page, IReadOnlyList<SpectrumResult> layers)
    {
        if (layers.Count == 0)
        {
            return;
        }

        Start(page, "Diagonal blocks by layer", "Layer", "#Parameters", "#Largest", "#Smallest", "#Trace", "Converged");
        foreach (var layer in layers)
        {
            string trace = layer.Trace is null ? "" : Figures.WithError(layer.Trace.Value, layer.Trace.StandardError, CellDigits);
            Row(page, Words.Layer(layer.Name), Figures.Count(layer.Dimension), First(layer.Top), First(layer.Bottom), trace, State(layer));
        }

        Finish(page);
    }

    private static string First(IReadOnlyList<Eigenvalue> pairs) =>
        pairs.Count == 0 ? "" : Figures.WithError(pairs[0].Value, pairs[0].Residual, CellDigits) + (pairs[0].Converged ? "" : " unconverged");

    private static string State(SpectrumResult layer)
    {
        var (converged, all) = Words.Convergence(layer);
        return all == 0 ? "" : converged == all ? $"all {all}" : $"{all - converged} of {all} unconverged";
    }

    private static string Products(double products) => $"{Figures.Count(products)} products";

    /// <summary>Opens a table; a heading that starts with # is a column of numbers.</summary>
    private static void Start(Markup page, string caption, params ReadOnlySpan<string> headings)
    {
        page.Line().Open("div", ("class", "scroll")).Open("table").Leaf("caption", caption).Open("thead").Open("tr");
        foreach (string heading in headings)
        {
            page.Leaf("th", heading.TrimStart('#'), ("scope", "col"), ("class", heading.StartsWith('#') ? "number" : "word"));
        }

        page.Close().Close().Open("tbody");
    }

    private static void Row(Markup page, string name, params ReadOnlySpan<string> cells)
    {
        bool open = cells.Length > 0 && cells.ToArray().Any(cell => cell.Contains("unconverged", StringComparison.Ordinal));
        page.Line().Open("tr", ("class", open ? "open" : "settled")).Leaf("th", name, ("scope", "row"));
        foreach (string cell in cells)
        {
            bool number = cell.Length > 0 && (char.IsAsciiDigit(cell[0]) || cell[0] == '-');
            page.Leaf("td", number ? Typography.Number(cell) : cell, ("class", number ? "number" : "word"));
        }

        page.Close();
    }

    private static void Finish(Markup page) => page.Close().Close().Close();
}
