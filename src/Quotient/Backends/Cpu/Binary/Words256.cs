using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Quotient.Backends.Cpu.Binary;

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
