using System.Runtime.Intrinsics;
using Quotient.Backends.Cpu.Products;
using Quotient.Backends.Cpu.Vectors;

namespace Quotient.Backends.Cpu.Binary;

/// <summary>bits ← the signs of X's rows.</summary>
internal readonly unsafe struct PackRowMap<T>(MatrixPointer<T> x, T threshold, BitPointer bits) : IRowMap
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static long ElementsOfPart => SignParts.ElementsOfPart;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double Apply(long row)
    {
        T* source = x.Row(row);
        ulong* target = bits.Row((nint)row);
        for (nint rest = bits.Columns; rest > 0; rest -= BitMatrix.WordBits, source += BitMatrix.WordBits)
        {
            *target++ = Word(source, Math.Min(rest, BitMatrix.WordBits));
        }

        return 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong Word(T* source, nint count)
    {
        var limit = Vector256.Create(threshold);
        ulong word = 0;
        int j = 0;
        for (; j <= count - Vector256<T>.Count; j += Vector256<T>.Count)
        {
            var reached = Vector256.GreaterThanOrEqual(Vector256.Load(source + j), limit);
            word |= (ulong)reached.ExtractMostSignificantBits() << j;
        }

        for (; j < count; j++)
        {
            word |= (source[j] >= threshold ? 1UL : 0) << j;
        }

        return word;
    }
}

/// <summary>
/// bits ← the signs of X's columns. Lanes are columns; as many rows as an element has bits fill their lanes bit by bit. What the
/// columns get is collected until it fills a cache line of each.
/// </summary>
internal readonly unsafe struct PackColumnsParts<T>(MatrixPointer<T> x, T threshold, BitPointer bits) : IParts
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int ColumnsOfPart = 128, BytesOfLine = 64;

    private static int Lanes => Vector256<T>.Count;

    private static int BitsOfLane => 8 * sizeof(T);

    private static int GroupsOfLine => BytesOfLine / sizeof(T);

    public int Count => (int)Blocking.CeilingDivide(bits.Rows, ColumnsOfPart);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(int index, int thread)
    {
        nint column = index * ColumnsOfPart, columns = Math.Min(ColumnsOfPart, bits.Rows - column);
        T* lines = stackalloc T[ColumnsOfPart * GroupsOfLine], lanes = stackalloc T[4 * Lanes];
        nint groups = bits.Words * BitMatrix.WordBits / BitsOfLane;
        for (nint first = 0; first < groups; first += GroupsOfLine)
        {
            nint count = Math.Min(GroupsOfLine, groups - first);
            for (nint group = 0; group < count; group++)
            {
                for (nint strip = 0; strip < columns; strip += 4 * Lanes)
                {
                    nint width = Math.Min(4 * Lanes, columns - strip);
                    Collect((first + group) * BitsOfLane, column + strip, width, lanes);
                    for (nint i = 0; i < width; i++)
                    {
                        lines[((strip + i) * GroupsOfLine) + group] = lanes[i];
                    }
                }
            }

            for (nint i = 0; i < columns; i++)
            {
                T* target = (T*)bits.Row(column + i) + first;
                Unsafe.CopyBlockUnaligned(target, lines + (i * GroupsOfLine), (uint)(count * sizeof(T)));
            }
        }
    }

    /// <summary>The signs of some rows, from one on, in four vectors of columns: a bit a row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Collect(nint row, nint column, nint width, T* lanes)
    {
        T* padded = stackalloc T[4 * Lanes];
        nint end = Math.Min(bits.Columns, row + BitsOfLane);
        var limit = Vector256.Create(threshold);
        Vector256<T> b0 = default, b1 = default, b2 = default, b3 = default;
        for (int place = 0; row < end; row++, place++)
        {
            var bit = SignParts.Bit<T>(place);
            T* source = x.Row(row) + column;
            if (width < 4 * Lanes)
            {
                Unsafe.CopyBlockUnaligned(padded, source, (uint)(width * sizeof(T)));
                source = padded;
            }

            b0 |= Vector256.GreaterThanOrEqual(Vector256.Load(source), limit) & bit;
            b1 |= Vector256.GreaterThanOrEqual(Vector256.Load(source + Lanes), limit) & bit;
            b2 |= Vector256.GreaterThanOrEqual(Vector256.Load(source + (2 * Lanes)), limit) & bit;
            b3 |= Vector256.GreaterThanOrEqual(Vector256.Load(source + (3 * Lanes)), limit) & bit;
        }

        b0.Store(lanes);
        b1.Store(lanes + Lanes);
        b2.Store(lanes + (2 * Lanes));
        b3.Store(lanes + (3 * Lanes));
    }
}

