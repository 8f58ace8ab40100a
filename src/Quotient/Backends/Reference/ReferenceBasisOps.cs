using System.Numerics;
using static Quotient.Backends.Reference.Loops;

namespace Quotient.Backends.Reference;

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
