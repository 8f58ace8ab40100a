namespace Quotient.Backends.Cpu.Vectors;

/// <summary>
/// What is done to each row of some matrices, in blocks of rows; each block may leave a sum, which the caller adds in order.
/// </summary>
internal interface IRowMap
{
    /// <summary>Elements that are worth a thread's turn.</summary>
    static virtual long ElementsOfPart => 8192;

    /// <summary>Does row <paramref name="row"/> and returns its addend.</summary>
    double Apply(long row);
}

/// <summary>Rows in blocks; the cut depends on the shape alone.</summary>
internal readonly unsafe struct RowParts<TMap>(long rows, long columns, TMap map, Scratch scratch) : IParts
    where TMap : struct, IRowMap
{
    private static long RowsOfPart(long columns) => Math.Max(1, TMap.ElementsOfPart / Math.Max(1, columns));

    private static int CountOf(long rows, long columns) => (int)((rows + RowsOfPart(columns) - 1) / RowsOfPart(columns));

    public int Count => CountOf(rows, columns);

    /// <summary>The addends of the blocks.</summary>
    public double* Partial { get; } = scratch.Shared<double>(CountOf(rows, columns));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(int index, int thread)
    {
        long block = RowsOfPart(columns), row = index * block, end = Math.Min(rows, row + block);
        double sum = 0;
        for (; row < end; row++)
        {
            sum += map.Apply(row);
        }

        Partial[index] = sum;
    }
}

/// <summary>Runs maps over rows.</summary>
internal static unsafe class Rows
{
    /// <summary>Applies a map to all rows of a matrix's shape, and adds up what it returns.</summary>
    public static double Run<T, TMap>(WorkerPool pool, Scratch scratch, MatrixView<T> shape, TMap map)
        where T : unmanaged
        where TMap : struct, IRowMap
    {
        var parts = new RowParts<TMap>(shape.Rows, shape.Columns, map, scratch);
        pool.Run(parts);
        return Parts.Sum(parts.Partial, parts.Count);
    }
}

/// <summary>y_i ← x_(indices_i).</summary>
internal readonly unsafe struct GatherMap<T>(MatrixPointer<T> x, int* indices, MatrixPointer<T> y) : IRowMap where T : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double Apply(long row)
    {
        int length = (int)x.Columns;
        new ReadOnlySpan<T>(x.Row(indices[row]), length).CopyTo(new Span<T>(y.Row(row), length));
        return 0;
    }
}

/// <summary>The squared length of each row.</summary>
internal readonly unsafe struct RowSquaresMap<T>(MatrixPointer<T> x, T* result) : IRowMap where T : unmanaged, IFloatingPointIeee754<T>
{
    public static long ElementsOfPart => Parts.Length<T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double Apply(long row)
    {
        result[row] = Real.From<T>(Wide.Dot(x.Row(row), x.Row(row), x.Columns));
        return 0;
    }
}

/// <summary>⟨x, y⟩ over each part of a vector; the caller adds them in order.</summary>
internal readonly unsafe struct InnerParts<T>(T* x, T* y, long length, double* partial) : IParts
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public int Count => Parts.Count<T>(length);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(int index, int thread)
    {
        var (start, end) = Parts.Range<T>(index, length);
        partial[index] = Wide.Dot(x + start, y + start, end - start);
    }
}

/// <summary>Column sums of each block of rows, in double; the caller adds the blocks in order.</summary>
internal readonly unsafe struct SumRowsParts<T>(MatrixPointer<T> x, double* partial) : IParts
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int RowsOfPart = 512, RowsAtOnce = 4;

    public int Count => CountOf(x.Rows);

    /// <summary>Blocks of a matrix of so many rows.</summary>
    public static int CountOf(long rows) => (int)((rows + RowsOfPart - 1) / RowsOfPart);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(int index, int thread)
    {
        double* sums = partial + (index * x.Columns);
        new Span<double>(sums, (int)x.Columns).Clear();
        long row = (long)index * RowsOfPart, end = Math.Min(x.Rows, row + RowsOfPart);
        for (; row <= end - RowsAtOnce; row += RowsAtOnce)
        {
            Add(x.Row(row), x.Stride, x.Columns, sums);
        }

        for (; row < end; row++)
        {
            for (long j = 0; j < x.Columns; j++)
            {
                sums[j] += Real.ToDouble(x.Row(row)[j]);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Add(T* x0, long stride, long columns, double* sums)
    {
        T* x1 = x0 + stride, x2 = x1 + stride, x3 = x2 + stride;
        int lanes = Vector<double>.Count, step = 2 * lanes;
        long j = 0;
        for (; j <= columns - step; j += step)
        {
            Wide.Load(x0 + j, out var low0, out var high0);
            Wide.Load(x1 + j, out var low1, out var high1);
            Wide.Load(x2 + j, out var low2, out var high2);
            Wide.Load(x3 + j, out var low3, out var high3);
            (Vector.Load(sums + j) + (low0 + low1 + (low2 + low3))).Store(sums + j);
            (Vector.Load(sums + j + lanes) + (high0 + high1 + (high2 + high3))).Store(sums + j + lanes);
        }

        for (; j < columns; j++)
        {
            sums[j] += Real.ToDouble(x0[j]) + Real.ToDouble(x1[j])
                + (Real.ToDouble(x2[j]) + Real.ToDouble(x3[j]));
        }
    }
}
