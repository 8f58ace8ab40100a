using System.Numerics;
using Quotient.Backends.Cpu.Products;
using Quotient.Backends.Cpu.Vectors;

namespace Quotient.Backends.Cpu;

/// <summary>The operations on vectors, with the widest vectors of the machine and all threads where that pays.</summary>
internal sealed unsafe partial class CpuOps<T>(WorkerPool pool, Scratch scratch) : IOps<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Multiplier<T> _multiplier = new(Kernels<T>.Best, pool, scratch);

    /// <summary>One for each thread, that works alone.</summary>
    private readonly Multiplier<T>[] _multipliers =
        [.. Enumerable.Range(0, pool.Threads).Select(_ => new Multiplier<T>(Kernels<T>.Best, WorkerPool.None, new Scratch(1)))];

    public void Fill(VectorView<T> x, double value) => Map(x, x, x, new FillMap<T>(T.CreateTruncating(value)));

    public void Copy(VectorView<T> x, VectorView<T> y) => Map(x, x, y, default(CopyMap<T>));

    public void Scale(double alpha, VectorView<T> x) => Map(x, x, x, new ScaleMap<T>(T.CreateTruncating(alpha)));

    public void Axpy(double alpha, VectorView<T> x, VectorView<T> y) => Map(x, y, y, new AxpyMap<T>(T.CreateTruncating(alpha)));

    public void AddSquares(VectorView<T> x, VectorView<T> y) => Map(x, y, y, default(AddSquaresMap<T>));

    public void Relu(VectorView<T> x, VectorView<T> y) => Map(x, x, y, default(ReluMap<T>));

    public void Mask(VectorView<T> a, VectorView<T> x, VectorView<T> y)
    {
        for (long offset = 0; offset < x.Length; offset += a.Length)
        {
            Map(a, x.Slice(offset, a.Length), y.Slice(offset, a.Length), default(MaskMap<T>));
        }
    }

    public void DivideByRoot(VectorView<T> x, VectorView<double> s, VectorView<T> y)
    {
        double root = Math.Sqrt(*s.Pointer());
        if (root == 0)
        {
            Fill(y, 0);
            return;
        }

        Map(x, x, y, new DivideMap<T>(T.CreateTruncating(root)));
    }

    public void Dot(VectorView<T> x, VectorView<T> y, VectorView<double> result)
    {
        RequireSame(x.Length, y.Length);
        double* partial = scratch.Shared<double>(Parts.Count<T>(x.Length));
        var parts = new InnerParts<T>(x.Pointer(), y.Pointer(), x.Length, partial);
        pool.Run(ref parts, parts.Count);
        *result.Pointer() = Sum(partial, parts.Count);
        Hold(x, y);
    }

    public void SumRows(MatrixView<T> x, double beta, VectorView<T> result)
    {
        RequireSame(x.Columns, result.Length);
        long blocks = SumRowsParts<T>.CountOf(x.Rows);
        double* partial = scratch.Shared<double>(blocks * x.Columns);
        var parts = new SumRowsParts<T>(new(x), partial);
        pool.Run(ref parts, parts.Count);
        T* target = result.Pointer();
        for (long j = 0; j < x.Columns; j++)
        {
            double sum = beta == 0 ? 0 : beta * double.CreateTruncating(target[j]);
            for (long block = 0; block < blocks; block++)
            {
                sum += partial[(block * x.Columns) + j];
            }

            target[j] = T.CreateTruncating(sum);
        }

        Hold(x, result);
    }

    public void RowSquares(MatrixView<T> x, VectorView<T> result)
    {
        RequireSame(x.Rows, result.Length);
        var parts = new RowSquaresParts<T>(new(x), result.Pointer());
        pool.Run(ref parts, parts.Count);
        Hold(x, result);
    }

    private void Map<TMap>(VectorView<T> x, VectorView<T> y, VectorView<T> z, TMap map) where TMap : struct, IMap<T>
    {
        RequireSame(x.Length, z.Length);
        RequireSame(y.Length, z.Length);
        var parts = new MapParts<T, TMap>(x.Pointer(), y.Pointer(), z.Pointer(), z.Length, map);
        pool.Run(ref parts, parts.Count);
        Hold(x, y);
        GC.KeepAlive(z.Buffer);
    }

    private static double Sum(double* addends, long count)
    {
        double sum = 0;
        for (long i = 0; i < count; i++)
        {
            sum += addends[i];
        }

        return sum;
    }

    private static void RequireSame(long length, long wanted) => ArgumentOutOfRangeException.ThrowIfNotEqual(length, wanted);

    /// <summary>Keeps a buffer that nobody mentions later from being freed while its address is in use.</summary>
    private static void Hold(VectorView<T> x, VectorView<T> y)
    {
        GC.KeepAlive(x.Buffer);
        GC.KeepAlive(y.Buffer);
    }

    private static void Hold(MatrixView<T> x, VectorView<T> y)
    {
        GC.KeepAlive(x.Buffer);
        GC.KeepAlive(y.Buffer);
    }

    private static void Hold(MatrixView<T> x, MatrixView<T> y)
    {
        GC.KeepAlive(x.Buffer);
        GC.KeepAlive(y.Buffer);
    }
}