/// <summary>Y ← ±1.</summary>
internal readonly unsafe struct UnpackRowMap<T>(BitPointer bits, MatrixPointer<T> y) : IRowMap
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static long ElementsOfPart => SignParts.ElementsOfPart;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double Apply(long row)
    {
        T* target = y.Row(row);
        ulong* source = bits.Row((nint)row);
        for (nint rest = bits.Columns; rest > 0; rest -= BitMatrix.WordBits, target += BitMatrix.WordBits)
        {
            SignParts.Spread(*source++, (int)Math.Min(rest, BitMatrix.WordBits), target);
        }

        return 0;
    }
}

/// <summary>Bits of words, and vectors of one precision used as vectors of bits.</summary>
internal static unsafe class SignParts
{
    /// <summary>Signs that are worth a thread's turn.</summary>
    public const int ElementsOfPart = 1 << 16;

    /// <summary>target_j ← +1 where bit j is 1, else −1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Spread<T>(ulong word, int count, T* target) where T : unmanaged, IFloatingPointIeee754<T>
    {
        Vector256<T> plus = Vector256<T>.One, minus = -plus, places = Places<T>();
        int j = 0;
        for (; j <= count - Vector256<T>.Count; j += Vector256<T>.Count, word >>= Vector256<T>.Count)
        {
            Vector256.ConditionalSelect(Holds(word, places), plus, minus).Store(target + j);
        }

        for (; j < count; j++, word >>= 1)
        {
            target[j] = (word & 1) == 0 ? -T.One : T.One;
        }
    }

    /// <summary>target ← α·sums.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Scale<T>(Vector<int> sums, T alpha, T* target) where T : unmanaged
    {
        if (typeof(T) == typeof(float))
        {
            (Vector.ConvertToSingle(sums) * Unsafe.BitCast<T, float>(alpha)).Store((float*)target);
            return;
        }

        Vector.Widen(sums, out var low, out var high);
        (Vector.ConvertToDouble(low) * Unsafe.BitCast<T, double>(alpha)).Store((double*)target);
        (Vector.ConvertToDouble(high) * Unsafe.BitCast<T, double>(alpha)).Store((double*)target + Vector<double>.Count);
    }

    /// <summary>One bit of each lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Bit<T>(int place) where T : unmanaged => typeof(T) == typeof(float)
        ? Vector256.Create(1u << place).As<uint, T>()
        : Vector256.Create(1UL << place).As<ulong, T>();

    /// <summary>Bit i in lane i.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<T> Places<T>() where T : unmanaged => typeof(T) == typeof(float)
        ? Vector256.Create(1u, 2, 4, 8, 16, 32, 64, 128).As<uint, T>()
        : Vector256.Create(1UL, 2, 4, 8).As<ulong, T>();

    /// <summary>All bits in the lanes whose place is 1 in the word.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<T> Holds<T>(ulong word, Vector256<T> places) where T : unmanaged => typeof(T) == typeof(float)
        ? Vector256.Equals(Vector256.Create((uint)word) & places.AsUInt32(), places.AsUInt32()).As<uint, T>()
        : Vector256.Equals(Vector256.Create(word) & places.AsUInt64(), places.AsUInt64()).As<ulong, T>();
}
