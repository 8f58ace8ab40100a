using System.Numerics;
using Quotient.Backends;
using Quotient.Backends.Gpu;
using Quotient.Backends.Gpu.Products;

namespace Quotient.Perf.Tuning;

/// <summary>A product of a sort of shapes, of a size that suits the device.</summary>
internal sealed class ProductProblem<T> : IDisposable where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly DeviceBuffer<T> _a, _b, _c;
    private readonly ProductSort _sort;
    private readonly (int M, int N, int K) _size;

    public ProductProblem(GpuBackend backend, ProductSort sort)
    {
        bool isProcessor = backend.Gpu.Traits.IsProcessor;
        _sort = sort;
        _size = sort.Size switch
        {
            ProductSize.Large => isProcessor ? (512, 512, 512) : (2048, 2048, 2048),
            ProductSize.Small => isProcessor ? (96, 96, 256) : (512, 512, 512),
            ProductSize.NarrowColumns => isProcessor ? (2000, 10, 512) : (16_384, 10, 1024),
            _ => isProcessor ? (10, 512, 2000) : (10, 1024, 16_384),
        };
        var (m, n, k) = _size;
        (_a, _b, _c) = (backend.Allocate<T>(m * k), backend.Allocate<T>(k * n), backend.Allocate<T>(m * n));
        backend.Ops<T>().Normal(1, 0, _a.All);
        backend.Ops<T>().Normal(1, 1, _b.All);
    }

    /// <summary>The product by some operations.</summary>
    public Action Call(IOps<T> ops)
    {
        var (m, n, k) = _size;
        var a = _sort.TransposeA ? _a.Matrix(k, m) : _a.Matrix(m, k);
        var b = _sort.TransposeB ? _b.Matrix(n, k) : _b.Matrix(k, n);
        var c = _c.Matrix(m, n);
        return () => ops.Gemm(
            _sort.TransposeA ? Transpose.Yes : Transpose.No, _sort.TransposeB ? Transpose.Yes : Transpose.No, 1, a, b, 0, c);
    }

    public void Dispose()
    {
        _a.Dispose();
        _b.Dispose();
        _c.Dispose();
    }
}
