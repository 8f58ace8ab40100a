using BenchmarkDotNet.Attributes;
using Quotient.Backends;
using Quotient.Backends.Cpu;
using Quotient.Cases.Ops;

namespace Quotient.Perf;

/// <summary>Single operations under BenchmarkDotNet: <c>-- bdn --filter *OpBenchmarks*</c>.</summary>
[MemoryDiagnoser]
public class OpBenchmarks : IDisposable
{
    private CpuBackend _backend = null!;
    private OpBench<float> _bench = null!;
    private Action _call = null!;

    /// <summary>The operation and shape.</summary>
    [ParamsSource(nameof(Cases))]
    public OpCase Case { get; set; } = null!;

    public static IEnumerable<OpCase> Cases =>
    [
        new GemmCase(Transpose.No, Transpose.Yes, 256, 32, 32) { Epilogue = GemmEpilogue.Bias | GemmEpilogue.Relu },
        new GemmCase(Transpose.No, Transpose.Yes, 2000, 512, 784) { Epilogue = GemmEpilogue.Bias | GemmEpilogue.Relu },
        new VectorCase(VectorOperation.Axpy, 2_410),
        new VectorCase(VectorOperation.Axpy, 669_706),
        new VectorCase(VectorOperation.Dot, 2_410),
        new LossCase(LossOperation.SoftmaxHessian, 256, 10),
        new ProjectCase(50, 669_706),
        new DeflateCase(50, 669_706),
    ];

    [GlobalSetup]
    public void SetUp()
    {
        _backend = new CpuBackend();
        _bench = new OpBench<float>(_backend, 1, ragged: false);
        _call = Case.Prepare(_bench);
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _bench.Dispose();
        _backend.Dispose();
        GC.SuppressFinalize(this);
    }

    [Benchmark]
    public void Run() => _call();
}
