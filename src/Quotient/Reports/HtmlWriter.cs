using Quotient.Files;
using Quotient.Reports.Charts;

namespace Quotient.Reports;

/// <summary>
/// A report as one self-contained HTML file: no scripts, no fonts, nothing fetched. It is readable in light and dark, on narrow
/// screens and on paper, and is well-formed XML as well.
/// </summary>
public static class HtmlWriter
{
    private const int NarrowTable = 5;

    /// <summary>Writes a report to a file, whole or not at all.</summary>
    /// <exception cref="QuotientException">The file cannot be written.</exception>
    public static void Write(Report report, string path) => WholeFile.WriteText(path, ToText(report));

    /// <summary>A report as the text of an HTML page.</summary>
    public static string ToText(Report report)
    {
        var page = new Markup();
        page.Raw("<!DOCTYPE html>\n").Open("html", ("lang", "en"), ("xmlns", "http://www.w3.org/1999/xhtml"));
        page.Line().Open("head").Void("meta", ("charset", "utf-8"));
        page.Void("meta", ("name", "viewport"), ("content", "width=device-width, initial-scale=1"));
        page.Void("meta", ("name", "color-scheme"), ("content", "light dark"));
        page.Leaf("title", report.Subject.Length > 0 ? $"{report.Title}: {report.Subject}" : report.Title);
        page.Open("style").Raw(HtmlStyle.Page).Raw(HtmlStyle.Charts).Close().Close();
        page.Line().Open("body").Open("main");
        WriteHeader(page, report);
        foreach (var chart in report.Charts)
        {
            WriteChart(page, chart);
        }

        WriteFigures(page, report);
        if (report.Provenance is { } provenance)
        {
            WriteProvenance(page, provenance);
        }

        return page.Close().Close().Close().Line().ToString();
    }

    private static void WriteHeader(Markup page, Report report)
    {
        page.Line().Open("header").Leaf("p", "Quotient report", ("class", "eyebrow")).Leaf("h1", report.Title);
        if (report.Subject.Length > 0)
        {
            page.Open("p", ("class", "subject")).Leaf("strong", report.Subject).Void("br").Text(string.Join(" · ", report.Details)).Close();
        }

        WriteTiles(page, report);
        foreach (var note in report.Notes)
        {
            page.Leaf("p", note.Sentence, ("class", note.IsWarning ? "warning" : "note"), ("role", "note"));
        }

        page.Close();
    }

    private static void WriteTiles(Markup page, Report report)
    {
        Fact[] numbers = [.. report.Facts.Where(fact => fact.Label is not null && fact.Quantity is not null)];
        if (numbers.Length == 0)
        {
            return;
        }

        page.Line().Open("dl", ("class", "tiles"));
        foreach (var fact in numbers)
        {
            string small = fact.Quantity is not { Error: not 0 } quantity ? fact.Remark
                : quantity.Error > 0 ? $"± {Figures.Error(quantity.Error)}"
                : $"error {Figures.Spread(quantity.Error)}";
            page.Open("div", ("class", fact.Converged ? "tile" : "tile open"));
            page.Leaf("dt", Sentence(fact.Label!)).Leaf("dd", Figures.Minus(Brief(fact)), ("class", "big"));
            page.Leaf("dd", Figures.Minus(Figures.Marked(small, fact.Converged)), ("class", "small")).Close();
        }

        page.Close();
    }

    /// <summary>A figure short enough for a tile: five digits, or three where those take more than eight characters.</summary>
    private static string Brief(Fact fact)
    {
        var (value, error, _) = fact.Quantity!.Value;
        string five = Figures.Value(value, error, 5);
        return fact.Text ?? (five.Length > 8 ? Figures.Value(value, error, 3) : five);
    }

    private static void WriteChart(Markup page, Chart chart)
    {
        bool alone = chart.Panels.Count == 1;
        var drawn = chart.Panels.Select(panel => (panel.Name, Drawings: Draw(panel, alone))).Where(panel => panel.Drawings.Length > 0).ToArray();
        if (drawn.Length == 0)
        {
            return;
        }

        page.Line().Open("section").Open("figure").Leaf("h2", chart.Title);
        Legend.Write(page, chart);
        page.Open("div", ("class", alone ? "charts" : "pair"));
        foreach (var (name, drawings) in drawn)
        {
            page.Line().Open("div");
            _ = name.Length > 0 ? page.Leaf("h3", name) : page;
            page.Raw(string.Join('\n', drawings)).Close();
        }

        page.Close().Line().Leaf("figcaption", chart.Caption).Close().Close();
    }

    /// <summary>A panel beside others, or alone: as wide as the page, and again for narrow screens, which show the one that suits them.</summary>
    private static string[] Draw(Panel panel, bool alone)
    {
        if (panel is HeatMap map)
        {
            return DrawMap(map, alone);
        }

        double? rows = Frame.HeightOf(panel.Y);
        ChartSize[] sizes = alone ? [new(880, rows ?? 340, "wide"), new(400, rows ?? 300, "narrow")] : [new(430, rows ?? 240, "half")];
        return [.. sizes.Select(size => Drawing.Draw(panel, size)).OfType<string>()];
    }

