namespace Quotient.Backends.Reference;

/// <summary>The operations of binary networks, sign by sign.</summary>
internal sealed unsafe partial class ReferenceOps<T>
{
    public void Sign(VectorView<T> x, double threshold, VectorView<T> y)
    {
        var t = T.CreateChecked(threshold);
        Each(y, i => x.Pointer()[i] >= t ? 1 : -1);
    }

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

    public void SignProduct(double alpha, BitMatrix a, BitMatrix b, MatrixView<T> c)
    {
        var factor = T.CreateChecked(alpha);
        for (long i = 0; i < c.Rows; i++)
        {
            for (long j = 0; j < c.Columns; j++)
            {
                long sum = 0;
                for (long k = 0; k < a.Columns; k++)
                {
                    sum += SignAt(a, i, k) * SignAt(b, j, k);
                }

                c.Pointer()[(i * c.Stride) + j] = factor * T.CreateChecked(sum);
            }
        }
    }

    public void MixedProduct(Transpose transpose, double alpha, MatrixView<T> x, BitMatrix b, double beta, MatrixView<T> c) =>
        EachRow(c, (i, j) =>
        {
            double sum = Sum(b.Columns, k => (transpose == Transpose.No ? At(x, i, k) : At(x, k, i)) * SignAt(b, j, k));
            return (alpha * sum) + (beta == 0 ? 0 : beta * At(c, i, j));
        });

    public void Clamp(VectorView<T> x, double bound, VectorView<T> y) => Each(y, i => Math.Clamp(At(x, i), -bound, bound));

    public void MaskNear(VectorView<T> z, double centre, VectorView<T> x, VectorView<T> y)
    {
        var middle = T.CreateChecked(centre);
        Each(y, i => T.Abs(z.Pointer()[i % z.Length] - middle) <= T.One ? At(x, i) : 0);
    }

    public void ScaleByMagnitude(VectorView<T> w, double eta, VectorView<T> x, VectorView<T> y) =>
        Each(y, i => (Math.Abs(At(w, i)) + eta) * At(x, i));

    private static ref ulong Word(BitMatrix bits, long row, long word) =>
        ref bits.Buffer.All.Pointer()[bits.Offset + (row * bits.Stride) + word];

    private static int SignAt(BitMatrix bits, long row, long column) =>
        ((Word(bits, row, column / BitMatrix.WordBits) >> (int)(column % BitMatrix.WordBits)) & 1) == 1 ? 1 : -1;
}
