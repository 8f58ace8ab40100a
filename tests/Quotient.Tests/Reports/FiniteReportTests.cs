using NUnit.Framework;
using Quotient.Reports;

namespace Quotient.Tests.Reports;

public class FiniteReportTests
{
    private static readonly TestCaseData[] Wrong =
    [
        new TestCaseData(new Report("r", "").Fact("loss", null, double.NaN), "the loss is NaN"),
        new TestCaseData(new Report("r", "").Fact("gradientNorm", "gradient norm", double.PositiveInfinity), "the gradient norm is an infinity"),
        new TestCaseData(new Report("r", "").Fact("trace", null, new Fields(("value", double.NaN))), "the trace.value is NaN"),
        new TestCaseData(new Report("r", "").Fact("points", null, new[] { 0.5, double.NegativeInfinity }), "the points[1] is an infinity"),
        new TestCaseData(
            new Report("r", "").Table(Table.Of("t", "", [1.0, double.NaN], new Column<double>("k", "label", value => value))), "the label is NaN"),
        new TestCaseData(SpectrumReport.Of(Samples.Bare with { Loss = double.NaN }), "the loss is NaN"),
    ];

    [TestCaseSource(nameof(Wrong))]
    public void What_is_no_number_is_refused_wherever_it_stands(Report report, string words) => Assert.That(
        () => report.RequireFinite(Precision.Single),
        Throws.TypeOf<QuotientException>().With.Message.StartsWith(words).And.Message.Contains("--precision double"));

    [Test]
    public void What_is_not_known_is_no_figure_and_passes()
    {
        var spectrum = Samples.Full.Spectrum with { LogDeterminant = new(1, double.NaN, double.NaN, 0, 0, 0, 1), Trace = new(1, double.NaN, 1, "hutchinson", true) };
        var report = SpectrumReport.Of(Samples.Full with { Spectrum = spectrum }).Training([new(1, 0.5, double.NaN, null, null)]);
        Assert.That(() => report.RequireFinite(Precision.Single), Throws.Nothing);
    }
}
