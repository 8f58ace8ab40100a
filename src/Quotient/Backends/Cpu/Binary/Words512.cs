using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Quotient.Backends.Cpu.Binary;

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
