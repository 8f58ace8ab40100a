using Quotient.Backends.Cpu.Products;
using Quotient.Backends.Cpu.Vectors;

namespace Quotient.Backends.Cpu.Binary;

/// <summary>The codes of both factors of a product of signs, A's row by row, B's in panels of columns; the parts make them.</summary>
internal readonly unsafe struct SixBitCodes(BitPointer a, BitPointer b, Scratch scratch) : IParts
{
    private const int RowsOfPart = 64;

    private readonly byte* _memory = scratch.Shared<byte>(
        SixBits.CodesOf(a.Words) * (a.Rows + (Blocking.CeilingDivide(b.Rows, SixBits.PanelColumns) * SixBits.PanelColumns)));

    public readonly BitPointer A = a, B = b;

    /// <summary>Codes of a row that count.</summary>
    public nint Steps => Blocking.CeilingDivide(A.Columns, SixBits.Bits);

    /// <summary>Codes of a row, and from one panel to the next.</summary>
    public nint Row => SixBits.CodesOf(A.Words);

    public nint Panel => Row * SixBits.PanelColumns;

    public int Count => RowParts + (int)Blocking.CeilingDivide(B.Rows, SixBits.PanelColumns);

    private int RowParts => (int)Blocking.CeilingDivide(A.Rows, RowsOfPart);

    public byte* RowAt(nint i) => _memory + (i * Row);

    public byte* PanelAt(nint i) => _memory + (A.Rows * Row) + (i * Panel);

    /// <summary>Some rows, or a panel by way of the codes of its columns.</summary>
    public void Run(int index, int thread)
    {
        nint panel = index - RowParts, row = (nint)index * RowsOfPart;
        if (panel < 0)
        {
            Encode(A, row, Math.Min(RowsOfPart, A.Rows - row), RowAt(row));
            return;
        }

        byte* columns = scratch.Own<byte>(thread, Panel);
        nint first = panel * SixBits.PanelColumns, count = Math.Min(SixBits.PanelColumns, B.Rows - first);
        Encode(B, first, count, columns);
        new Span<byte>(columns + (count * Row), (int)((SixBits.PanelColumns - count) * Row)).Clear();
        SixBits.Transpose(columns, Row, PanelAt(panel));
    }

    private void Encode(BitPointer signs, nint first, nint count, byte* target)
    {
        for (nint i = 0; i < count; i++)
        {
            SixBits.Encode(signs.Row(first + i), signs.Words, target + (i * Row));
        }
    }
}

/// <summary>C ← α·(k − 2·differences) from the codes of both factors, a part being some rows by two panels.</summary>
internal readonly unsafe struct SixBitParts<T>(SixBitCodes codes, T alpha, MatrixPointer<T> c, Scratch scratch) : IParts
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int RowsOfPart = 64;

    private readonly int _columnParts = (int)Blocking.CeilingDivide(codes.B.Rows, SixBits.Columns);

    public int Count => (int)Blocking.CeilingDivide(codes.A.Rows, RowsOfPart) * _columnParts;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(int index, int thread)
    {
        nint row = index / _columnParts * RowsOfPart, end = Math.Min(codes.A.Rows, row + RowsOfPart);
        nint column = index % _columnParts * SixBits.Columns, columns = Math.Min(SixBits.Columns, codes.B.Rows - column);
        byte* panel = codes.PanelAt(column / SixBits.PanelColumns);
        ushort* counts = scratch.Own<ushort>(thread, RowsOfPart * SixBits.Columns);
        new Span<ushort>(counts, RowsOfPart * SixBits.Columns).Clear();
        for (nint step = 0; step < codes.Steps; step += SixBits.StepsOfByte)
        {
            nint steps = Math.Min(SixBits.StepsOfByte, codes.Steps - step);
            byte* b = panel + (step * SixBits.PanelColumns);
            for (nint i = row; i < end; i += SixBits.Rows)
            {
                Tile(steps, step, i, end - 1, b, columns, counts + ((i - row) * SixBits.Columns));
            }
        }

        for (nint i = row; i < end; i++)
        {
            Finish(counts + ((i - row) * SixBits.Columns), columns, c.Row(i) + column);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Tile(nint steps, nint step, nint row, nint last, byte* b, nint columns, ushort* counts)
    {
        // The last row again for those that are missing.
        byte* a0 = codes.RowAt(row) + step, a1 = codes.RowAt(Math.Min(row + 1, last)) + step;
        byte* a2 = codes.RowAt(Math.Min(row + 2, last)) + step, a3 = codes.RowAt(Math.Min(row + 3, last)) + step;
        if (columns > SixBits.PanelColumns)
        {
            SixBits.Count<Two>(steps, a0, a1, a2, a3, b, codes.Panel, counts);
        }
        else
        {
            SixBits.Count<One>(steps, a0, a1, a2, a3, b, codes.Panel, counts);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Finish(ushort* counts, nint columns, T* target)
    {
        int lanes = Vector<int>.Count, depth = (int)codes.A.Columns;
        nint j = 0;
        for (; j <= columns - (2 * lanes); j += 2 * lanes)
        {
            Vector.Widen(Vector.Load(counts + j), out var low, out var high);
            SignParts.Scale(new Vector<int>(depth) - (low + low).As<uint, int>(), alpha, target + j);
            SignParts.Scale(new Vector<int>(depth) - (high + high).As<uint, int>(), alpha, target + j + lanes);
        }

        for (; j < columns; j++)
        {
            target[j] = alpha * Real.From<T>(depth - (2 * counts[j]));
        }
    }
}
