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
    public void Names_cannot_steer_the_terminal()
    {
        var hostile = Samples.Bare with { Network = "\u001b[2Jnet", Data = "a\nb", Device = "\u009b1m" };
        string all = string.Concat(TextSummary.Lines(hostile));
        Assert.That(all.Any(char.IsControl), Is.False);
    }
}
