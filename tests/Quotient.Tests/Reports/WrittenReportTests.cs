using NUnit.Framework;
using Quotient.Reports;

namespace Quotient.Tests.Reports;

public class WrittenReportTests
{
    private string _folder = "";

    private static readonly Action<Report, string>[] Writers =
    [
        HtmlWriter.Write, JsonWriter.Write, (report, path) => CsvWriter.Write(report, "eigenvalues", path),
        (report, path) => CsvWriter.Write(report, "density", path),
    ];

    [SetUp]
    public void Make() => _folder = Directory.CreateTempSubdirectory("quotient-report-").FullName;

    [TearDown]
    public void Remove() => Directory.Delete(_folder, recursive: true);

    [TestCaseSource(nameof(Writers))]
    public void A_report_replaces_an_older_one_and_leaves_nothing_else(Action<Report, string> write)
    {
        string path = Path.Combine(_folder, "report");
        File.WriteAllText(path, "older");
        write(SpectrumReport.Of(Samples.Full), path);
        Assert.That(File.ReadAllText(path), Has.Length.GreaterThan(50));
        Assert.That(Directory.GetFileSystemEntries(_folder), Is.EqualTo(new[] { path }));
    }

    [TestCaseSource(nameof(Writers))]
    public void A_missing_folder_is_one_clear_sentence(Action<Report, string> write)
    {
        string path = Path.Combine(_folder, "missing", "report");
        var error = Assert.Throws<QuotientException>(() => write(SpectrumReport.Of(Samples.Full), path));
        Assert.That(error!.Message, Does.Contain(path).And.Not.Contain("\n").And.Contain("does not exist; create it first"));
    }

    [TestCaseSource(nameof(Writers))]
    public void A_folder_in_the_files_place_is_refused_and_nothing_is_left(Action<Report, string> write)
    {
        string path = Path.Combine(_folder, "taken");
        Directory.CreateDirectory(path);
        Assert.Throws<QuotientException>(() => write(SpectrumReport.Of(Samples.Full), path));
        Assert.That(Directory.GetFileSystemEntries(_folder), Is.EqualTo(new[] { path }));
    }

    [TestCase("")]
    [TestCase(" ")]
    [TestCase("a\0b")]
    public void A_path_that_names_no_file_is_refused(string path) =>
        Assert.Throws<QuotientException>(() => JsonWriter.Write(SpectrumReport.Of(Samples.Full), path));
}
