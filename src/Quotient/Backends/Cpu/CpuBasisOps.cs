using System.Numerics;
using Quotient.Backends.Cpu.Products;
using Quotient.Backends.Cpu.Vectors;

namespace Quotient.Backends.Cpu;

/// <summary>Inner products and products with a basis.</summary>
internal sealed unsafe class CpuBasisOps<T>(WorkerPool pool, Scratch scratch) : IBasisOps<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public void Dot(VectorView<T> x, VectorView<T> y, VectorView<double> result)
    {
        double* partial = scratch.Shared<double>(Parts.Count<T>(x.Length));
        var parts = new InnerParts<T>(x.Pointer(), y.Pointer(), x.Length, partial);
        pool.Run(ref parts, parts.Count);
        *result.Pointer() = Parts.Sum(partial, parts.Count, 1);
    }

    public void DivideByRoot(VectorView<T> x, VectorView<double> s, VectorView<T> y)
    {
        double root = Math.Sqrt(*s.Pointer());
        ElementMap<T> map = root == 0 ? ElementMap<T, FillMap<T>>.Instance : ElementMap<T, DivideMap<T>>.Instance;
        map.Run(pool, T.CreateTruncating(root), x.Pointer(), x.Pointer(), y.Pointer(), y.Length);
    }

    public void RowSquares(MatrixView<T> x, VectorView<T> result)
    {
        var parts = new RowSquaresParts<T>(new(x), result.Pointer());
        pool.Run(ref parts, parts.Count);
    }

    public void Project(MatrixView<T> basis, VectorView<T> w, VectorView<double> c)
    {
        long k = basis.Rows;
        int blocks = BasisBlocks.Count(w.Length);
        double* partial = scratch.Shared<double>(blocks * k), target = c.Pointer();
        var parts = new ProjectParts<T>(basis.Pointer(), k, basis.Stride, w.Pointer(), w.Length, partial);
        pool.Run(ref parts, blocks);
        for (long row = 0; row < k; row++)
        {
            target[row] = Parts.Sum(partial + row, blocks, k);
        }
    }

    public void Deflate(MatrixView<T> basis, VectorView<double> c, VectorView<T> w)
    {
        var parts = new DeflateParts<T>(basis.Pointer(), basis.Rows, basis.Stride, c.Pointer(), w.Pointer(), w.Length, scratch);
        pool.Run(ref parts, parts.Count);
    }

    public void Rotate(MatrixView<T> basis, MatrixView<double> rotation)
    {
        var parts = new RotateParts<T>(new(basis), new(rotation), Kernels<double>.Best, scratch);
        pool.Run(ref parts, parts.Count);
    }
}
