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
            int count = (int)Math.Min(Bits, end - i);
            for (int j = 0; j < count; j++)
            {
                x[i + j] = ((words[j >> 5] >> (j & 31)) & 1) != 0 ? T.One : T.NegativeOne;
            }
        }
    }
}

/// <summary>N(0, 1) from <see cref="Philox"/>: a block gives two.</summary>
internal readonly unsafe struct NormalParts<T>(ulong seed, ulong stream, T* x, long length) : IParts
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int ElementsOfPart = 4096;

    public int Count => (int)((length + ElementsOfPart - 1) / ElementsOfPart);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(int index, int thread)
    {
        long start = (long)index * ElementsOfPart, end = Math.Min(length, start + ElementsOfPart);
        for (long i = start; i < end; i += 2)
        {
            var (first, second) = Philox.Normals(seed, stream, (ulong)i / 2);
            x[i] = T.CreateTruncating(first);
            if (i + 1 < end)
            {
                x[i + 1] = T.CreateTruncating(second);
            }
        }
    }
}
