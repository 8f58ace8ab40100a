using Quotient.Reports.Charts;
using Quotient.Results;

namespace Quotient.Reports;

/// <summary>The head of the page: what was analysed, the key figures, and a warning where some are not to be trusted.</summary>
internal static class HtmlHeader
{
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
            $"{Words.Counted(analysis.Parameters, "parameter")} · {Words.Counted(analysis.Samples, "sample")} · "
            + Words.Subject(analysis));
        page.Close();
    }

    private static void WriteTiles(Markup page, Analysis analysis)
    {
        var spectrum = analysis.Spectrum;
        page.Line().Open("dl", ("class", "tiles"));
        Tile(page, "Loss", Brief(analysis.Loss, 0), "");
        if (analysis.Error is { } error)
        {
            Tile(page, "Error", Figures.Share(error), "of samples");
        }

        Tile(page, "Gradient norm", Brief(analysis.GradientNorm, 0), "");
        PairTile(page, "Largest λ", spectrum.Top);
        PairTile(page, "Smallest λ", spectrum.Bottom);
        if (spectrum.Trace is { } trace)
        {
            string note = Words.IsExact(trace) ? trace.Method
                : trace.StandardError > 0 ? $"± {Figures.Error(trace.StandardError)}"
                : $"error {Figures.Spread(trace.StandardError)}";
            Tile(page, "Trace", Brief(trace.Value, trace.StandardError), note, trace.Converged);
        }

        page.Close();
    }

    private static void PairTile(Markup page, string name, IReadOnlyList<Eigenvalue> pairs)
    {
        if (pairs.Count > 0)
        {
            var (value, residual, converged) = pairs[0];
            Tile(page, name, Brief(value, residual), $"± {Figures.Error(residual)}", converged);
        }
    }

    private static void Tile(Markup page, string name, string value, string note, bool converged = true)
    {
        page.Open("div", ("class", converged ? "tile" : "tile open"));
        page.Leaf("dt", name).Leaf("dd", Typography.Number(value), ("class", "big"));
        page.Leaf("dd", Typography.Number(Words.Marked(note, converged)), ("class", "small"));
        page.Close();
    }

    /// <summary>A figure short enough for a tile: five digits, or three where those take more than eight characters.</summary>
    private static string Brief(double value, double error)
    {
        string five = Figures.Value(value, error, 5);
        return five.Length > 8 ? Figures.Value(value, error, 3) : five;
    }

    private static void WriteWarning(Markup page, Analysis analysis)
    {
        var (open, all) = Words.Unsettled(analysis);
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
