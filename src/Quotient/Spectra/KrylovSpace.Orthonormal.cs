using System.Numerics;
using Quotient.Backends;

namespace Quotient.Spectra;

/// <summary>How the basis is kept orthonormal.</summary>
internal sealed partial class KrylovSpace<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly double[] _read, _coefficients;
    private double _taken;

    /// <summary>
    /// Row <paramref name="target"/> ← w/‖w‖ with w orthogonal to the basis; returns ‖w‖. The coefficients of all passes are left
    /// in _coefficients.
    /// </summary>
    /// <param name="w">What is orthogonalised; overwritten.</param>
    /// <param name="target">A row of the basis, or beyond it.</param>
    /// <param name="near">The last rows that w is expected to lean on: a first, cheap pass.</param>
    private double Orthonormalise(VectorView<T> w, int target, int near)
    {
        int k = Rows;
        Array.Clear(_coefficients, 0, k);
        double norm = Pass(w, target, near, 1);
        if (k == 0)
        {
            return norm;
        }

        // A pass leaves ε times what it took out. Where that was more than a little of what remained, another follows
        // (Daniel, Gragg, Kaufman and Stewart 1976); the third finds nothing, unless the vector was rounding alone.
        for (int extra = 0; extra < 2 && _taken > 0.1; extra++)
        {
            norm *= Pass(All.Row(target), target, 0, norm);
        }

        return norm;
    }

    /// <summary>
    /// One pass against the basis, after one against its last <paramref name="near"/> rows: adds the coefficients, in units of
    /// <paramref name="scale"/>, and notes the last pass's share of what is left.
    /// </summary>
    private double Pass(VectorView<T> w, int target, int near, double scale)
    {
        int k = Rows, used = 1 + near + k;
        var (square, few, all) = (_scalars.Slice(0, 1), _scalars.Slice(1, near), _scalars.Slice(1 + near, k));
        if (near > 0)
        {
            _ops.Project(All.RowRange(k - near, near), w, few);
            _ops.Deflate(All.RowRange(k - near, near), few, w);
        }

        if (k > 0)
        {
            _ops.Project(Basis, w, all);
            _ops.Deflate(Basis, all, w);
        }

        _ops.Dot(w, w, square);
        _ops.DivideByRoot(w, square, All.Row(target));
        _operator.Backend.Read(_scalars.Slice(0, used), _read.AsSpan(0, used));
        for (int i = 0; i < near; i++)
        {
            _coefficients[k - near + i] += scale * _read[1 + i];
        }

        for (int i = 0; i < k; i++)
        {
            _coefficients[i] += scale * _read[1 + near + i];
        }

        double norm = Math.Sqrt(_read[0]);
        _taken = Norm(_read.AsSpan(1 + near, k)) / norm;
        return norm;
    }

    /// <summary>
    /// The rows, counted from the last, that the recurrence couples to the product of row <paramref name="column"/>: itself, as
    /// many before it as are multiplied at once, and all after it.
    /// </summary>
    private int Near(int column) => Rows - Math.Max(0, column - _width);
}
