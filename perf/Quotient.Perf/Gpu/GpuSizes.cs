namespace Quotient.Perf.Gpu;

/// <summary>How large the five problems are; <c>perf/peers/gpu_common.py</c> has the same table.</summary>
internal sealed record GpuSizes(
    int Gemm, long CopyBytes, string Widths, int Samples, string LargeWidths, int LargeSamples, int LanczosSamples, int Steps,
    int BasisVectors, double Seconds)
{
    public static GpuSizes Full { get; } = new(
        4096, 1L << 30, "784-1024-512-256-128-64-10", 512, "784-4096-4096-10", 60_000, 512, 100, 50, 1);

    public static GpuSizes Tiny { get; } = new(128, 1L << 20, "20-16-12-8-5", 32, "20-32-32-5", 200, 64, 10, 5, 0.02);
}
