using System.Numerics;

namespace Quotient.Spectra;

/// <summary>What the space knows of the spectrum, and how it is compressed to the part that matters.</summary>
internal sealed partial class KrylovSpace<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Rayleigh–Ritz on the expanded vectors, with residuals; carries no eigenvectors.</summary>
    public RitzPairs Values() => Ritz([], 0);

    /// <summary>Rayleigh–Ritz with all of S.</summary>
    public RitzPairs Vectors() => Ritz(SymmetricEigen.Identity(Order), Order);

    /// <summary>The Gauss quadrature of the first vector's spectral measure: Ritz values θ and weights τ = (e₁ᵀs)².</summary>
    public GaussRule Quadrature()
    {
        var first = new double[Order];
        first[0] = 1;
        var pairs = Ritz(first, 1);
        return new(pairs.Values, [.. pairs.Coefficients.Select(s => s * s)]);
    }

    /// <summary>⟨v₁, A v₁⟩ and ‖A v₁ − α v₁‖, from the first product.</summary>
    public (double Alpha, double Beta) First() => (_h[0, 0], Rows > 1 ? _h[1, 0] : 0);

    /// <summary>
    /// Thick restart (Wu and Simon 2000): keeps these Ritz vectors and what is pending. Row i of the basis becomes Ritz vector
    /// keep[i]; T becomes diagonal, with an arrow to the pending vectors.
    /// </summary>
    public void Restart(RitzPairs ritz, IReadOnlyList<int> keep)
    {
        int kept = keep.Count, rows = kept + _pending.Count;
        var rotation = new double[Rows * rows];
        var arrow = new double[_pending.Count, kept];
        for (int c = 0; c < kept; c++)
        {
            var s = ritz.Row(keep[c]);
            for (int k = 0; k < s.Length; k++)
            {
                rotation[(_expanded[k] * rows) + c] = s[k];
                for (int q = 0; q < _pending.Count; q++)
                {
                    arrow[q, c] += _h[_pending[q], _expanded[k]] * s[k];
                }
            }
        }

        for (int q = 0; q < _pending.Count; q++)
        {
            rotation[(_pending[q] * rows) + kept + q] = 1;
        }

        RotateBasis(rotation, rows);
        Array.Clear(_h);
        for (int c = 0; c < kept; c++)
        {
            _h[c, c] = ritz.Values[keep[c]];
            for (int q = 0; q < _pending.Count; q++)
            {
                _h[kept + q, c] = arrow[q, c];
            }
        }

        Relabel(kept, rows);
    }

    private double FloorWith(double asymmetry) =>
        Math.Sqrt(Math.Pow(Math.Max(4 * Epsilon * _scale, asymmetry), 2) + _droppedSquares)
            + (4 * DoubleEpsilon * _scale * Math.Sqrt(Order) * (1 + _restarts));

    private RitzPairs Ritz(double[] wanted, int columns)
    {
        int n = Order, total = columns + _pending.Count;
        var carried = new double[n * total];
        for (int k = 0; k < n; k++)
        {
            Array.Copy(wanted, k * columns, carried, k * total, columns);
            for (int q = 0; q < _pending.Count; q++)
            {
                carried[(k * total) + columns + q] = _h[_pending[q], _expanded[k]];
            }
        }

        double[] values = SymmetricEigen.Dense(Projected(), n, carried, total);
        var (residuals, coefficients) = (new double[n], new double[n * columns]);
        for (int k = 0; k < n; k++)
        {
            Array.Copy(carried, k * total, coefficients, k * columns, columns);
            residuals[k] = Norm(carried.AsSpan((k * total) + columns, _pending.Count));
            _scale = Math.Max(_scale, Math.Abs(values[k]));
        }

        return new(values, residuals, coefficients, Floor, Rounding);
    }

    /// <summary>T, without the elements that are rounding: all together they are below ε‖T‖.</summary>
    private double[] Projected()
    {
        int n = Order;
        double negligible = Epsilon * _scale / n;
        var t = new double[n * n];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double mean = 0.5 * (_h[_expanded[i], _expanded[j]] + _h[_expanded[j], _expanded[i]]);
                t[(i * n) + j] = Math.Abs(mean) <= negligible ? 0 : mean;
            }
        }

        return t;
    }

    private void RotateBasis(double[] rotation, int columns)
    {
        using var s = _operator.Backend.Allocate<double>(rotation.Length);
        _operator.Backend.Write<double>(rotation, s.All);
        _ops.Rotate(Basis, s.Matrix(Rows, columns));
        _operator.Backend.Synchronise();
    }

    private void Relabel(int kept, int rows)
    {
        Rows = rows;
        _restarts++;
        _expanded.Clear();
        _expanded.AddRange(Enumerable.Range(0, kept));
        _pending.Clear();
        _pending.AddRange(Enumerable.Range(kept, rows - kept));
        _chain.Clear();
        _inChain = false;
    }

    private static double Norm(ReadOnlySpan<double> x)
    {
        double squares = 0;
        foreach (double value in x)
        {
            squares += value * value;
        }

        return Math.Sqrt(squares);
    }
}
