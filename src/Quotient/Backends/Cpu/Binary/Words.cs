using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Quotient.Backends.Cpu.Binary;

/// <summary>What counting bits needs of a vector of 64-bit words, so that one kernel text serves every width.</summary>
internal unsafe interface IWords<TVector> where TVector : struct
{
    /// <summary>Words of a vector.</summary>
    static abstract int Lanes { get; }

    /// <summary>Whether an instruction counts the bits of a word, so that adding up bit by bit would not pay.</summary>
    static abstract bool CountsWords { get; }

    static abstract TVector Load(ulong* source);

    static abstract TVector Broadcast(ulong* source);

    static abstract void Store(TVector value, ulong* target);

    static abstract TVector Xor(TVector a, TVector b);

    static abstract TVector And(TVector a, TVector b);

    /// <summary>a where the mask is 1, b where it is 0.</summary>
    static abstract TVector Select(TVector mask, TVector a, TVector b);

    /// <summary>The number of 1s in each byte, or in each word where <see cref="CountsWords"/>.</summary>
    static abstract TVector Count(TVector value);

    /// <summary>Sums of bytes (of words, where <see cref="CountsWords"/>).</summary>
    static abstract TVector AddBytes(TVector a, TVector b);

    /// <summary>The sum of each word's bytes.</summary>
    static abstract TVector SumBytes(TVector value);

    /// <summary>a + 2^shift·b, word by word.</summary>
    static abstract TVector AddShifted(TVector a, TVector b, int shift);
}

/// <summary>One word, whose bits an instruction counts.</summary>
internal readonly unsafe struct Words64 : IWords<ulong>
{
    public static int Lanes => 1;

    public static bool CountsWords => true;

    public static ulong Load(ulong* source) => *source;

    public static ulong Broadcast(ulong* source) => *source;

    public static void Store(ulong value, ulong* target) => *target = value;

    public static ulong Xor(ulong a, ulong b) => a ^ b;

    public static ulong And(ulong a, ulong b) => a & b;

    public static ulong Select(ulong mask, ulong a, ulong b) => (mask & a) | (~mask & b);

    public static ulong Count(ulong value) => (ulong)BitOperations.PopCount(value);

    public static ulong AddBytes(ulong a, ulong b) => a + b;

    public static ulong SumBytes(ulong value) => value;

    public static ulong AddShifted(ulong a, ulong b, int shift) => a + (b << shift);
}