    private static string[] DrawMap(HeatMap map, bool alone)
    {
        (double Width, string Class)[] sizes = alone ? [(880, "wide"), (400, "narrow")] : [(430, "half")];
        return [.. sizes.Select(size => HeatMapDrawing.Draw(map, new(size.Width, HeatMapDrawing.HeightOf(map, size.Width), size.Class))).OfType<string>()];
    }

    private static void WriteFigures(Markup page, Report report)
    {
        Table[] tables = [.. report.Tables.Where(table => table.IsShown)];
        Fact[] facts = [.. report.Facts.Where(fact => fact.Label is not null)];
        if (facts.Length + tables.Length == 0)
        {
            return;
        }

        page.Line().Open("section").Leaf("h2", "Figures");
        if (facts.Length > 0)
        {
            WriteTable(page, Table.Of<Fact>(
                null, "", facts,
                new(null, "figure", fact => Sentence(fact.Label!)),
                new(null, "value", fact => fact.Quantity, ValueOf),
                new(null, "error", fact => fact.Quantity, ErrorOf),
                new(null, "converged", fact => fact.Converged, fact => fact.Converged ? "" : Figures.Unconverged),
                new(null, "from", fact => fact.Remark)));
        }

        page.Open("div", ("class", "tables"));
        foreach (var table in tables)
        {
            WriteTable(page, table);
        }

        page.Close().Close();
    }

    private static string ValueOf(Fact fact) =>
        fact.Text ?? (fact.Quantity is not { } quantity ? fact.Reading
            : quantity.Error > 0 ? Figures.Value(quantity.Value, quantity.Error)
            : Figures.Plain(quantity.Value, 8));

    private static string ErrorOf(Fact fact) =>
        fact.Quantity is { } quantity && (quantity.IsEstimate || quantity.Error != 0) ? Figures.Spread(quantity.Error) : "";

    /// <summary>Columns that say something; the first names the rows, numbers stand right, and what did not converge stands out.</summary>
    private static void WriteTable(Markup page, Table table)
    {
        int[] shown = table.Shown;
        string[] classes =
            [.. Enumerable.Range(0, table.Labels.Count).Select(c => c != shown[0] && IsNumeric(table, c) ? "number" : "word")];
        page.Line().Open(
            "div", ("class", shown.Length < NarrowTable ? "scroll half" : "scroll"), ("tabindex", "0"), ("role", "region"),
            ("aria-label", table.Title!.Length > 0 ? table.Title : "figures"));
        page.Open("table");
        _ = table.Title.Length > 0 ? page.Leaf("caption", table.Title) : page;
        page.Open("thead").Open("tr");
        foreach (int c in shown)
        {
            page.Leaf("th", Sentence(table.Labels[c]!), ("scope", "col"), ("class", classes[c]));
        }

        page.Close().Close().Open("tbody");
        foreach (var row in table.Rows)
        {
            page.Line().Open("tr").Leaf("th", row[shown[0]].Text, ("scope", "row"), ("class", classes[shown[0]]));
            foreach (int c in shown[1..])
            {
                string text = row[c].Text, state = text.Contains(Figures.Unconverged, StringComparison.Ordinal) ? " open" : "";
                page.Leaf("td", classes[c] == "number" ? Figures.Minus(text) : text, ("class", classes[c] + state));
            }

            page.Close();
        }

        page.Close().Close().Close();
    }

    private static bool IsNumeric(Table table, int column) =>
        table.Rows.All(row => row[column].Value is null or int or long or ulong or double or Quantity)
        && table.Rows.Any(row => row[column].Value is not null);

    /// <summary>A label with which a line begins.</summary>
    private static string Sentence(string label) => label.Length <= 1 ? label : char.ToUpperInvariant(label[0]) + label[1..];

    private static void WriteProvenance(Markup page, Provenance from)
    {
        page.Line().Open("section", ("class", "again")).Leaf("h2", "To make this again").Open("pre").Open("code");
        // Each word is kept whole, so that lines do not break after the hyphens of an option.
        foreach (var (i, word) in from.Command.Split(' ').Index())
        {
            page.Text(i == 0 ? "" : " ").Leaf("span", word);
        }

        page.Close().Close().Open("dl");
        (string Term, string Text)[] entries =
        [
            ("Version", $"Quotient {from.Version}"),
            ("Seed", $"{from.Seed}"),
            ("Device", from.DeviceText),
            ("Precision", Figures.Of(from.Precision)),
            ("Products", from.Products is { } products ? Figures.Count(products) : ""),
            ("Time", from.Seconds is { } seconds ? Figures.Duration(seconds) : ""),
        ];
        foreach (var (term, text) in entries.Where(entry => entry.Text.Length > 0))
        {
            page.Open("div").Leaf("dt", term).Leaf("dd", text).Close();
        }

        string[] notes =
        [
            from.Products is null ? "" : "Products are multiplications of one vector by the operator over all samples, or work equal to that.",
            from.Seed is null ? "" : "The same seed, device and number of threads give the same bits.",
        ];
        page.Close().Leaf("p", string.Join(' ', notes).Trim(), ("class", "note")).Close();
    }
}
