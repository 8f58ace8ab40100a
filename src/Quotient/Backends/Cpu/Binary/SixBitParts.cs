using System.Numerics;
using System.Runtime.CompilerServices;
using Quotient.Backends.Cpu.Products;
using Quotient.Backends.Cpu.Vectors;

namespace Quotient.Backends.Cpu.Binary;

/// <summary>The codes of both factors of a product of signs: A's row by row, B's in panels of columns.</summary>
internal readonly unsafe struct SixBitCodes(BitPointer a, BitPointer b, byte* memory)
{
    private const int RowsOfPart = 64;

    public readonly BitPointer A = a, B = b;

    /// <summary>Codes of a row that count.</summary>
    public nint Steps => Blocking.CeilingDivide(A.Columns, SixBits.Bits);

    /// <summary>Codes of a row, and from one panel to the next.</summary>
    public nint Row => SixBits.CodesOf(A.Words);

    public nint Panel => Row * SixBits.PanelColumns;

    public nint Panels => Blocking.CeilingDivide(B.Rows, SixBits.PanelColumns);

    public nint Length => (A.Rows * Row) + (Panels * Panel);

    public int RowParts => (int)Blocking.CeilingDivide(A.Rows, RowsOfPart);

    public byte* RowAt(nint i) => memory + (i * Row);

    public byte* PanelAt(nint i) => memory + (A.Rows * Row) + (i * Panel);

    /// <summary>The codes of some rows.</summary>
    public void PackRows(int part)
    {
        nint end = Math.Min(A.Rows, (part + 1) * RowsOfPart);
        for (nint row = part * RowsOfPart; row < end; row++)
        {
            SixBits.Encode(A.Row(row), A.Words, RowAt(row));
        }
    }

    /// <summary>The codes of a panel, by way of those of its columns.</summary>
    public void PackPanel(nint panel, byte* columns)
    {
        nint first = panel * SixBits.PanelColumns, count = Math.Min(SixBits.PanelColumns, B.Rows - first);
        for (nint j = 0; j < count; j++)
        {
            SixBits.Encode(B.Row(first + j), B.Words, columns + (j * Row));
        }

        new Span<byte>(columns + (count * Row), (int)((SixBits.PanelColumns - count) * Row)).Clear();
        SixBits.Transpose(columns, Row, PanelAt(panel));
    }
}

/// <summary>The packing of both factors.</summary>
internal readonly unsafe struct SixBitPacking(SixBitCodes codes, Scratch scratch) : IParts
{
    public int Count => codes.RowParts + (int)codes.Panels;

    public void Run(int index, int thread)
    {
        if (index < codes.RowParts)
        {
            codes.PackRows(index);
        }
        else
        {
            codes.PackPanel(index - codes.RowParts, scratch.Own<byte>(thread, codes.Panel));
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
