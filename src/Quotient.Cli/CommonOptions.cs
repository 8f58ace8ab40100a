using Quotient.Backends;
using Quotient.Reports;

namespace Quotient.Cli;

/// <summary>The options that every command has.</summary>
internal sealed class CommonOptions
{
    public Option<string> Precision { get; } = OptionOf.Choice(
        "--precision", "Arithmetic of 32 or 64 bits. Double is exact to 1e-9 or better and about half as fast.", "single",
        [.. Problem.Precisions]);

    public Option<string?> Device { get; } = OptionOf.Text(
        "--device", "auto|cpu|cuda|opencl", "Where to compute; 'quotient devices' lists the choices.", "auto");

    public Option<ulong> Seed { get; } = OptionOf.Seed(
        "--seed", "Seed of every random number: the same seed, device and number of threads give the same bits.", 0);

    public Option<int?> Threads { get; } = OptionOf.Whole("--threads", "CPU threads; 0 uses all.", 0, 0, 4096);

    public Option<string> MatrixPrecision { get; } = OptionOf.Choice(
        "--matrix-precision", "Matrix products in single precision. fp32: plain; tf32x3: on tensor cores, as exact; tf32: on tensor "
        + "cores, with errors of 1e-3; auto: tf32x3 where the device has it, else fp32.", "auto", [.. MatrixPrecisions.Names]);

    /// <summary>Files for the results, and what writes each.</summary>
    public IReadOnlyList<(OutputOption Option, Action<Report, string> Write)> Files { get; } =
    [
        (OptionOf.Output("--json", "Write the results as JSON."), JsonWriter.Write),
        (OptionOf.Output("--csv", "Write the main table of the results as CSV; the figures where there is no table."), WriteCsv),
        (OptionOf.Output("--html", "Write the results as one self-contained HTML page."), HtmlWriter.Write),
    ];

    public Option<bool> Quiet { get; } = OptionOf.Flag("--quiet", "Suppress all output except errors.");

    public Option<string?> DataDirectory { get; } = OptionOf.Text(
        "--data-dir", "FOLDER", "Where named data sets are kept; if not given, QUOTIENT_DATA, then your cache.");

    /// <summary>All of them, in the order of the help page.</summary>
    public IReadOnlyList<Option> All =>
        [Precision, Device, MatrixPrecision, Seed, Threads, .. Files.Select(file => file.Option), Quiet, DataDirectory];

    /// <summary>Writes the table that is meant for files, else the one that is shown, else the figures.</summary>
    private static void WriteCsv(Report report, string path)
    {
        var tables = report.Tables.Where(table => table.Key is not null).OrderBy(table => table.Title is not null);
        if (!tables.Any())
        {
            var figures = report.Facts.Where(fact => fact.Key is not null);
            report.Table(Table.Of("figures", null, figures, new("name", null, fact => fact.Key), new("value", null, fact => fact.Value)));
        }

        CsvWriter.Write(report, tables.First().Key!, path);
    }
}
