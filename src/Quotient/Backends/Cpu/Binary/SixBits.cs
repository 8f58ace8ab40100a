using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Quotient.Backends.Cpu.Products;

namespace Quotient.Backends.Cpu.Binary;

/// <summary>
/// Counts differing signs by tables, where an instruction looks up 64 bytes at once: six signs of a row choose one of 64
/// tables, and six signs of each of 64 columns an entry, which is the number of signs that differ.
/// </summary>
internal static unsafe class SixBits
{
    /// <summary>Signs of a code, tables, and entries of each.</summary>
    public const int Bits = 6, Patterns = 1 << Bits;

    /// <summary>Columns of a panel: the bytes of a vector.</summary>
    public const int PanelColumns = 64;

    /// <summary>Rows of a tile, and its columns.</summary>
    public const int Rows = 4, Columns = 2 * PanelColumns;

    /// <summary>The most signs of a row: those whose differences 16 bits count.</summary>
    public const int DeepestRow = ushort.MaxValue;

    /// <summary>Codes whose differences a byte counts.</summary>
    public const int StepsOfByte = byte.MaxValue / Bits;

    private static readonly byte* Tables = MakeTables();

    /// <summary>Whether this machine looks up 64 bytes at once.</summary>
    public static bool IsSupported => Avx512Vbmi.IsSupported;

    /// <summary>
    /// counts_ij ← counts_ij + differing signs of row i and column j, for four rows and one panel or two; the rows of counts are
    /// 128 apart.
    /// </summary>
    /// <param name="steps">Codes of a row, at most <see cref="StepsOfByte"/>.</param>
    /// <param name="a0">The codes of the first row.</param>
    /// <param name="a1">The codes of the second.</param>
    /// <param name="a2">The codes of the third.</param>
    /// <param name="a3">The codes of the fourth.</param>
    /// <param name="b">The codes of a panel: those of all columns at a step next to each other.</param>
    /// <param name="next">From one panel to the next.</param>
    /// <param name="counts">The counts.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Count<TPanels>(nint steps, byte* a0, byte* a1, byte* a2, byte* a3, byte* b, nint next, ushort* counts)
        where TPanels : ICount
    {
        byte* tables = Tables;
        Vector512<byte> c0 = default, c1 = default, c2 = default, c3 = default;
        Vector512<byte> d0 = default, d1 = default, d2 = default, d3 = default, y = default;
        for (nint k = 0; k < steps; k++, b += PanelColumns)
        {
            var x = Vector512.Load(b);
            y = TPanels.Value > 1 ? Vector512.Load(b + next) : y;
            var table = Vector512.Load(tables + ((nint)a0[k] << Bits));
            c0 += Avx512Vbmi.PermuteVar64x8(table, x);
            d0 = TPanels.Value > 1 ? d0 + Avx512Vbmi.PermuteVar64x8(table, y) : d0;
            table = Vector512.Load(tables + ((nint)a1[k] << Bits));
            c1 += Avx512Vbmi.PermuteVar64x8(table, x);
            d1 = TPanels.Value > 1 ? d1 + Avx512Vbmi.PermuteVar64x8(table, y) : d1;
            table = Vector512.Load(tables + ((nint)a2[k] << Bits));
            c2 += Avx512Vbmi.PermuteVar64x8(table, x);
            d2 = TPanels.Value > 1 ? d2 + Avx512Vbmi.PermuteVar64x8(table, y) : d2;
            table = Vector512.Load(tables + ((nint)a3[k] << Bits));
            c3 += Avx512Vbmi.PermuteVar64x8(table, x);
            d3 = TPanels.Value > 1 ? d3 + Avx512Vbmi.PermuteVar64x8(table, y) : d3;
        }

        Widen<TPanels>(c0, d0, counts);
        Widen<TPanels>(c1, d1, counts + Columns);
        Widen<TPanels>(c2, d2, counts + (2 * Columns));
        Widen<TPanels>(c3, d3, counts + (3 * Columns));
    }

