using System.Runtime.Intrinsics;
using Quotient.Backends.Cpu.Binary;

namespace Quotient.Backends.Cpu.Vectors;

/// <summary>±1 from the bits of <see cref="Philox"/>: a block gives 128.</summary>
internal readonly unsafe struct RademacherParts<T>(ulong seed, ulong stream, T* x, long length) : IParts
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int Bits = 128;

    public int Count => Parts.Count<T>(length);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(int index, int thread)
    {
        const int Half = BitMatrix.WordBits;
        var (start, end) = Parts.Range<T>(index, length);
        for (long i = start; i < end; i += Bits)
        {
            var (a, b, c, d) = Philox.Block(seed, stream, (ulong)(i / Bits));
            SignParts.Spread(a | ((ulong)b << 32), (int)Math.Min(Half, end - i), x + i);
            SignParts.Spread(c | ((ulong)d << 32), (int)Math.Min(Half, end - i - Half), x + i + Half);
        }
    }
}

/// <summary>N(0, 1) as <see cref="Philox.Normals"/> defines them, eight blocks at once: a block gives two numbers.</summary>
internal readonly unsafe struct NormalParts<T>(ulong seed, ulong stream, T* x, long length) : IParts
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int ElementsOfPart = 4096;

    public int Count => (int)((length + ElementsOfPart - 1) / ElementsOfPart);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(int index, int thread)
    {
        const int AtOnce = 2 * PhiloxVector.Blocks;
        double* values = stackalloc double[AtOnce];
        long start = (long)index * ElementsOfPart, end = Math.Min(length, start + ElementsOfPart);
        for (long i = start; i < end; i += AtOnce)
        {
            PhiloxVector.Normals(seed, stream, (ulong)i / 2, values);
            Wide.FromDoubles(values, x + i, Math.Min(AtOnce, end - i));
        }
    }
}

/// <summary>Elements negated where their word of <see cref="Philox"/> is below a limit, eight blocks at once: a block decides for four.</summary>
internal readonly unsafe struct FlipParts<T>(ulong seed, ulong stream, ulong limit, T* x, long length) : IParts
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int ElementsOfPart = 16384;

    public int Count => (int)((length + ElementsOfPart - 1) / ElementsOfPart);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(int index, int thread)
    {
        const int Words = 4, AtOnce = Words * PhiloxVector.Blocks;
        ulong* below = stackalloc ulong[AtOnce];
        long start = (long)index * ElementsOfPart, end = Math.Min(length, start + ElementsOfPart);
        for (long i = start; i < end; i += AtOnce)
        {
            PhiloxVector.Below(seed, stream, (ulong)i / Words, limit, below);
            long count = Math.Min(AtOnce, end - i);
            for (long j = 0; j < count; j++)
            {
                // Without a branch: which elements flip cannot be predicted.
                Negate(x + i + j, below[(j % Words * PhiloxVector.Blocks) + (j / Words)]);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Negate(T* value, ulong whether)
    {
        if (typeof(T) == typeof(float))
        {
            *(uint*)value ^= (uint)(whether << 31);
        }
        else
        {
            *(ulong*)value ^= whether << 63;
        }
    }
}

/// <summary>Eight consecutive blocks of <see cref="Philox"/>, each of the four words in the low half of a lane.</summary>
internal static unsafe class PhiloxVector
{
    /// <summary>Blocks at once.</summary>
    public const int Blocks = 8;

    private const ulong Multiplier0 = 0xD2511F53, Multiplier1 = 0xCD9E8D57;
    private const uint Weyl0 = 0x9E3779B9, Weyl1 = 0xBB67AE85;

    /// <summary>The sixteen normal numbers of blocks index … index + 7, in order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Normals(ulong seed, ulong stream, ulong index, double* values)
    {
        var (x, y, z, w) = Words(seed, stream, index);
        var unit = Vector512.Create(1.0 / (1L << 53));
        var u = (Join(x, y) + Vector512<double>.One) * unit;
        var v = Join(z, w) * unit;
        var radius = Vector512.Sqrt(Vector512.Log(u) * -2.0);
        var (sin, cos) = Vector512.SinCos(v * (2 * Math.PI));
        Vector512<double> first = radius * cos, second = radius * sin;
        for (int block = 0; block < Blocks; block++)
        {
            values[2 * block] = first[block];
            values[(2 * block) + 1] = second[block];
        }
    }

    /// <summary>Whether the words of blocks index … index + 7 are below a limit, 1 or 0: of the eight first words, of the second, and so on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Below(ulong seed, ulong stream, ulong index, ulong limit, ulong* below)
    {
        var (x, y, z, w) = Words(seed, stream, index);
        var bound = Vector512.Create(limit);

        // Words and limit are far below 2⁶³: the sign of their difference tells.
        ((x - bound) >>> 63).Store(below);
        ((y - bound) >>> 63).Store(below + Blocks);
        ((z - bound) >>> 63).Store(below + (2 * Blocks));
        ((w - bound) >>> 63).Store(below + (3 * Blocks));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector512<ulong> X, Vector512<ulong> Y, Vector512<ulong> Z, Vector512<ulong> W) Words(
        ulong seed, ulong stream, ulong index)
    {
        var half = Vector512.Create((ulong)uint.MaxValue);
        var counter = Vector512.Create(index) + Vector512.Create(0ul, 1, 2, 3, 4, 5, 6, 7);
        Vector512<ulong> x = counter & half, y = counter >>> 32;
        Vector512<ulong> z = Vector512.Create(stream & uint.MaxValue), w = Vector512.Create(stream >> 32);
        uint key0 = (uint)seed, key1 = (uint)(seed >> 32);
        for (int round = 0; round < 10; round++)
        {
            Vector512<ulong> p0 = x * Multiplier0, p1 = z * Multiplier1;
            (x, y) = ((p1 >>> 32) ^ y ^ Vector512.Create((ulong)key0), p1 & half);
            (z, w) = ((p0 >>> 32) ^ w ^ Vector512.Create((ulong)key1), p0 & half);
            key0 += Weyl0;
            key1 += Weyl1;
        }

        return (x, y, z, w);
    }

    /// <summary>The upper 53 bits of the joined words, which a double holds exactly.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Join(Vector512<ulong> low, Vector512<ulong> high) =>
        Vector512.ConvertToDouble(((high << 32) | low) >>> 11);
}
