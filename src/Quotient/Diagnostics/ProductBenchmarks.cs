using System.Numerics;
using System.Runtime.CompilerServices;
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
    private readonly IBackend _backend;
    private readonly IOps<T> _ops;
    private readonly DeviceBuffer<T> _a, _b, _c;
    private readonly int _size;

    public SquareProduct(IBackend backend, int size)
    {
        (_backend, _ops, _size) = (backend, backend.Ops<T>(), size);
        long length = (long)size * size;
        (_a, _b, _c) = (backend.Allocate<T>(length), backend.Allocate<T>(length), backend.Allocate<T>(length));
        _ops.Normal(1, 0, _a.All);
        _ops.Normal(1, 1, _b.All);
    }

    /// <summary>Floating-point operations of one product, a multiply–add counting as two.</summary>
    public double Operations => 2 * Math.Pow(_size, 3);

    public void Run() => _ops.Gemm(
        Transpose.No, Transpose.No, 1, _a.Matrix(_size, _size), _b.Matrix(_size, _size), 0, _c.Matrix(_size, _size));

    /// <summary>The largest error of C, in units of its largest value, against the same product in double on the same device.</summary>
    public double LargestError()
    {
        using var exact = new SquareProduct<double>(_backend, _size);
        Convert(_a, exact._a);
        Convert(_b, exact._b);
        exact.Run();
        Run();
        double[] got = Read(_c), wanted = exact.Read(exact._c);
        double error = 0, largest = 0;
        for (int i = 0; i < wanted.Length; i++)
        {
            error = Math.Max(error, Math.Abs(got[i] - wanted[i]));
            largest = Math.Max(largest, Math.Abs(wanted[i]));
        }

        return error / largest;
    }

    private void Convert(DeviceBuffer<T> from, DeviceBuffer<double> to) => _backend.Write<double>(Read(from), to.All);

    private double[] Read(DeviceBuffer<T> buffer)
    {
        var host = new T[buffer.Length];
        _backend.Read(buffer.All, host.AsSpan());
        return Array.ConvertAll(host, double.CreateChecked);
    }

    public void Dispose()
    {
        _a.Dispose();
        _b.Dispose();
        _c.Dispose();
    }
}
