using Quotient.Reports.Charts;
using Quotient.Results;

namespace Quotient.Reports;

/// <summary>The page's tables: every figure with its error and whether it converged.</summary>
internal static class HtmlTables
{
    private const int CellDigits = 6;

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
        var table = new HtmlTable(page, "Of the whole", "Figure", "#Value", "#Error", "Converged", "From");
        table.Row("Loss", Figures.Plain(analysis.Loss, 8), "", "", "all samples");
        if (analysis.Error is { } error)
        {
            table.Row("Share misclassified", Figures.Share(error), "", "", "all samples");
        }

        table.Row("Gradient norm", Figures.Plain(analysis.GradientNorm, 8), "", "", "all samples");
        if (analysis.Spectrum.Trace is { } trace)
        {
            string from = $"{trace.Method}, {Words.Counted(trace.Products, "product")}";
            string spread = Words.IsExact(trace) ? "exact" : Figures.Spread(trace.StandardError);
            table.Row("Trace", Figures.Value(trace.Value, trace.StandardError), spread, Words.Converged(trace.Converged), from);
        }

        if (analysis.Spectrum.LogDeterminant is { } logDeterminant)
        {
            AddLogDeterminant(table, logDeterminant);
        }

        table.Finish();
    }

    private static void AddLogDeterminant(HtmlTable table, LogDeterminant found)
    {
        string damped = found.Damping == 0 ? "" : $" of |A| + {Typography.Number(Figures.Plain(found.Damping, 3))}";
        var (value, error) = (Figures.Value(found.Value, found.StandardError), Figures.Spread(found.StandardError));
        table.Row($"Log determinant{damped}", value, error, "", Words.Counted(found.Products, "product"));
        table.Row("Share of eigenvalues below zero", Figures.Share(found.NegativeMass), "", "", "with the log determinant");
    }

    private static void WriteEnd(Markup page, string caption, IReadOnlyList<Eigenvalue> pairs)
    {
        if (pairs.Count == 0)
        {
            return;
        }

        var table = new HtmlTable(page, caption, "Rank", "#Value", "#Error at most", "Converged");
        for (int i = 0; i < pairs.Count; i++)
        {
            var (value, residual, converged) = pairs[i];
            table.Row($"{i + 1}", Figures.Value(value, residual), Figures.Error(residual), Words.Converged(converged));
        }

        table.Finish();
    }

    private static void WriteLayers(Markup page, IReadOnlyList<SpectrumResult> layers)
    {
        if (layers.Count == 0)
        {
            return;
        }

        var table = new HtmlTable(
            page, "Diagonal blocks by layer", "Layer", "#Parameters", "#Largest", "#Smallest", "#Trace", "Converged");
        foreach (var layer in layers)
        {
            string size = Figures.Count(layer.Dimension);
            table.Row(Words.Layer(layer.Name), size, First(layer.Top), First(layer.Bottom), Trace(layer.Trace), State(layer));
        }

        table.Finish();
    }

    private static string First(IReadOnlyList<Eigenvalue> pairs) =>
        pairs.Count == 0
            ? ""
            : Words.Marked(Figures.WithError(pairs[0].Value, pairs[0].Residual, CellDigits), pairs[0].Converged);

    private static string Trace(TraceEstimate? trace) =>
        trace is null ? "" : Words.Marked(Words.Trace(trace, CellDigits), trace.Converged);

    private static string State(SpectrumResult layer)
    {
        var (converged, all) = Words.Convergence(layer);
        return all == 0 ? "" : converged == all ? $"all {all}" : $"{all - converged} of {all} {Words.Unconverged}";
    }
}
