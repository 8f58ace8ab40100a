using System.Numerics;
using static Quotient.Backends.Reference.Loops;

namespace Quotient.Backends.Reference;

/// <summary>Vectors in any numbers; sums are of type <typeparamref name="TSum"/>.</summary>
internal sealed unsafe class ReferenceVectorOps<T, TSum> : IVectorOps<T>
    where T : unmanaged, INumberBase<T>
    where TSum : INumberBase<TSum>
{
    public void Map(ElementOp<T> f, double s, VectorView<T> x, VectorView<T> y, VectorView<T> z)
    {
        T scalar = T.CreateChecked(s), first = T.Zero, second = T.Zero;
        for (long i = 0; i < z.Length; i++)
        {
            first = f.Reads.HasFlag(Reads.X) ? x.Pointer()[i % x.Length] : first;
            second = f.Reads.HasFlag(Reads.Y) ? y.Pointer()[i] : second;
            z.Pointer()[i] = f.Value(scalar, first, second);
        }
    }

    public void SumRows(MatrixView<T> x, double beta, VectorView<T> result)
    {
        TSum factor = TSum.CreateChecked(beta);
        for (long j = 0; j < x.Columns; j++)
        {
            TSum kept = beta == 0 ? TSum.Zero : factor * TSum.CreateChecked(result.Pointer()[j]);
            result.Pointer()[j] = T.CreateChecked(kept + Sum(x.Rows, i => TSum.CreateChecked(x.Row(i).Pointer()[j])));
        }
    }

    public void GatherRows(MatrixView<T> x, VectorView<int> indices, MatrixView<T> y)
    {
        for (int i = 0; i < y.Rows; i++)
        {
            x.Row(indices.Span()[i]).Span().CopyTo(y.Row(i).Span());
        }
    }

    public void GatherLabels(VectorView<int> x, VectorView<int> indices, VectorView<int> y)
    {
        for (int i = 0; i < y.Length; i++)
        {
            y.Span()[i] = x.Span()[indices.Span()[i]];
        }
    }
}
