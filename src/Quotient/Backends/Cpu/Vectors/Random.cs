using System.Numerics;
using System.Runtime.CompilerServices;

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
        var (start, end) = Parts.Range<T>(index, length);
        uint* words = stackalloc uint[Bits / 32];
        for (long i = start; i < end; i += Bits)
        {
            (words[0], words[1], words[2], words[3]) = Philox.Block(seed, stream, (ulong)(i / Bits));
            if (end - i >= Bits)
            {
                Signs(words, x + i);
                continue;
            }

            for (long j = 0; j < end - i; j++)
            {
                x[i + j] = Sign(words, (int)j);
            }
        }
    }

    /// <summary>
    /// All signs of a block: a vector of bit masks picks each lane's bit of a word of as many bits as lanes are wide.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Signs(uint* words, T* target)
    {
        if (typeof(T) != typeof(float))
        {
            for (int j = 0; j < Bits; j++)
            {
                target[j] = Sign(words, j);
            }

            return;
        }

        int lanes = Vector<uint>.Count;
        Vector<uint> one = new(BitConverter.SingleToUInt32Bits(1f)), sign = new(1u << 31);
        var picks = Picks();
        for (int j = 0; j < Bits; j += lanes)
        {
            var bits = new Vector<uint>(words[j >> 5] >> (j & 31)) & picks;
            var negative = Vector.Equals(bits, Vector<uint>.Zero) & sign;
            (one | negative).Store((uint*)target + j);
        }
    }

    private static Vector<uint> Picks()
    {
        uint* picks = stackalloc uint[Vector<uint>.Count];
        for (int lane = 0; lane < Vector<uint>.Count; lane++)
        {
            picks[lane] = 1u << lane;
        }

        return Vector.Load(picks);
    }

    private static T Sign(uint* words, int bit) => ((words[bit >> 5] >> (bit & 31)) & 1) != 0 ? T.One : T.NegativeOne;
}
