using Quotient.Backends.Cpu.Products;
using Quotient.Backends.Cpu.Vectors;

namespace Quotient.Backends.Cpu.Binary;

/// <summary>
/// C ← α·(k − 2·differences), a part being some rows by some columns. A part packs its columns of B itself: they are few
/// enough for a first-level cache, and its rows of A, which are read in place, many enough to pay for that.
/// </summary>
internal readonly unsafe struct SignProductParts<T>(
    BitPointer a, BitPointer b, T alpha, MatrixPointer<T> c, SignKernels kernels, Scratch scratch) : IParts
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int ColumnsOfPart = 32, RowsOfPart = 256;

    private readonly int _columnParts = (int)Blocking.CeilingDivide(b.Rows, ColumnsOfPart);

    public int Count => (int)Blocking.CeilingDivide(a.Rows, RowsOfPart) * _columnParts;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(int index, int thread)
    {
        nint firstRow = index / _columnParts * RowsOfPart, column = index % _columnParts * ColumnsOfPart;
        nint columns = Math.Min(ColumnsOfPart, b.Rows - column), panels = Blocking.CeilingDivide(columns, kernels.Lanes);
        ulong* counts = scratch.Own<ulong>(thread, ColumnsOfPart * (2 + b.Words));
        ulong* packed = counts + (2 * ColumnsOfPart);
        Packing<double>.Panels(
            (double*)b.Row(column), b.Stride, 1, columns, b.Words, kernels.Lanes, (double*)packed, b.Words * kernels.Lanes);
        nint end = Math.Min(a.Rows, firstRow + RowsOfPart);
        for (nint row = firstRow; row < end; row += 2)
        {
            nint next = Math.Min(row + 1, end - 1);
            kernels.Count(b.Words, a.Row(row), a.Row(next), packed, panels, counts, ColumnsOfPart);
            Finish((long*)counts, columns, c.Row(row) + column);
            if (next > row)
            {
                Finish((long*)counts + ColumnsOfPart, columns, c.Row(next) + column);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Finish(long* counts, nint columns, T* target)
    {
        int lanes = Vector<long>.Count, depth = (int)a.Columns;
        nint j = 0;
        for (; j <= columns - (2 * lanes); j += 2 * lanes)
        {
            var sums = Vector.Narrow(Vector.Load(counts + j), Vector.Load(counts + j + lanes));
            SignParts.Scale(new Vector<int>(depth) - (sums + sums), alpha, target + j);
        }

        for (; j < columns; j++)
        {
            target[j] = alpha * T.CreateTruncating(depth - (2 * counts[j]));
        }
    }
}
