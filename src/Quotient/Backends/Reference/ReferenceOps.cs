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

/// <summary>Inner products and products with a basis.</summary>
internal sealed unsafe class ReferenceBasisOps<T> : IBasisOps<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public void Dot(VectorView<T> x, VectorView<T> y, VectorView<double> result) =>
        result.Span()[0] = Sum(x.Length, i => At(x, i) * At(y, i));

    public void DivideByRoot(VectorView<T> x, VectorView<double> s, VectorView<T> y)
    {
        double root = Math.Sqrt(s.Span()[0]);
        Each(y, i => root == 0 ? 0 : At(x, i) / root);
    }

    public void RowSquares(MatrixView<T> x, VectorView<T> result) =>
        Each(result, i => Sum(x.Columns, j => At(x, i, j) * At(x, i, j)));

    public void Project(MatrixView<T> basis, VectorView<T> w, VectorView<double> c)
    {
        for (int row = 0; row < basis.Rows; row++)
        {
            Dot(basis.Row(row), w, c.Slice(row, 1));
        }
    }

    public void Deflate(MatrixView<T> basis, VectorView<double> c, VectorView<T> w) =>
        Each(w, i => At(w, i) - Sum(basis.Rows, row => c.Pointer()[row] * At(basis.Row(row), i)));

    public void Rotate(MatrixView<T> basis, MatrixView<double> rotation)
    {
        var column = new double[basis.Rows];
        for (long i = 0; i < basis.Columns; i++)
        {
            for (int row = 0; row < basis.Rows; row++)
            {
                column[row] = At(basis, row, i);
            }

            for (int p = 0; p < rotation.Columns; p++)
            {
                int kept = p;
                Set(basis, p, i, Sum(basis.Rows, row => rotation.Row(row).Pointer()[kept] * column[row]));
            }
        }
    }
}

/// <summary>Signs to bits and back, sign by sign.</summary>
internal sealed unsafe class ReferenceBitOps<T> : IBitOps<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public void PackSigns(Transpose transpose, MatrixView<T> x, double threshold, BitMatrix bits)
    {
        var t = T.CreateChecked(threshold);
        for (long i = 0; i < bits.Rows; i++)
        {
            for (long word = 0; word < bits.Words; word++)
            {
                Word(bits, i, word) = 0;
            }

            for (long j = 0; j < bits.Columns; j++)
            {
                var (row, column) = transpose == Transpose.No ? (i, j) : (j, i);
                bool positive = x.Pointer()[(row * x.Stride) + column] >= t;
                Word(bits, i, j / BitMatrix.WordBits) |= (positive ? 1UL : 0) << (int)(j % BitMatrix.WordBits);
            }
        }
    }

    public void UnpackSigns(BitMatrix bits, MatrixView<T> y) => EachRow(y, (i, j) => SignAt(bits, i, j));
}

/// <summary>Random vectors.</summary>
internal sealed class ReferenceRandomOps<T> : IRandomOps<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public void Rademacher(ulong seed, ulong stream, VectorView<T> x) =>
        Each(x, i => Philox.Sign(seed, stream, (ulong)i) ? 1 : -1);

    public void Normal(ulong seed, ulong stream, VectorView<T> x) => Each(x, i =>
    {
        var (first, second) = Philox.Normals(seed, stream, (ulong)i / 2);
        return i % 2 == 0 ? first : second;
    });

    public void Flip(ulong seed, ulong stream, double probability, VectorView<T> x) =>
        Each(x, i => Philox.IsBelow(seed, stream, (ulong)i, Philox.Limit(probability)) ? -At(x, i) : At(x, i));
}

/// <summary>Steps of optimisers.</summary>
internal sealed class ReferenceStepOps<T> : IStepOps<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public void MomentumStep(
        VectorView<T> theta, VectorView<T> gradient, VectorView<T> momentum, double rate, double mu, double decay, bool nesterov)
    {
        for (long i = 0; i < theta.Length; i++)
        {
            double g = At(gradient, i) + (decay * At(theta, i));
            double m = (mu * At(momentum, i)) + g;
            Set(momentum, i, m);
            Set(theta, i, At(theta, i) - (rate * (nesterov ? g + (mu * m) : m)));
        }
    }

    public void AdamStep(
        VectorView<T> theta, VectorView<T> gradient, VectorView<T> m, VectorView<T> v, AdamCoefficients c, long t)
    {
        double bias1 = 1 - Math.Pow(c.Beta1, t), bias2 = 1 - Math.Pow(c.Beta2, t);
        for (long i = 0; i < theta.Length; i++)
        {
            double g = At(gradient, i) + (c.Decay * At(theta, i));
            double first = (c.Beta1 * At(m, i)) + ((1 - c.Beta1) * g);
            double second = (c.Beta2 * At(v, i)) + ((1 - c.Beta2) * g * g);
            Set(m, i, first);
            Set(v, i, second);
            Set(theta, i, At(theta, i) - (c.Rate * (first / bias1) / (Math.Sqrt(second / bias2) + c.Epsilon)));
        }
    }
}

/// <summary>The plain loops, and access to elements, that the reference is made of.</summary>
internal static unsafe class Loops
{
    public static double At<T>(VectorView<T> x, long i) where T : unmanaged, INumberBase<T> => double.CreateChecked(x.Pointer()[i]);

    public static double At<T>(MatrixView<T> x, long i, long j) where T : unmanaged, INumberBase<T> => double.CreateChecked(x.Pointer()[(i * x.Stride) + j]);

    public static void Set<T>(VectorView<T> x, long i, double value) where T : unmanaged, INumberBase<T> => x.Pointer()[i] = T.CreateChecked(value);

    public static void Set<T>(MatrixView<T> x, long i, long j, double value) where T : unmanaged, INumberBase<T> =>
        x.Pointer()[(i * x.Stride) + j] = T.CreateChecked(value);

    public static void Each<T>(VectorView<T> x, Func<long, double> value) where T : unmanaged, INumberBase<T>
    {
        for (long i = 0; i < x.Length; i++)
        {
            Set(x, i, value(i));
        }
    }

    public static void EachRow<T>(MatrixView<T> y, Func<long, long, double> value) where T : unmanaged, INumberBase<T>
    {
        for (long i = 0; i < y.Rows; i++)
        {
            for (long j = 0; j < y.Columns; j++)
            {
                Set(y, i, j, value(i, j));
            }
        }
    }

    /// <summary>
    /// A sum whose rounding does not grow with its length: the error of each addition (Knuth, TAOCP 4.2.2, theorem B) is added at the
    /// end. The oracle's own error must not count.
    /// </summary>
    public static TSum Sum<TSum>(long count, Func<long, TSum> term) where TSum : INumberBase<TSum>
    {
        TSum sum = TSum.Zero, lost = TSum.Zero;
        for (long i = 0; i < count; i++)
        {
            TSum value = term(i), next = sum + value, added = next - sum;
            lost += sum - (next - added) + (value - added);
            sum = next;
        }

        return TSum.IsFinite(lost) ? sum + lost : sum;
    }

    public static ref ulong Word(BitMatrix bits, long row, long word) =>
        ref bits.Buffer.All.Pointer()[bits.Offset + (row * bits.Stride) + word];

    public static int SignAt(BitMatrix bits, long row, long column) =>
        ((Word(bits, row, column / BitMatrix.WordBits) >> (int)(column % BitMatrix.WordBits)) & 1) == 1 ? 1 : -1;
}
