using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Quotient.Reports;
using Quotient.Results;

namespace Quotient.Cli;

/// <summary>Results that are a few figures or a list: what the commands without a spectrum print and write.</summary>
/// <param name="Title">The page's heading.</param>
/// <param name="Values">The same results for JSON, at full precision.</param>
/// <param name="Grids">Tables, one below the other.</param>
internal sealed record Sheet(string Title, object Values, params IReadOnlyList<Grid> Grids)
{
    private const string PageStyle =
        "body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:52rem;padding:0 1rem;color-scheme:light dark}"
        + "table{border-collapse:collapse;margin:1.5rem 0}"
        + "td,th{text-align:left;padding:.3rem 1.2rem .3rem 0;border-bottom:1px solid #8884}"
        + "td{font-variant-numeric:tabular-nums}code{overflow-wrap:anywhere}";

    private static readonly JsonSerializerOptions JsonStyle = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Converters = { new FiniteOrNull() },
    };

    /// <summary>Epochs that the page draws as curves.</summary>
    public IReadOnlyList<EpochRecord> Training { get; init; } = [];

    /// <summary>Prints the results and writes the files that were asked for.</summary>
    public void Deliver(Invocation run)
    {
        if (run.JsonFile is { } json)
        {
            WholeFile.WriteText(json, JsonSerializer.Serialize(Values, JsonStyle) + "\n");
        }

        if (run.HtmlFile is { } html)
        {
            WholeFile.WriteText(html, ToHtml(run.CommandText));
        }

        run.Say(string.Join("\n\n", Grids.Where(grid => grid.Rows.Count > 0).Select(grid => string.Join('\n', grid.Lines()))));
    }

    private string ToHtml(string command)
    {
        var page = new StringBuilder();
        page.Append("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">")
            .Append("<meta name=\"viewport\" content=\"width=device-width\">\n<title>").Append(Escape(Title))
            .Append("</title>\n<style>").Append(Training.Count > 0 ? TrainingCurves.Style : PageStyle).Append("</style></head>\n")
            .Append("<body><main><h1>").Append(Escape(Title)).Append("</h1>\n").Append(TrainingCurves.ToHtml(Training));
        foreach (var grid in Grids)
        {
            page.Append("<table>\n");
            AppendRow(page, "th", grid.Header);
            foreach (string[] row in grid.Rows)
            {
                AppendRow(page, "td", row);
            }

            page.Append("</table>\n");
        }

        return page.Append("<p><code>").Append(Escape(command)).Append("</code></p>\n</main></body></html>\n").ToString();
    }

    private static void AppendRow(StringBuilder page, string tag, IReadOnlyList<string> cells)
    {
        if (cells.Count > 0)
        {
            page.Append("<tr>").AppendJoin("", cells.Select(cell => $"<{tag}>{Escape(cell)}</{tag}>")).Append("</tr>\n");
        }
    }

    private static string Escape(string text) => WebUtility.HtmlEncode(text);
}

/// <summary>A table.</summary>
/// <param name="Header">Names of the columns; empty where the first column names each figure.</param>
/// <param name="Rows">Cells, a row each.</param>
internal sealed record Grid(IReadOnlyList<string> Header, IReadOnlyList<string[]> Rows)
{
    /// <summary>Figures, each with its name before it.</summary>
    public static Grid Of(IEnumerable<string[]> rows) => new([], [.. rows]);

    /// <summary>Lines for a terminal, in aligned columns.</summary>
    public IEnumerable<string> Lines()
    {
        List<IReadOnlyList<string>> lines = Header.Count > 0 ? [Header, .. Rows] : [.. Rows];
        int[] widths = [.. Enumerable.Range(0, lines[0].Count).Select(i => lines.Max(line => line[i].Length))];
        return lines.Select(line => string.Join("  ", line.Select((cell, i) => cell.PadRight(widths[i]))).TrimEnd());
    }
}

/// <summary>Writes NaN and infinities, for which JSON has no words, as <c>null</c>.</summary>
internal sealed class FiniteOrNull : JsonConverter<double>
{
    /// <inheritdoc/>
    public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("Results are only written.");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
    {
        if (double.IsFinite(value))
        {
            writer.WriteNumberValue(value);
        }
        else
        {
            writer.WriteNullValue();
        }
    }
}
