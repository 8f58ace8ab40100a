namespace Quotient.Reports;

/// <summary>A report as plain lines for a terminal: aligned columns, no colour codes, and nothing in names that steers the terminal.</summary>
public static class PlainTextWriter
{
    /// <summary>A report as text, without a line end after the last line.</summary>
    public static string ToText(Report report) => string.Join('\n', Lines(report));

    /// <summary>A report's lines.</summary>
    public static IReadOnlyList<string> Lines(Report report)
    {
        IEnumerable<IEnumerable<string>> blocks =
        [
            report.Subject.Length > 0 ? [report.Subject, string.Join(", ", report.Details)] : [],
            Facts(report),
            .. report.Tables.Where(table => table.IsShown).Select(Lines),
            .. report.Notes.Select(note => new[] { note.Sentence }),
            report.Provenance is { Seconds: not null } provenance ? [Closing(provenance)] : [],
        ];
        string[][] filled = [.. blocks.Select(block => block.ToArray()).Where(block => block.Length > 0)];
        // Names must not steer the terminal, nor break lines.
        return [.. filled.SelectMany((block, i) => i == 0 ? block : block.Prepend("")).Select(Line)];
    }

    /// <summary>Anyone's text on one line of a terminal: '?' stands for what would break the line or steer the terminal.</summary>
    public static string Line(string text) => Text.Plain(text);

    private static IEnumerable<string> Facts(Report report)
    {
        var shown = report.Facts.Where(fact => fact.Label is not null);
        return Align(shown.Select(fact => new[] { fact.Label!, fact.Reading, Figures.Marked(Bracketed(fact.Remark), fact.Converged) }));
    }

    private static string Bracketed(string remark) => remark.Length > 0 ? $"({remark})" : "";

    private static IEnumerable<string> Lines(Table table)
    {
        int[] shown = table.Shown;
        var rows = table.Rows.Select(row => shown.Select(c => row[c].Text).ToArray());
        return Align(rows.Prepend([.. shown.Select(c => table.Labels[c]!)])).Prepend(table.Title!).Where(line => line.Length > 0);
    }

    private static string Closing(Provenance provenance)
    {
        string work = provenance.Products is { } products ? $"{Figures.Counted(products, "product")} in " : "";
        string[] parts =
        [
            $"{work}{Figures.Duration(provenance.Seconds!.Value)}{(provenance.Device is null ? "" : $" on {provenance.DeviceText}")}",
            .. provenance.Precision is { } precision ? new[] { $"{Figures.Of(precision)} precision" } : [],
            .. provenance.Seed is { } seed ? new[] { $"seed {seed}" } : [],
        ];
        return string.Join(", ", parts);
    }

    /// <summary>Pads the columns to their widest cell.</summary>
    private static IEnumerable<string> Align(IEnumerable<string[]> lines)
    {
        string[][] rows = [.. lines.Select(row => Array.ConvertAll(row, Line))];
        int columns = rows.Select(row => row.Length).DefaultIfEmpty().Max();
        int[] widths = [.. Enumerable.Range(0, columns).Select(c => rows.Max(row => row[c].Length))];
        return rows.Select(row => ("  " + string.Join("  ", row.Select((cell, c) => cell.PadRight(widths[c])))).TrimEnd());
    }
}