    /// <summary>
    /// A row's codes: 64 from each 48 bytes, their upper two bits 0; <paramref name="target"/> has room for a multiple of 64.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Encode(ulong* row, nint words, byte* target)
    {
        nint bytes = words * sizeof(ulong);
        for (nint at = 0; at < bytes; at += BytesOfVector, target += PanelColumns)
        {
            Vector512<byte> codes;
            if (at + PanelColumns <= bytes)
            {
                codes = Encode(Vector512.Load((byte*)row + at));
            }
            else
            {
                Vector512<byte> last = default;
                Unsafe.CopyBlockUnaligned(&last, (byte*)row + at, (uint)Math.Min(BytesOfVector, bytes - at));
                codes = Encode(last);
            }

            codes.Store(target);
        }
    }

    /// <summary>Codes that <see cref="Encode(ulong*, nint, byte*)"/> writes, a multiple of 64.</summary>
    public static nint CodesOf(nint words) =>
        Blocking.CeilingDivide(words * sizeof(ulong), BytesOfVector) * PanelColumns;

    /// <summary>
    /// Transposes 64 rows of codes, <paramref name="codes"/> apart, into a panel. Even bytes of its vectors are columns 0 … 31
    /// and odd ones the others, so that both halves of 16 bits, widened, are columns in order.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Transpose(byte* source, nint codes, byte* panel)
    {
        const int Half = PanelColumns / 2;
        var order = Turned;
        for (nint step = 0; step < codes; step += sizeof(ulong))
        {
            byte* target = panel + (step * PanelColumns);
            for (nint column = 0; column < Half; column += sizeof(ulong) / 2)
            {
                byte* low = source + (column * codes) + step, high = low + (Half * codes);
                var square = Vector512.Create(
                    *(ulong*)low, *(ulong*)high, *(ulong*)(low + codes), *(ulong*)(high + codes), *(ulong*)(low + (2 * codes)),
                    *(ulong*)(high + (2 * codes)), *(ulong*)(low + (3 * codes)), *(ulong*)(high + (3 * codes)));
                var turned = Avx512Vbmi.PermuteVar64x8(square.AsByte(), order).AsUInt64();
                for (int i = 0; i < Vector512<ulong>.Count; i++)
                {
                    *(ulong*)(target + (i * PanelColumns) + (2 * column)) = turned[i];
                }
            }
        }
    }

    private const int BytesOfVector = PanelColumns * Bits / 8;

    /// <summary>Byte 8i + j of 64 from byte i + 8j.</summary>
    private static Vector512<byte> Turned { get; } = Create(place => ((place % 8) * 8) + (place / 8));

    /// <summary>Six bytes to each word, and the two that follow.</summary>
    private static Vector512<byte> Spread { get; } = Create(place => (place / 8 * Bits) + (place % 8));

    /// <summary>The first bit of each code in its word.</summary>
    private static Vector512<byte> Shifts { get; } = Create(place => place % 8 * Bits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> Encode(Vector512<byte> signs)
    {
        var words = Avx512Vbmi.PermuteVar64x8(signs, Spread).AsUInt64();
        return Avx512Vbmi.MultiShift(Shifts, words) & Vector512.Create((byte)(Patterns - 1));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Widen<TPanels>(Vector512<byte> first, Vector512<byte> second, ushort* counts) where TPanels : ICount
    {
        Widen(first, counts);
        if (TPanels.Value > 1)
        {
            Widen(second, counts + PanelColumns);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Widen(Vector512<byte> bytes, ushort* counts)
    {
        const int Half = PanelColumns / 2;
        var even = bytes.AsUInt16() & Vector512.Create((ushort)byte.MaxValue);
        (Vector512.Load(counts) + even).Store(counts);
        (Vector512.Load(counts + Half) + (bytes.AsUInt16() >>> 8)).Store(counts + Half);
    }

    private static Vector512<byte> Create(Func<int, int> place)
    {
        byte* bytes = stackalloc byte[PanelColumns];
        for (int i = 0; i < PanelColumns; i++)
        {
            bytes[i] = (byte)Math.Min(place(i), byte.MaxValue);
        }

        return Vector512.Load(bytes);
    }

    /// <summary>Never freed: as long-lived as the class.</summary>
    private static byte* MakeTables()
    {
        byte* tables = (byte*)NativeMemory.AlignedAlloc(Patterns * Patterns, PanelColumns);
        for (int i = 0; i < Patterns * Patterns; i++)
        {
            tables[i] = (byte)BitOperations.PopCount((uint)(i / Patterns ^ i % Patterns));
        }

        return tables;
    }
}
