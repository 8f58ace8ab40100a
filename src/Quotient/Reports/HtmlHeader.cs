using Quotient.Reports.Charts;
using Quotient.Spectra;

namespace Quotient.Reports;

/// <summary>The head of the page: what was analysed, the key figures, and a warning where some are not to be trusted.</summary>
internal static class HtmlHeader
{
    private const int TileDigits = 5;

    public static void Write(Markup page, Analysis analysis)
    {
        page.Line().Open("header");
        page.Leaf("p", "Quotient report", ("class", "eyebrow"));
        page.Leaf("h1", $"{Words.Operator(analysis.Spectrum.Name)} spectrum");
        WriteSubject(page, analysis);
        WriteTiles(page, analysis);
        WriteWarning(page, analysis);
        page.Close();
    }

    private static void WriteSubject(Markup page, Analysis analysis)
    {
        page.Open("p", ("class", "subject")).Leaf("strong", analysis.Network).Text(" on ").Leaf("strong", analysis.Data);
        page.Void("br");
        page.Text(
            $"{Figures.Count(analysis.Parameters)} parameters · {Figures.Count(analysis.Samples)} samples · "
            + $"{Words.Loss(analysis.LossName)} loss");
        page.Close();
    }

    private static void WriteTiles(Markup page, Analysis analysis)
    {
        var spectrum = analysis.Spectrum;
        page.Line().Open("dl", ("class", "tiles"));
        Tile(page, "Loss", Figures.Plain(analysis.Loss, TileDigits), "");
        if (analysis.Error is { } error)
        {
            Tile(page, "Error", Figures.Share(error), "of samples");
        }

        Tile(page, "Gradient norm", Figures.Plain(analysis.GradientNorm, 4), "");
        PairTile(page, "Largest eigenvalue", spectrum.Top);
        PairTile(page, "Smallest eigenvalue", spectrum.Bottom);
        if (spectrum.Trace is { } trace)
        {
            string note = trace.StandardError > 0 ? $"± {Figures.Error(trace.StandardError)}" : trace.Method;
            Tile(page, "Trace", Figures.Value(trace.Value, trace.StandardError, TileDigits), note, trace.Converged);
        }

        page.Close();
    }

    private static void PairTile(Markup page, string name, IReadOnlyList<Eigenvalue> pairs)
    {
        if (pairs.Count > 0)
        {
            var (value, residual, converged) = pairs[0];
            Tile(page, name, Figures.Value(value, residual, TileDigits), $"± {Figures.Error(residual)}", converged);
        }
    }

    private static void Tile(Markup page, string name, string value, string note, bool converged = true)
    {
        page.Open("div", ("class", converged ? "tile" : "tile open"));
        page.Leaf("dt", name).Leaf("dd", Typography.Number(value), ("class", "big"));
        page.Leaf("dd", Typography.Number(converged ? note : $"{note} unconverged".TrimStart()), ("class", "small"));
        page.Close();
    }

    private static void WriteWarning(Markup page, Analysis analysis)
    {
        var counts = analysis.Layers.Prepend(analysis.Spectrum).Select(Words.Convergence).ToArray();
        int all = counts.Sum(count => count.All);
        int open = all - counts.Sum(count => count.Converged);
        if (open == 0)
        {
            return;
        }

        page.Open("p", ("class", "warning"), ("role", "note"));
        page.Leaf("strong", $"{open} of {all} figures did not converge.");
        page.Text(" They are drawn hollow and marked “unconverged”: more steps or a wider tolerance would settle them.");
        page.Close();
    }
}
