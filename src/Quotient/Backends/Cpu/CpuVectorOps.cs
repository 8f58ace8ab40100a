using System.Numerics;
using Quotient.Backends.Cpu.Vectors;

namespace Quotient.Backends.Cpu;

/// <summary>Vectors, with the widest instructions of the machine and all threads where that pays.</summary>
internal sealed unsafe class CpuVectorOps<T>(WorkerPool pool, Scratch scratch) : IVectorOps<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public void Map(ElementOp<T> f, double s, VectorView<T> x, VectorView<T> y, VectorView<T> z)
    {
        // An operand that f does not read is another one, whose elements are at hand.
        T* target = z.Pointer(), first = f.Reads.HasFlag(Reads.X) ? x.Pointer() : target;
        T* second = f.Reads.HasFlag(Reads.Y) ? y.Pointer() : first;
        T scalar = T.CreateTruncating(s);
        var map = ElementMaps<T>.Of(f);
        long period = f.Reads.HasFlag(Reads.TiledX) ? x.Length : z.Length;
        for (long done = 0; done < z.Length; done += period)
        {
            map.Run(pool, scalar, first, second + done, target + done, period);
        }
    }

    public void SumRows(MatrixView<T> x, double beta, VectorView<T> result)
    {
        long blocks = SumRowsParts<T>.CountOf(x.Rows);
        double* partial = scratch.Shared<double>(blocks * x.Columns);
        var parts = new SumRowsParts<T>(new(x), partial);
        pool.Run(ref parts, parts.Count);
        T* target = result.Pointer();
        for (long j = 0; j < x.Columns; j++)
        {
            double sum = beta == 0 ? 0 : beta * double.CreateTruncating(target[j]);
            for (long block = 0; block < blocks; block++)
            {
                sum += partial[(block * x.Columns) + j];
            }

            target[j] = T.CreateTruncating(sum);
        }
    }

    public void GatherRows(MatrixView<T> x, VectorView<int> indices, MatrixView<T> y) =>
        Rows.Run(pool, scratch, y, new GatherMap<T>(new(x), indices.Pointer(), new(y)));

    public void GatherLabels(VectorView<int> x, VectorView<int> indices, VectorView<int> y)
    {
        int* source = x.Pointer(), at = indices.Pointer(), target = y.Pointer();
        for (long i = 0; i < y.Length; i++)
        {
            target[i] = source[at[i]];
        }
    }
}
