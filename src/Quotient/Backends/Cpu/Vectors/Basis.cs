using Quotient.Backends.Cpu.Products;

namespace Quotient.Backends.Cpu.Vectors;

/// <summary>The products with a basis that re-orthogonalisation needs, on blocks of columns that stay in the cache.</summary>
internal static class BasisBlocks
{
    /// <summary>
    /// Columns of a block: rows of this length are long enough to stream, and w and its accumulators stay in cache.
    /// </summary>
    public const int Columns = 4096;

    /// <summary>Rows read at once, which share the loads of w.</summary>
    public const int Rows = 4;

    /// <summary>Blocks of a basis of vectors of <paramref name="length"/> elements.</summary>
    public static int Count(long length) => (int)((length + Columns - 1) / Columns);
}

/// <summary>V w over each block of columns: partial[block·k + row]; the caller adds the blocks in order.</summary>
internal readonly unsafe struct ProjectParts<T>(T* basis, long rows, long stride, T* w, long length, double* partial) : IParts
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public int Count => BasisBlocks.Count(length);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(int index, int thread)
    {
        long start = (long)index * BasisBlocks.Columns, count = Math.Min(BasisBlocks.Columns, length - start);
        T* v = basis + start;
        double* sums = partial + (index * rows);
        long row = 0;
        for (; row <= rows - BasisBlocks.Rows; row += BasisBlocks.Rows)
        {
            Four(v + (row * stride), stride, w + start, count, sums + row);
        }

        for (; row < rows; row++)
        {
            sums[row] = Wide.Dot(v + (row * stride), w + start, count);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Four(T* v0, long stride, T* w, long count, double* sums)
    {
        T* v1 = v0 + stride, v2 = v1 + stride, v3 = v2 + stride;
        int step = 2 * Vector<double>.Count;
        Vector<double> s0 = default, s1 = default, s2 = default, s3 = default;
        Vector<double> t0 = default, t1 = default, t2 = default, t3 = default;
        long i = 0;
        for (; i <= count - step; i += step)
        {
            Wide.Load(w + i, out var w0, out var w1);
            Wide.Load(v0 + i, out var x0, out var x1);
            (s0, t0) = (Wide.MultiplyAdd(x0, w0, s0), Wide.MultiplyAdd(x1, w1, t0));
            Wide.Load(v1 + i, out x0, out x1);
            (s1, t1) = (Wide.MultiplyAdd(x0, w0, s1), Wide.MultiplyAdd(x1, w1, t1));
            Wide.Load(v2 + i, out x0, out x1);
            (s2, t2) = (Wide.MultiplyAdd(x0, w0, s2), Wide.MultiplyAdd(x1, w1, t2));
            Wide.Load(v3 + i, out x0, out x1);
            (s3, t3) = (Wide.MultiplyAdd(x0, w0, s3), Wide.MultiplyAdd(x1, w1, t3));
        }

        long rest = count - i;
        sums[0] = Vector.Sum(s0 + t0) + Wide.Dot(v0 + i, w + i, rest);
        sums[1] = Vector.Sum(s1 + t1) + Wide.Dot(v1 + i, w + i, rest);
        sums[2] = Vector.Sum(s2 + t2) + Wide.Dot(v2 + i, w + i, rest);
        sums[3] = Vector.Sum(s3 + t3) + Wide.Dot(v3 + i, w + i, rest);
    }
}

/// <summary>w ← w − Vᵀ c over each block of columns, accumulated in double.</summary>
internal readonly unsafe struct DeflateParts<T>(
    T* basis, long rows, long stride, double* c, T* w, long length, Scratch scratch) : IParts
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public int Count => BasisBlocks.Count(length);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(int index, int thread)
    {
        long start = (long)index * BasisBlocks.Columns, count = Math.Min(BasisBlocks.Columns, length - start);
        T* v = basis + start, target = w + start;
        double* sums = scratch.Own<double>(thread, BasisBlocks.Columns);
        Wide.ToDoubles(target, sums, count);
        long row = 0;
        for (; row <= rows - BasisBlocks.Rows; row += BasisBlocks.Rows)
        {
            Four(v + (row * stride), stride, c + row, count, sums);
        }

        for (; row < rows; row++)
        {
            for (long i = 0; i < count; i++)
            {
                sums[i] -= c[row] * Real.ToDouble(v[(row * stride) + i]);
            }
        }

        Wide.FromDoubles(sums, target, count);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Four(T* v0, long stride, double* c, long count, double* sums)
    {
        T* v1 = v0 + stride, v2 = v1 + stride, v3 = v2 + stride;
        int lanes = Vector<double>.Count, step = 2 * lanes;
        Vector<double> c0 = new(-c[0]), c1 = new(-c[1]), c2 = new(-c[2]), c3 = new(-c[3]);
        long i = 0;
        for (; i <= count - step; i += step)
        {
            Vector<double> s = Vector.Load(sums + i), t = Vector.Load(sums + i + lanes);
            Wide.Load(v0 + i, out var x0, out var x1);
            (s, t) = (Wide.MultiplyAdd(c0, x0, s), Wide.MultiplyAdd(c0, x1, t));
            Wide.Load(v1 + i, out x0, out x1);
            (s, t) = (Wide.MultiplyAdd(c1, x0, s), Wide.MultiplyAdd(c1, x1, t));
            Wide.Load(v2 + i, out x0, out x1);
            (s, t) = (Wide.MultiplyAdd(c2, x0, s), Wide.MultiplyAdd(c2, x1, t));
            Wide.Load(v3 + i, out x0, out x1);
            (s, t) = (Wide.MultiplyAdd(c3, x0, s), Wide.MultiplyAdd(c3, x1, t));
            s.Store(sums + i);
            t.Store(sums + i + lanes);
        }

        for (; i < count; i++)
        {
            sums[i] -= (c[0] * Real.ToDouble(v0[i])) + (c[1] * Real.ToDouble(v1[i]))
                + (c[2] * Real.ToDouble(v2[i])) + (c[3] * Real.ToDouble(v3[i]));
        }
    }
}

/// <summary>The first p rows of V ← Sᵀ V on each block of columns, multiplied in double by the micro-kernel.</summary>
internal readonly unsafe struct RotateParts<T>(
    MatrixPointer<T> basis, MatrixPointer<double> rotation, Kernels<double> kernels, Scratch scratch) : IParts
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int Columns = 256;

    public int Count => (int)((basis.Columns + Columns - 1) / Columns);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(int index, int thread)
    {
        long start = (long)index * Columns;
        int count = (int)Math.Min(Columns, basis.Columns - start);
        nint sizeOfTile = kernels.Rows * kernels.Columns;
        double* tile = scratch.Own<double>(thread, sizeOfTile + (basis.Rows * Columns)), block = tile + sizeOfTile;
        for (long row = 0; row < basis.Rows; row++)
        {
            double* target = block + (row * Columns);
            Wide.ToDoubles(basis.Row(row) + start, target, count);
            new Span<double>(target + count, Columns - count).Clear();
        }

        for (int column = 0; column < count; column += kernels.Columns)
        {
            int width = Math.Min(kernels.Columns, count - column), vectors = width > kernels.Lanes ? 2 : 1;
            for (int p = 0; p < rotation.Columns; p += kernels.Rows)
            {
                int height = (int)Math.Min(kernels.Rows, rotation.Columns - p);
                double* s = rotation.Row(0) + p;
                kernels.Multiply(height, vectors, (nint)basis.Rows, s, 1, (nint)rotation.Stride, block + column, Columns, tile);
                for (int i = 0; i < height; i++)
                {
                    Wide.FromDoubles(tile + (i * kernels.Columns), basis.Row(p + i) + start + column, width);
                }
            }
        }
    }
}
