using NUnit.Framework;
using Quotient.Reports;

namespace Quotient.Tests.Reports;

public class TextSummaryTests
{
    [Test]
    public void The_full_summary_reads_so()
    {
        string[] expected =
        [
            "784-32-10 on strokes:train",
            "25,450 parameters, 500 samples, cross-entropy loss",
            "",
            "  loss           0.0123457",
            "  error          0.35 %",
            "  gradient norm  0.3333",
            "  trace          12.35 ± 0.13    (hutch++)",
            "  log det        -1234600 ± 400  (of |A| + 1e-6)",
            "",
            "Hessian spectrum, dimension 25,450",
            "            eigenvalue  residual",
            "  largest   1.281803    2.8e-5",
            "            1.133       0.020     unconverged",
            "  smallest  -0.17740    4e-5",
            "            -0.11       0.03      unconverged",
            "",
            "By layer",
            "  layer    parameters  largest            smallest  trace                  converged",
            "  layer 0  25,120      0.900000 ± 1.0e-5            3.2 ± 0.5 unconverged  1 of 2 unconverged",
            "",
            "3 of 7 figures are unconverged: ask for more steps or a wider tolerance.",
            "",
            "1,204.5 products in 34.6 s on cpu:0, single precision, seed 18446744073709551615",
        ];
        Assert.That(TextSummary.Lines(Samples.Full), Is.EqualTo(expected));
    }

    [Test]
    public void What_was_not_computed_is_left_out()
    {
        string all = string.Join("\n", TextSummary.Lines(Samples.Bare));
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
            Products = 1,
            Spectrum = new(
                "hessian", 1, [new(0, 1e-17, true)], [], new(2, 0, 1, "hutchinson", true), null,
                new(-97.19991, double.NaN, 0, 0, 1), 1),
            Layers = [new("0", 1, [], [], new(3, 0, 1, "exact", true), null, null, 1)],
        };
        string all = string.Join("\n", TextSummary.Lines(one));
        Assert.That(all, Does.Contain("1 parameter, 1 sample,").And.Contain("\n1 product in"));
        Assert.That(all, Does.Contain("-97.1999 (error unknown: one probe)").And.Contain("2 (error unknown: the probes agree)"));
        Assert.That(all, Does.Match(@"largest +0 +1\.0e-17").And.Match(@"layer 0 +1 +3 +yes"));
    }

    [Test]
    public void Names_cannot_steer_the_terminal()
    {
        var hostile = Samples.Bare with { Network = "\u001b[2Jnet", Data = "a\nb", Device = "\u009b1m" };
        string all = string.Concat(TextSummary.Lines(hostile));
        Assert.That(all.Any(char.IsControl), Is.False);
    }
}
