using Quotient.Backends.Cpu.Products;
using Quotient.Backends.Cpu.Vectors;

namespace Quotient.Backends.Cpu.Images;

/// <summary>y_ij ← scale_j·x_ij + shift_j + β·y_ij, row by row; a null shift is 0.</summary>
internal readonly unsafe struct ScaleColumnsMap<TSimd, TVector, T>(MatrixPointer<T> x, T* scale, T* shift, T beta, MatrixPointer<T> y) : IRowMap
    where TSimd : ISimd<TVector, T>
    where TVector : struct
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static long ElementsOfPart => Parts.Length<T>();

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public double Apply(long row)
    {
        T* from = x.Row(row), to = y.Row(row);
        nint columns = (nint)y.Columns;
        for (nint j = 0; j < columns; j += TSimd.Lanes)
        {
            nint left = columns - j;
            var value = TSimd.Multiply(Neighbours<TSimd, TVector, T>.Load(scale + j, left), Neighbours<TSimd, TVector, T>.Load(from + j, left));
            value = shift == null ? value : TSimd.Add(value, Neighbours<TSimd, TVector, T>.Load(shift + j, left));
            value = T.IsZero(beta) ? value : TSimd.MultiplyAdd(TSimd.Broadcast(beta), Neighbours<TSimd, TVector, T>.Load(to + j, left), value);
            Neighbours<TSimd, TVector, T>.Store(value, to + j, left);
        }

        return 0;
    }
}

/// <summary>Sums over the rows of a block of x_ij·y_ij, in double; the caller adds the blocks in order.</summary>
internal readonly unsafe struct ColumnDotsParts<T>(MatrixPointer<T> x, MatrixPointer<T> y, double* partial) : IParts
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int RowsOfPart = 512;

    public int Count => CountOf(x.Rows);

    /// <summary>Blocks of a matrix of so many rows.</summary>
    public static int CountOf(long rows) => (int)((rows + RowsOfPart - 1) / RowsOfPart);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(int index, int thread)
    {
        double* sums = partial + (index * x.Columns);
        new Span<double>(sums, (int)x.Columns).Clear();
        long end = Math.Min(x.Rows, (index + 1L) * RowsOfPart);
        for (long row = (long)index * RowsOfPart; row < end; row++)
        {
            Add(x.Row(row), y.Row(row), x.Columns, sums);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(T* x, T* y, long columns, double* sums)
    {
        int lanes = Vector<double>.Count;
        long j = 0;
        for (; j <= columns - (2 * lanes); j += 2 * lanes)
        {
            Wide.Load(x + j, out var x0, out var x1);
            Wide.Load(y + j, out var y0, out var y1);
            Wide.MultiplyAdd(x0, y0, Vector.Load(sums + j)).Store(sums + j);
            Wide.MultiplyAdd(x1, y1, Vector.Load(sums + j + lanes)).Store(sums + j + lanes);
        }

        for (; j < columns; j++)
        {
            sums[j] += Real.ToDouble(x[j]) * Real.ToDouble(y[j]);
        }
    }
}

/// <summary>Each row of x is a matrix, whose transpose goes, or is added, to the same row of y.</summary>
internal readonly unsafe struct TurnMap<TSimd, TVector, T>(MatrixPointer<T> x, nint rows, T beta, MatrixPointer<T> y) : IRowMap
    where TSimd : ISimd<TVector, T>
    where TVector : struct
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Columns that are turned at once, into an area on the stack.</summary>
    private const int RowsAtOnce = 32, ColumnsAtOnce = 32;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public double Apply(long row)
    {
        T* source = x.Row(row), target = y.Row(row), area = stackalloc T[RowsAtOnce * ColumnsAtOnce];
        nint columns = rows == 0 ? 0 : (nint)x.Columns / rows;
        for (nint i = 0; i < rows; i += RowsAtOnce)
        {
            nint height = Math.Min(RowsAtOnce, rows - i);
            for (nint j = 0; j < columns; j += ColumnsAtOnce)
            {
                nint width = Math.Min(ColumnsAtOnce, columns - j);
                Packing<T>.Panels(source + (i * columns) + j, columns, 1, height, width, RowsAtOnce, area, 0);
                for (nint k = 0; k < width; k++)
                {
                    Put(area + (k * RowsAtOnce), target + ((j + k) * rows) + i, height);
                }
            }
        }

        return 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Put(T* turned, T* target, nint count)
    {
        for (nint i = 0; i < count; i += TSimd.Lanes)
        {
            var value = Neighbours<TSimd, TVector, T>.Load(turned + i, count - i);
            value = T.IsZero(beta)
                ? value
                : TSimd.MultiplyAdd(TSimd.Broadcast(beta), Neighbours<TSimd, TVector, T>.Load(target + i, count - i), value);
            Neighbours<TSimd, TVector, T>.Store(value, target + i, count - i);
        }
    }
}
