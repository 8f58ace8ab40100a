using System.Numerics;

namespace Quotient.Backends.Reference;

/// <summary>Vectors, tall-skinny products, random numbers and optimiser steps as plain double loops.</summary>
internal sealed unsafe partial class ReferenceOps<T> : IOps<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public void Fill(VectorView<T> x, double value) => Each(x, _ => value);

    public void Copy(VectorView<T> x, VectorView<T> y) => Each(y, i => At(x, i));

    public void Scale(double alpha, VectorView<T> x) => Each(x, i => alpha * At(x, i));

    public void Axpy(double alpha, VectorView<T> x, VectorView<T> y) => Each(y, i => At(y, i) + (alpha * At(x, i)));

    public void AddSquares(VectorView<T> x, VectorView<T> y) => Each(y, i => At(y, i) + (At(x, i) * At(x, i)));

    public void Dot(VectorView<T> x, VectorView<T> y, VectorView<double> result) =>
        result.Span()[0] = Sum(x.Length, i => At(x, i) * At(y, i));

    public void DivideByRoot(VectorView<T> x, VectorView<double> s, VectorView<T> y)
    {
        double root = Math.Sqrt(s.Span()[0]);
        Each(y, i => root == 0 ? 0 : At(x, i) / root);
    }

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

    public void SumRows(MatrixView<T> x, double beta, VectorView<T> result) =>
        Each(result, j => Sum(x.Rows, i => At(x, i, j)) + (beta == 0 ? 0 : beta * At(result, j)));

    public void RowSquares(MatrixView<T> x, VectorView<T> result) =>
        Each(result, i => Sum(x.Columns, j => At(x, i, j) * At(x, i, j)));

    public void Relu(VectorView<T> x, VectorView<T> y) => Each(y, i => Math.Max(At(x, i), 0));

    public void Mask(VectorView<T> a, VectorView<T> x, VectorView<T> y) =>
        Each(y, i => At(a, i % a.Length) > 0 ? At(x, i) : 0);

    public void GatherRows(MatrixView<T> x, VectorView<int> indices, MatrixView<T> y)
    {
        for (int i = 0; i < y.Rows; i++)
        {
            Copy(x.Row(indices.Span()[i]), y.Row(i));
        }
    }

    public void GatherLabels(VectorView<int> x, VectorView<int> indices, VectorView<int> y)
    {
        for (int i = 0; i < y.Length; i++)
        {
            y.Span()[i] = x.Span()[indices.Span()[i]];
        }
    }

    public void Rademacher(ulong seed, ulong stream, VectorView<T> x) =>
        Each(x, i => Philox.Sign(seed, stream, (ulong)i) ? 1 : -1);

    public void Normal(ulong seed, ulong stream, VectorView<T> x) => Each(x, i =>
    {
        var (first, second) = Philox.Normals(seed, stream, (ulong)i / 2);
        return i % 2 == 0 ? first : second;
    });

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

    private static double At(VectorView<T> x, long i) => double.CreateChecked(x.Pointer()[i]);

    private static double At(MatrixView<T> x, long i, long j) => double.CreateChecked(x.Pointer()[(i * x.Stride) + j]);

    private static void Set(VectorView<T> x, long i, double value) => x.Pointer()[i] = T.CreateChecked(value);

    private static void Set(MatrixView<T> x, long i, long j, double value) =>
        x.Pointer()[(i * x.Stride) + j] = T.CreateChecked(value);

    private static void Each(VectorView<T> x, Func<long, double> value)
    {
        for (long i = 0; i < x.Length; i++)
        {
            Set(x, i, value(i));
        }
    }

    /// <summary>A sum whose rounding does not grow with its length (Neumaier 1974): the oracle's own error must not count.</summary>
    private static double Sum(long count, Func<long, double> term)
    {
        double sum = 0, lost = 0;
        for (long i = 0; i < count; i++)
        {
            double value = term(i), next = sum + value;
            lost += Math.Abs(sum) >= Math.Abs(value) ? sum - next + value : value - next + sum;
            sum = next;
        }

        return sum + lost;
    }
}