/// <summary>Four words.</summary>
internal readonly unsafe struct Words256 : IWords<Vector256<ulong>>
{
    public static int Lanes => 4;

    public static bool CountsWords => false;

    public static Vector256<ulong> Load(ulong* source) => Vector256.Load(source);

    public static Vector256<ulong> Broadcast(ulong* source) => Vector256.Create(*source);

    public static void Store(Vector256<ulong> value, ulong* target) => value.Store(target);

    public static Vector256<ulong> Xor(Vector256<ulong> a, Vector256<ulong> b) => a ^ b;

    public static Vector256<ulong> And(Vector256<ulong> a, Vector256<ulong> b) => a & b;

    public static Vector256<ulong> Select(Vector256<ulong> mask, Vector256<ulong> a, Vector256<ulong> b) =>
        Vector256.ConditionalSelect(mask, a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> Count(Vector256<ulong> value)
    {
        if (!Avx2.IsSupported)
        {
            return Counted(value);
        }

        var nibble = Vector256.Create((byte)15);
        var ones = Vector256.Create(Nibbles.OnesLow, Nibbles.OnesHigh, Nibbles.OnesLow, Nibbles.OnesHigh).AsByte();
        var low = Avx2.Shuffle(ones, value.AsByte() & nibble);
        var high = Avx2.Shuffle(ones, (value >> 4).AsByte() & nibble);
        return (low + high).AsUInt64();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> AddBytes(Vector256<ulong> a, Vector256<ulong> b) => (a.AsByte() + b.AsByte()).AsUInt64();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> SumBytes(Vector256<ulong> value) => Avx2.IsSupported
        ? Avx2.SumAbsoluteDifferences(value.AsByte(), Vector256<byte>.Zero).AsUInt64()
        : Summed(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> AddShifted(Vector256<ulong> a, Vector256<ulong> b, int shift) => a + (b << shift);

    /// <summary>Pairs, nibbles, bytes: for machines that have no table of bytes.</summary>
    private static Vector256<ulong> Counted(Vector256<ulong> value)
    {
        Vector256<ulong> pair = Vector256.Create(0x5555555555555555UL), nibble = Vector256.Create(0x3333333333333333UL);
        value -= (value >> 1) & pair;
        value = (value & nibble) + ((value >> 2) & nibble);
        return (value + (value >> 4)) & Vector256.Create(0x0F0F0F0F0F0F0F0FUL);
    }

    /// <summary>Bytes to 16 bits, 32 and 64.</summary>
    private static Vector256<ulong> Summed(Vector256<ulong> value)
    {
        value = (value & Vector256.Create(0x00FF00FF00FF00FFUL)) + ((value >> 8) & Vector256.Create(0x00FF00FF00FF00FFUL));
        value += value >> 16;
        return (value + (value >> 32)) & Vector256.Create(0x7FFUL);
    }
}

/// <summary>Eight words.</summary>
internal readonly unsafe struct Words512 : IWords<Vector512<ulong>>
{
    public static int Lanes => 8;

    public static bool CountsWords => false;

    public static Vector512<ulong> Load(ulong* source) => Vector512.Load(source);

    public static Vector512<ulong> Broadcast(ulong* source) => Vector512.Create(*source);

    public static void Store(Vector512<ulong> value, ulong* target) => value.Store(target);

    public static Vector512<ulong> Xor(Vector512<ulong> a, Vector512<ulong> b) => a ^ b;

    public static Vector512<ulong> And(Vector512<ulong> a, Vector512<ulong> b) => a & b;

    public static Vector512<ulong> Select(Vector512<ulong> mask, Vector512<ulong> a, Vector512<ulong> b) =>
        Vector512.ConditionalSelect(mask, a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> Count(Vector512<ulong> value)
    {
        if (!Avx512BW.IsSupported)
        {
            return Vector512.Create(Words256.Count(value.GetLower()), Words256.Count(value.GetUpper()));
        }

        var nibble = Vector512.Create((byte)15);
        var low = Avx512BW.Shuffle(OnesOfNibbles, value.AsByte() & nibble);
        var high = Avx512BW.Shuffle(OnesOfNibbles, (value >> 4).AsByte() & nibble);
        return (low + high).AsUInt64();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> AddBytes(Vector512<ulong> a, Vector512<ulong> b) => (a.AsByte() + b.AsByte()).AsUInt64();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> SumBytes(Vector512<ulong> value) => Avx512BW.IsSupported
        ? Avx512BW.SumAbsoluteDifferences(value.AsByte(), Vector512<byte>.Zero).AsUInt64()
        : Vector512.Create(Words256.SumBytes(value.GetLower()), Words256.SumBytes(value.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> AddShifted(Vector512<ulong> a, Vector512<ulong> b, int shift) => a + (b << shift);

    /// <summary>The 1s of 0 … 15, in each quarter.</summary>
    private static Vector512<byte> OnesOfNibbles
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector512.Create(
            Nibbles.OnesLow, Nibbles.OnesHigh, Nibbles.OnesLow, Nibbles.OnesHigh,
            Nibbles.OnesLow, Nibbles.OnesHigh, Nibbles.OnesLow, Nibbles.OnesHigh).AsByte();
    }
}

/// <summary>Counts that a table of sixteen bytes holds.</summary>
internal static class Nibbles
{
    /// <summary>The number of 1s in 0 … 7, and in 8 … 15, a byte each.</summary>
    public const ulong OnesLow = 0x0302020102010100, OnesHigh = 0x0403030203020201;
}
