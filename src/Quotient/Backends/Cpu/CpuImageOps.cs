using System.Runtime.Intrinsics;
using Quotient.Backends.Cpu.Images;
using Quotient.Backends.Cpu.Products;
using Quotient.Backends.Cpu.Vectors;

namespace Quotient.Backends.Cpu;

/// <summary>Operations of images, a vector of channels at a time; a thread takes some images.</summary>
internal sealed unsafe class CpuImageOps<TSimd, TVector, T>(WorkerPool pool, Scratch scratch) : IImageOps<T>
    where TSimd : ISimd<TVector, T>
    where TVector : struct
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public void Turn(MatrixView<T> x, long rows, double beta, MatrixView<T> y) =>
        Each(y, new TurnMap<TSimd, TVector, T>(new(x), (nint)rows, Real.From<T>(beta), new(y)));

    public void MaxPool(Patches patches, MatrixView<T> x, bool relu, MatrixView<T> y, MatrixView<T> routes) =>
        Each(x, new MaxPoolMap<TSimd, TVector, T>(patches, new(x), relu, new(y), new(routes)));

    public void TakeRoutes(Patches patches, MatrixView<T> x, MatrixView<T> routes, MatrixView<T> y) =>
        Each(x, new TakeRoutesMap<TSimd, TVector, T>(patches, new(x), new(routes), new(y)));

    public void FollowRoutes(Patches patches, MatrixView<T> y, MatrixView<T> routes, double beta, MatrixView<T> x) =>
        Each(x, new PoolBackMap<TSimd, TVector, T, RoutedShare<TSimd, TVector, T>>(patches, new(new(y), new(routes)), Real.From<T>(beta), new(x)));

    public void AveragePool(Patches patches, bool countsPadding, MatrixView<T> x, MatrixView<T> y) =>
        Each(x, new AveragePoolMap<TSimd, TVector, T>(patches, countsPadding, new(x), new(y)));

    public void AveragePoolBack(Patches patches, bool countsPadding, MatrixView<T> y, double beta, MatrixView<T> x) =>
        Each(x, new PoolBackMap<TSimd, TVector, T, MeanShare<TSimd, TVector, T>>(
            patches, new(patches, countsPadding, new(y)), Real.From<T>(beta), new(x)));

    public void ScaleColumns(MatrixView<T> x, VectorView<T> scale, VectorView<T> shift, double beta, MatrixView<T> y) =>
        Each(y, new ScaleColumnsMap<TSimd, TVector, T>(
            new(x), scale.Pointer(), shift.Length == 0 ? null : shift.Pointer(), Real.From<T>(beta), new(y)));

    public void ColumnDots(MatrixView<T> x, MatrixView<T> y, double beta, VectorView<T> result)
    {
        int blocks = ColumnDotsParts<T>.CountOf(x.Rows);
        double* partial = scratch.Shared<double>(blocks * x.Columns);
        pool.Run(new ColumnDotsParts<T>(new(x), new(y), partial));
        T* sums = result.Pointer();
        for (long j = 0; j < x.Columns; j++)
        {
            double sum = Parts.Sum(partial + j, blocks, x.Columns);
            sums[j] = Real.From<T>(beta == 0 ? sum : sum + (beta * Real.ToDouble(sums[j])));
        }
    }

    private void Each<TMap>(MatrixView<T> shape, TMap map) where TMap : struct, IRowMap => Rows.Run(pool, scratch, shape, map);
}

/// <summary>Makes operations of images.</summary>
internal static class CpuImageOps
{
    /// <summary>Those of the width that suits this machine.</summary>
    public static IImageOps<T> Of<T>(WorkerPool pool, Scratch scratch) where T : unmanaged, IFloatingPointIeee754<T> =>
        (Vector512.IsHardwareAccelerated, Vector256.IsHardwareAccelerated) switch
        {
            (true, _) => new CpuImageOps<Simd512<T>, Vector512<T>, T>(pool, scratch),
            (_, true) => new CpuImageOps<Simd256<T>, Vector256<T>, T>(pool, scratch),
            _ => new CpuImageOps<Simd128<T>, Vector128<T>, T>(pool, scratch),
        };
}
