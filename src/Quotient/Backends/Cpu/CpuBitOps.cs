using System.Numerics;
using Quotient.Backends.Cpu.Binary;

namespace Quotient.Backends.Cpu;

/// <summary>Signs to bits and back.</summary>
internal sealed class CpuBitOps<T>(WorkerPool pool) : IBitOps<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public void PackSigns(Transpose transpose, MatrixView<T> x, double threshold, BitMatrix bits)
    {
        T limit = T.CreateTruncating(threshold);
        if (transpose == Transpose.No)
        {
            var parts = new PackRowsParts<T>(new(x), limit, new(bits));
            pool.Run(ref parts, parts.Count);
        }
        else
        {
            var parts = new PackColumnsParts<T>(new(x), limit, new(bits));
            pool.Run(ref parts, parts.Count);
        }
    }

    public void UnpackSigns(BitMatrix bits, MatrixView<T> y)
    {
        var parts = new UnpackParts<T>(new(bits), new(y));
        pool.Run(ref parts, parts.Count);
    }
}
