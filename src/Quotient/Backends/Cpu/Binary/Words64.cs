using System.Numerics;

namespace Quotient.Backends.Cpu.Binary;

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
