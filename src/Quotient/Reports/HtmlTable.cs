using Quotient.Reports.Charts;

namespace Quotient.Reports;

/// <summary>A table under construction; its first column names the rows.</summary>
internal sealed class HtmlTable
{
    private readonly Markup _page;
    private readonly string[] _classes;

    /// <summary>Opens a table; a heading that starts with # is a column of numbers, set right.</summary>
    public HtmlTable(Markup page, string caption, params ReadOnlySpan<string> headings)
    {
        _page = page;
        _classes = [.. headings.ToArray().Select(heading => heading.StartsWith('#') ? "number" : "word")];
        page.Line().Open("div", ("class", "scroll"), ("tabindex", "0"), ("role", "region"), ("aria-label", caption));
        page.Open("table").Leaf("caption", caption).Open("thead").Open("tr");
        for (int i = 0; i < headings.Length; i++)
        {
            page.Leaf("th", headings[i].TrimStart('#'), ("scope", "col"), ("class", _classes[i]));
        }

        page.Close().Close().Open("tbody");
    }

    /// <summary>Adds a row; cells that tell of something unconverged stand out.</summary>
    public HtmlTable Row(string name, params ReadOnlySpan<string> cells)
    {
        _page.Line().Open("tr").Leaf("th", name, ("scope", "row"), ("class", _classes[0]));
        for (int i = 0; i < cells.Length; i++)
        {
            bool number = _classes[i + 1] == "number";
            string state = cells[i].Contains(Words.Unconverged, StringComparison.Ordinal) ? " open" : "";
            _page.Leaf("td", number ? Typography.Number(cells[i]) : cells[i], ("class", _classes[i + 1] + state));
        }

        _page.Close();
        return this;
    }

    /// <summary>Closes the table.</summary>
    public void Finish() => _page.Close().Close().Close();
}
