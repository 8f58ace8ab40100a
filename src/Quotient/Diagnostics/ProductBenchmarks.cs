using Quotient.Backends;

namespace Quotient.Diagnostics;

/// <summary>Square matrix products, of a size that suits the device's speed.</summary>
internal static class ProductBenchmarks
{
    private const int Smallest = 128, Largest = 8192;

    /// <summary>Measures a product and returns its operations a second.</summary>
    public static double Measure<T>(BenchmarkRun run, IBackend backend, MatrixPrecision precision)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int size = Smallest;
        while (size < Largest && Fits<T>(backend, 2 * size) && IsShort<T>(run, backend, size))
        {
            size *= 2;
        }

        bool isSingle = typeof(T) == typeof(float);
        string name = isSingle ? $"matrix product, single ({precision.Name()})" : "matrix product, double";
        using var product = new SquareProduct<T>(backend, size);
        return run.Add(
            backend, name, $"{size} × {size} × {size}", "GFLOP/s", product.Operations,
            limits => isSingle ? limits.Peaks.Of(precision) : limits.Peaks.Double, product.Run);
    }

    private static bool IsShort<T>(BenchmarkRun run, IBackend backend, int size) where T : unmanaged, IFloatingPointIeee754<T>
    {
        using var product = new SquareProduct<T>(backend, size);
        return run.Try(backend, product.Run) < (run.IsQuick ? 0.0005 : 0.02);
    }

    private static bool Fits<T>(IBackend backend, long size) => 3 * size * size * Unsafe.SizeOf<T>() < backend.AvailableMemory / 4;
}

/// <summary>C ← A B of random square matrices.</summary>
internal sealed class SquareProduct<T> : IDisposable where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly IOps<T> _ops;

    public SquareProduct(IBackend backend, int size)
    {
        (_ops, Size) = (backend.Ops<T>(), size);
        long length = (long)size * size;
        (A, B, C) = (backend.Allocate<T>(length), backend.Allocate<T>(length), backend.Allocate<T>(length));
        _ops.Normal(1, 0, A.All);
        _ops.Normal(1, 1, B.All);
    }

    public int Size { get; }

    public DeviceBuffer<T> A { get; }

    public DeviceBuffer<T> B { get; }

    public DeviceBuffer<T> C { get; }

    /// <summary>Floating-point operations of one product, a multiply–add counting as two.</summary>
    public double Operations => 2 * Math.Pow(Size, 3);

    public void Run() =>
        _ops.Gemm(Transpose.No, Transpose.No, 1, A.Matrix(Size, Size), B.Matrix(Size, Size), 0, C.Matrix(Size, Size));

    public void Dispose()
    {
        A.Dispose();
        B.Dispose();
        C.Dispose();
    }
}
