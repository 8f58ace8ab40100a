using Quotient.Files;

namespace Quotient.Reports;

/// <summary>A table of a report as CSV (RFC 4180) with a header line. Doubles read back as the same bits; names of others are made inert.</summary>
public static class CsvWriter
{
    /// <summary>Writes a table to a file, whole or not at all.</summary>
    /// <exception cref="QuotientException">The file cannot be written, or the report has no such table.</exception>
    public static void Write(Report report, string table, string path) => WholeFile.WriteText(path, ToText(report, table));

    /// <summary>The table of that key as text.</summary>
    /// <exception cref="QuotientException">The report has no such table.</exception>
    public static string ToText(Report report, string table)
    {
        var found = report.Tables.FirstOrDefault(one => one.Key == table) ?? throw new QuotientException(
            $"the report has no table '{table}' but {Figures.Of(report.Tables.Select(one => one.Key).OfType<string>().DefaultIfEmpty("none"))}");
        int[] columns = [.. Enumerable.Range(0, found.Keys.Count).Where(i => found.Keys[i] is not null)];
        var lines = found.Rows.Select(row => columns.Select(i => Field(row[i].Value))).Prepend(columns.Select(i => found.Keys[i]!));
        return string.Concat(lines.Select(fields => $"{string.Join(',', fields.Select(Quoted))}\n"));
    }

    private static string Field(object? value) => value switch
    {
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        int or long or ulong => Convert.ToString(value, CultureInfo.InvariantCulture)!,
        string text => Inert(PlainTextWriter.Line(text)),
        _ => Figures.Of(value),
    };

    /// <summary>Spreadsheets take text that begins so for a formula, unless an apostrophe precedes it.</summary>
    private static string Inert(string text) => text.Length > 0 && "=+-@".Contains(text[0]) ? $"'{text}" : text;

    private static string Quoted(string field) =>
        field.AsSpan().IndexOfAny(",\"\r\n") < 0 ? field : $"\"{field.Replace("\"", "\"\"")}\"";
}
