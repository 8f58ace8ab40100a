using NUnit.Framework;
using Quotient.Backends;
using Quotient.Backends.Cpu;
using Quotient.Backends.Reference;
using Quotient.Diagnostics;
using Quotient.Tests.Backends;

namespace Quotient.Tests.Diagnostics;

public class SelfTestTests
{
    private static readonly string[] Ops =
    [
        "Dot", "Axpy", "Rademacher", "Normal", "Flip", "Project", "Deflate", "Relu", "Mask", "SumRows", "Gemm", "GemmPair", "SoftmaxHessian",
    ];

    [Test]
    public void The_cpu_passes_every_check()
    {
        var result = SelfTest.Run(new CpuProvider(), 0, new());
        Assert.That(result.Verdict, Does.StartWith("ok: "));
        Assert.That(result.Passed);
        Assert.That(result.Checks, Is.EqualTo(result.Planned));
        Assert.That(result.Checks, Is.EqualTo(SelfTestCases.All<float>().Count() + SelfTestCases.All<double>().Count()));
    }

    [TestCaseSource(nameof(Ops))]
    public void One_wrong_element_in_one_operation_is_caught_and_named(string op)
    {
        var result = Run(() => new WrongBackend(op, values => values[^1] += 0.01));
        Assert.That(result.Passed, Is.False);
        Assert.That(result.Failure, Is.Null);
        Assert.That(result.Differences[0].Op, Is.EqualTo(op));
        Assert.That(result.Differences.Select(one => one.Op).Distinct(), Is.SubsetOf([op, "Hessian product"]));
        Assert.That(result.Differences.Select(one => one.Precision), Does.Contain("single").And.Contain("double"));
        Assert.That(result.Verdict, Does.StartWith(op).And.Contain("differs by"));
    }

    [Test]
    public void The_size_of_a_difference_is_told()
    {
        var result = Run(() => new WrongBackend("Rademacher", values => values[0] *= 1.25));
        Assert.That(result.Differences.Select(one => one.Difference), Has.All.EqualTo(0.25).Within(1e-12));
        Assert.That(result.Verdict, Is.EqualTo("Rademacher in single differs by 2.5e-1, where 1e-5 is allowed, and 1 more"));
    }

    [Test]
    public void A_result_that_is_not_a_number_is_caught()
    {
        var result = Run(() => new WrongBackend("Axpy", values => values[7] = double.NaN));
        Assert.That(result.Verdict, Does.StartWith("Axpy in single gives what is not a number"));
    }

    [Test]
    public void A_call_that_fails_is_a_sentence_and_ends_the_test()
    {
        var result = Run(() => new WrongBackend("Gemm", _ => throw new DeviceException("clFinish failed\nwith code -5 on toy:0")));
        Assert.That(result.Passed, Is.False);
        Assert.That(result.Verdict, Does.Match("^Gemm .*: clFinish failed with code -5 on toy:0$"));
        Assert.That(result.Checks, Is.LessThan(result.Planned));
    }

    [Test]
    public void A_device_that_does_not_open_is_a_sentence()
    {
        var result = Run(() => throw new QuotientException("the driver is asleep"));
        Assert.That(result.Verdict, Is.EqualTo("the driver is asleep"));
        Assert.That(result.Checks, Is.Zero);
    }

    [Test]
    public void A_device_that_hangs_is_given_up_after_ten_seconds()
    {
        using var hang = new ManualResetEventSlim();
        var result = Run(() => new WrongBackend("Dot", _ => hang.Wait()));
        hang.Set();
        Assert.That(result.Verdict, Is.EqualTo("Dot in single was being computed when 10 seconds were over"));
        Assert.That(result.Seconds, Is.InRange(10, 11));
    }

    [Test]
    public void A_cancellation_ends_the_test_at_once()
    {
        using var stop = new CancellationTokenSource();
        using var backend = new WrongBackend("Dot", _ => stop.Cancel());
        Assert.Throws<OperationCanceledException>(() => SelfTest.Run(_ => backend, [MatrixPrecision.Auto], null, stop.Token));
    }

    [Test]
    public void A_coarse_product_is_judged_by_what_was_asked_for()
    {
        IReadOnlyList<MatrixPrecision> products = [MatrixPrecision.Auto, MatrixPrecision.Tensor];
        var fine = SelfTest.Run(
            precision => precision == MatrixPrecision.Tensor ? Coarse() : new ReferenceBackend(), products);
        Assert.That(fine.Verdict, Does.StartWith("ok: "));
        var coarse = SelfTest.Run(_ => Coarse(), products);
        Assert.That(coarse.Differences.Select(one => one.Op).Distinct(), Does.Contain("Gemm"));
        Assert.That(coarse.Differences.Select(one => one.Precision), Has.None.EqualTo("tf32"));
        static WrongBackend Coarse() => new("Gemm", values => values[0] *= 1.001);
    }

    [Test]
    public void No_pre_activation_of_the_small_net_lies_near_a_kink()
    {
        var (model, data) = SelfTestCases.SmallNet();
        var x = new double[data.Count * data.Sample.Size];
        data.CopyInputs(0, data.Count, x.AsSpan());
        double nearest = double.PositiveInfinity;
        for (int sample = 0; sample < data.Count; sample++)
        {
            double[] signal = x[(sample * 9)..((sample + 1) * 9)];
            int at = 0;
            foreach (int width in new[] { 14, 11 })
            {
                double[] z = [.. Enumerable.Range(0, width).Select(i =>
                    signal.Index().Sum(entry => model.Parameters[at + (i * signal.Length) + entry.Index] * entry.Item)
                    + model.Parameters[at + (width * signal.Length) + i])];
                at += width * (signal.Length + 1);
                nearest = Math.Min(nearest, z.Min(Math.Abs));
                signal = [.. z.Select(value => Math.Max(value, 0))];
            }
        }

        Assert.That(nearest, Is.GreaterThan(1e-3));
    }

    private static SelfTestResult Run(Func<IBackend> open) => SelfTest.Run(_ => open(), [MatrixPrecision.Auto]);
}
