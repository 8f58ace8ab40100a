using static Quotient.Backends.Reference.Loops;

namespace Quotient.Backends.Reference;

/// <summary>Losses and their derivatives.</summary>
internal sealed unsafe class ReferenceLossOps<T> : ILossOps<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public void SoftmaxCrossEntropy(
        MatrixView<T> z, VectorView<int> labels, double smoothing, MatrixView<T> p, VectorView<double> loss)
    {
        for (long n = 0; n < z.Rows; n++)
        {
            double max = double.NegativeInfinity;
            for (long c = 0; c < z.Columns; c++)
            {
                max = Math.Max(max, At(z, n, c));
            }

            // The largest powers are 1 each; all but one of them, with the rest, are what the sum has beyond 1, which may be tiny.
            double ties = Sum(z.Columns, c => At(z, n, c) == max ? 1 : 0);
            double rest = Sum(z.Columns, c => At(z, n, c) == max ? 0 : Math.Exp(At(z, n, c) - max)) + (ties - 1);
            double margin = At(z, n, labels.Pointer()[n]) - max;
            loss.Pointer()[0] += NearOne.Log(rest) - (smoothing == 0 ? margin
                : ((1 - smoothing) * margin) + (smoothing / z.Columns * Sum(z.Columns, c => At(z, n, c) - max)));
            for (long c = 0; c < z.Columns; c++)
            {
                Set(p, n, c, Math.Exp(At(z, n, c) - max) / (1 + rest));
            }
        }
    }

    public void SoftmaxGradient(MatrixView<T> p, VectorView<int> labels, double smoothing, MatrixView<T> g)
    {
        double share = smoothing / p.Columns;
        EachRow(g, (n, c) => c == labels.Pointer()[n]
            ? -Sum(p.Columns, j => j == c ? 0 : At(p, n, j) - share)
            : At(p, n, c) - share);
    }

    public void SoftmaxHessian(MatrixView<T> p, double scale, MatrixView<T> x, MatrixView<T> y)
    {
        for (long row = 0; row < x.Rows; row++)
        {
            long n = row % p.Rows;
            double origin = Sum(p.Columns, c => At(p, n, c) > 0.5 ? At(x, row, c) : 0);
            double mean = Sum(p.Columns, c => At(p, n, c) * (At(x, row, c) - origin));
            for (long c = 0; c < p.Columns; c++)
            {
                Set(y, row, c, scale * At(p, n, c) * (At(x, row, c) - origin - mean));
            }
        }
    }

    public void SoftmaxFactors(MatrixView<T> p, double scale, int first, MatrixView<T> y) => EachRow(y, (row, j) =>
    {
        long c = first + (row / p.Rows), n = row % p.Rows;
        return Math.Sqrt(scale * At(p, n, c)) * (c == j ? Sum(p.Columns, k => k == c ? 0 : At(p, n, k)) : -At(p, n, j));
    });

    public void SquaredError(MatrixView<T> z, MatrixView<T> targets, MatrixView<T> r, VectorView<double> loss) =>
        EachRow(r, (n, c) =>
        {
            double residual = At(z, n, c) - At(targets, n, c);
            loss.Pointer()[0] += 0.5 * residual * residual;
            return residual;
        });

    public void RowOuter(MatrixView<T> g, double scale, MatrixView<T> x, MatrixView<T> y)
    {
        for (long row = 0; row < x.Rows; row++)
        {
            long n = row % g.Rows;
            double dot = Sum(g.Columns, c => At(g, n, c) * At(x, row, c));
            for (long c = 0; c < g.Columns; c++)
            {
                Set(y, row, c, scale * dot * At(g, n, c));
            }
        }
    }

    public void CountErrors(MatrixView<T> z, VectorView<int> labels, VectorView<double> count)
    {
        for (long n = 0; n < z.Rows; n++)
        {
            long best = 0;
            for (long c = 1; c < z.Columns; c++)
            {
                best = At(z, n, c) > At(z, n, best) ? c : best;
            }

            count.Pointer()[0] += best == labels.Pointer()[n] ? 0 : 1;
        }
    }
}
