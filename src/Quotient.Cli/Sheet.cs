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
        var report = new Report("sheet", Title).Training(Training).From(new(command));
        foreach (var grid in Grids.Where(grid => grid.Rows.Count > 0))
        {
            if (grid.Header.Count > 0)
            {
                report.Table(Table.Of(null, "", grid.Rows, [.. grid.Header.Select((name, i) => new Column<string[]>(null, name, row => row[i]))]));
            }
            else
            {
                grid.Rows.ToList().ForEach(row => report.Fact(null, row[0], null, row[1]));
            }
        }

        return HtmlWriter.ToText(report);
    }
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
