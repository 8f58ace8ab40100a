using Quotient.Reports.Charts;

namespace Quotient.Reports;

/// <summary>
/// An analysis as one self-contained HTML file: no scripts, no fonts, nothing fetched. It is readable in light and dark, on
/// narrow screens and on paper, and is well-formed XML as well.
/// </summary>
public static class HtmlReport
{
    /// <summary>Writes an analysis to a file, whole or not at all.</summary>
    /// <exception cref="QuotientException">The file cannot be written.</exception>
    public static void Write(Analysis analysis, string path) => WholeFile.WriteText(path, ToText(analysis));

    /// <summary>An analysis as the text of an HTML page.</summary>
    public static string ToText(Analysis analysis)
    {
        var page = new Markup();
        page.Raw("<!DOCTYPE html>\n").Open("html", ("lang", "en"), ("xmlns", "http://www.w3.org/1999/xhtml"));
        WriteHead(page, analysis);
        page.Line().Open("body").Open("main");
        HtmlHeader.Write(page, analysis);
        HtmlFigures.Write(page, analysis);
        HtmlTables.Write(page, analysis);
        WriteReproduction(page, analysis);
        return page.Close().Close().Close().Line().ToString();
    }

    private static void WriteHead(Markup page, Analysis analysis)
    {
        page.Line().Open("head").Void("meta", ("charset", "utf-8"));
        page.Void("meta", ("name", "viewport"), ("content", "width=device-width, initial-scale=1"));
        page.Void("meta", ("name", "color-scheme"), ("content", "light dark"));
        page.Void("meta", ("name", "generator"), ("content", $"Quotient {analysis.Version}"));
        page.Leaf("title", $"{Words.Operator(analysis.Spectrum.Name)} spectrum of {analysis.Network} on {analysis.Data}");
        page.Open("style").Raw(HtmlStyle.Page).Raw(HtmlStyle.Charts).Close().Close();
    }

    private static void WriteReproduction(Markup page, Analysis analysis)
    {
        page.Line().Open("section", ("class", "again")).Leaf("h2", "To make this again");
        WriteCommand(page, analysis.Command);
        page.Open("dl");
        Entry(page, "Version", $"Quotient {analysis.Version}");
        Entry(page, "Seed", $"{analysis.Seed}");
        Entry(page, "Device", analysis.Device);
        Entry(page, "Precision", Words.Of(analysis.Precision));
        Entry(page, "Products", Figures.Count(analysis.Products));
        Entry(page, "Time", Figures.Duration(analysis.Seconds));
        page.Close();
        page.Leaf(
            "p",
            "Products are multiplications of one vector by the operator over all samples, or work equal to that. "
            + "The same seed, device and number of threads give the same bits.",
            ("class", "note"));
        page.Close();
    }

    /// <summary>Keeps each word whole, so that lines do not break after the hyphens of an option.</summary>
    private static void WriteCommand(Markup page, string command)
    {
        page.Open("pre").Open("code");
        string[] words = command.Split(' ');
        for (int i = 0; i < words.Length; i++)
        {
            page.Text(i == 0 ? "" : " ").Leaf("span", words[i]);
        }

        page.Close().Close();
    }

    private static void Entry(Markup page, string term, string text) =>
        page.Open("div").Leaf("dt", term).Leaf("dd", text).Close();
}
