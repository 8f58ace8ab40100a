using NUnit.Framework;
using Quotient.Backends;
using Quotient.Backends.Cpu;
using Quotient.Cases.Ops;

namespace Quotient.Tests.Backends.Cpu;

public class CpuBackendTests
{
    private static readonly OpCase[] Large =
    [
        new VectorCase(VectorOperation.Dot, 1_000_003),
        new VectorCase(VectorOperation.Rademacher, 300_007),
        new VectorCase(VectorOperation.Flip, 300_007),
        new VectorCase(VectorOperation.Normal, 100_001),
        new ProjectCase(9, 200_003),
        new DeflateCase(9, 200_003),
        new RotateCase(9, 5, 50_003),
        new SumRowsCase(5003, 37, 0),
        new RowSquaresCase(5003, 137),
        new LossCase(LossOperation.SoftmaxCrossEntropy, 5003, 10),
        new LossCase(LossOperation.SquaredError, 5003, 10),
        new GemmCase(Transpose.No, Transpose.No, 401, 333, 1500),
        new GemmCase(Transpose.Yes, Transpose.No, 10, 512, 1500),
        new GemmCase(Transpose.No, Transpose.Yes, 1500, 10, 512),
        new GemmCase(Transpose.No, Transpose.Yes, 1500, 96, 200),
        new GemmCase(Transpose.No, Transpose.Yes, 256, 32, 33) { Count = 9, SharedA = true, Epilogue = GemmEpilogue.Mask },
    ];

    [TestCaseSource(nameof(Large))]
    public void The_bits_do_not_depend_on_the_number_of_threads(OpCase item)
    {
        using CpuBackend one = new(1), two = new(2), five = new(5);
        double[] wanted = item.Run<float>(one, 3)[0].Values;
        for (int round = 0; round < 3; round++)
        {
            Assert.That(item.Run<float>(two, 3)[0].Values.AsSpan().SequenceEqual(wanted));
            Assert.That(item.Run<float>(five, 3)[0].Values.AsSpan().SequenceEqual(wanted));
        }
    }

    [TestCaseSource(nameof(Large))]
    public void A_call_allocates_nothing(OpCase item)
    {
        using var backend = new CpuBackend(1);
        using var bench = new OpBench<float>(backend, 1);
        var call = item.Prepare(bench);
        call();

        // A collection during a call counts what was left of the thread's allocation area; it does not strike every call.
        long least = long.MaxValue;
        for (int repeat = 0; repeat < 3; repeat++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            call();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.That(least, Is.Zero);
    }

    [Test]
    public void A_product_of_no_columns_of_the_inner_factors_is_the_epilogue_alone()
    {
        using var backend = new CpuBackend(1);
        using var buffer = backend.Allocate<float>(6);
        using var bias = backend.Allocate<float>(3);
        backend.Write([1f, -2, 3], bias.All);
        var empty = new MatrixView<float>(buffer, 0, 2, 0, 0);
        backend.Ops<float>().Gemm(
            Transpose.No, Transpose.No, 1, empty, new MatrixView<float>(buffer, 0, 0, 3, 3), 0, buffer.Matrix(2, 3),
            new Epilogue<float>(bias.All, 0, true, default));
        var result = new float[6];
        backend.Read(buffer.All, result);
        Assert.That(result, Is.EqualTo(new[] { 1f, 0, 3, 1, 0, 3 }));
    }

    [Test]
    public void Shapes_that_do_not_multiply_are_refused()
    {
        using var backend = new CpuBackend(1);
        using var buffer = backend.Allocate<float>(100);
        Assert.That(
            () => backend.Ops<float>().Gemm(
                Transpose.No, Transpose.No, 1, buffer.Matrix(2, 3), buffer.Matrix(4, 5), 0, buffer.Matrix(2, 5)),
            Throws.ArgumentException.With.Message.Contains("(2 × 3)·(4 × 5) into 2 × 5"));
    }

    [Test]
    public void The_front_door_prefers_it_to_the_reference()
    {
        using var engine = Engine.Open("auto", 1);
        Assert.That(engine.Backend.Device.Threads, Is.GreaterThan(0));
        Assert.That(engine.Backend.Device.Id, Is.Not.EqualTo("reference"));
    }

    [Test]
    public void It_says_what_it_is()
    {
        using var backend = new CpuBackend(3);
        Assert.That(backend.Device.Id, Is.EqualTo("cpu"));
        Assert.That(backend.Device.Name, Is.Not.Empty);
        Assert.That(backend.Device.Threads, Is.EqualTo(3));
        Assert.That(backend.Device.Features, Does.EndWith(", 3 threads"));
    }
}
