using NUnit.Framework;
using Quotient.Reports;

namespace Quotient.Tests.Reports;

public class PlainTextWriterTests
{
    [Test]
    public void The_full_summary_reads_so()
    {
        string[] expected =
        [
            "784-32-10 on strokes:train",
            "25,450 parameters, 500 samples, cross-entropy loss",
            "",
            "  loss                    0.0123457",
            "  error                   0.35 %             (of samples)",
            "  gradient norm           0.333333",
            "  largest λ               1.281803 ± 2.8e-5",
            "  smallest λ              -0.17740 ± 4e-5",
            "  trace                   12.35 ± 0.13       (hutch++, 66 products)",
            "  log determinant         -1234600 ± 400     (of |A| + 1e-6)",
            "  eigenvalues below zero  3.1 %",
            "",
            "Largest eigenvalues",
            "  rank  value     error at most  converged",
            "  1     1.281803  2.8e-5         yes",
            "  2     1.133     0.020          unconverged",
            "",
            "Smallest eigenvalues",
            "  rank  value     error at most  converged",
            "  1     -0.17740  4e-5           yes",
            "  2     -0.11     0.03           unconverged",
            "",
            "Diagonal blocks by layer",
            "  layer    parameters  largest            trace                  converged",
            "  layer 0  25,120      0.900000 ± 1.0e-5  3.2 ± 0.5 unconverged  1 of 2 unconverged",
            "",
            "3 of 7 figures are unconverged, and drawn hollow: ask for more steps or a wider tolerance.",
            "",
            "1,204.5 products in 34.6 s on cpu:0 (a processor), single precision, seed 18446744073709551615",
        ];
        Assert.That(Lines(Samples.Full), Is.EqualTo(expected));
    }

    [Test]
    public void What_was_not_computed_is_left_out()
    {
        string all = string.Join("\n", Lines(Samples.Bare));
        Assert.That(all, Does.Not.Contain("trace").And.Not.Contain("eigenvalue"));
        Assert.That(all, Does.Not.Contain("layer").And.Not.Contain("unconverged"));
    }

    [Test]
    public void A_figure_of_unknown_error_says_so_and_counts_of_one_are_singular()
    {
        var one = Samples.Bare with
        {
            Parameters = 1,
            Samples = 1,
            Provenance = Samples.Bare.Provenance with { Products = 1 },
            Spectrum = new(
                "hessian", 1, [new(0, 1e-17, true)], [], new(2, 0, 1, "hutchinson", true), null,
                new(-97.19991, double.NaN, double.NaN, 0, 0, 0, 1), 1),
            Layers = [new("0", 1, [], [], new(3, 0, 1, "exact", true), null, null, 1)],
        };
        string all = string.Join("\n", Lines(one));
        Assert.That(all, Does.Contain("1 parameter, 1 sample,").And.Contain("\n1 product in"));
        Assert.That(all, Does.Contain("-97.1999 (error unknown: one probe)").And.Contain("2 (error unknown: the probes agree)"));
        Assert.That(all, Does.Match(@"1 +0 +1\.0e-17 +yes").And.Match(@"layer 0 +1 +3 +all 1"));
    }

    [Test]
    public void Names_cannot_steer_the_terminal()
    {
        var hostile = Samples.Bare with { Network = "\u001b[2Jnet", Data = "a\nb", Provenance = new("") { Seconds = 1, Device = "\u009b1m", DeviceName = "\r" } };
        string all = string.Concat(Lines(hostile));
        Assert.That(all.Any(char.IsControl), Is.False);
        var any = new Report("any", "").About("\u001b[2J", "\r").Fact("f", "\u0007", "\b").Note("\u0085")
            .Table(Table.Of("t", "\n", ["\u001b[31m"], new Column<string>("c", "\v", text => text)));
        Assert.That(PlainTextWriter.Lines(any).SelectMany(line => line).Any(char.IsControl), Is.False);
    }

    private static IReadOnlyList<string> Lines(Analysis analysis) => PlainTextWriter.Lines(SpectrumReport.Of(analysis));
}
