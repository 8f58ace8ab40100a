namespace Quotient.Spectra;

/// <summary>
/// The matrix T of an operator in a basis some of whose vectors are <em>expanded</em> (their image is known, and lies in the span
/// of the basis) and the rest <em>pending</em>. With E the expanded and P the pending ones, A E = E T + P B exactly, whatever the
/// history: a single vector or a block to start from, restarts, breakdowns, vectors added later.
/// </summary>
/// <remarks>T is the symmetric part of what was measured; what that lacks in symmetry measures the operator's rounding.</remarks>
/// <param name="capacity">The most vectors of the basis.</param>
/// <param name="epsilon">The rounding of the operator's precision, ε.</param>
/// <param name="isSymmetric">Whether the operator is symmetric by construction, so that asymmetry can be nothing but rounding.</param>
internal sealed class ProjectedMatrix(int capacity, double epsilon, bool isSymmetric)
{
    private const double DoubleEpsilon = 2.220446049250313e-16;
    private readonly double[,] _h = new double[capacity, capacity];
    private readonly List<int> _pending = [], _expanded = [];
    private double _scale, _asymmetry, _droppedSquares;
    private int _restarts;
    private RitzPairs? _known;

    /// <summary>The expanded vectors: the order of T.</summary>
    public int Order => _expanded.Count;

    /// <summary>The pending vectors' rows, next first.</summary>
    public IReadOnlyList<int> Pending => _pending;

    public int Solves { get; private set; }

    /// <summary>What the numbers given to <see cref="Expand"/> are multiples of; all that is returned is in ones.</summary>
    public double Unit { get; set; } = 1;

    /// <summary>What belongs to the asymmetry seen, twice the largest |⟨v_i, A v_j⟩ − ⟨v_j, A v_i⟩|, or <see cref="Rounding"/> where that is more.</summary>
    public double Floor => Unit * FloorWith(2 * _asymmetry);

    /// <summary>
    /// What rounding may hide from the recurrence: 4ε‖T‖ for vectors held in the operator's precision, or the asymmetry up to
    /// 64ε‖T‖, since an operator's own sums round more than once; the vectors dropped as dependent; and for T, which is solved
    /// in double after each restart, 4ε₆₄‖T‖√m a time. More asymmetry than that is the operator's, not rounding.
    /// </summary>
    public double Rounding => Unit * FloorWith(Math.Min(2 * _asymmetry, 64 * epsilon * _scale));

    /// <summary>⟨v_row, A v_column⟩, or ‖·‖ of what made a row of a column's product.</summary>
    public double this[int row, int column] => Unit * _h[row, column];

    public void Clear()
    {
        Unit = 1;
        (_scale, _asymmetry, _droppedSquares, _restarts, _known) = (0, 0, 0, 0, null);
        _pending.Clear();
        _expanded.Clear();
    }

    /// <summary>The vector in <paramref name="row"/>, the last of the basis, is pending: after all others, or before them.</summary>
    public void AddPending(int row, bool first = false)
    {
        for (int i = 0; i <= row; i++)
        {
            (_h[row, i], _h[i, row]) = (0, 0);
        }

        _pending.Insert(first ? 0 : _pending.Count, row);
        _known = null;
    }

    /// <summary>A v_column = Σ_i coefficients_i v_i + β v, with v new: v_column is expanded. Returns whether v is more than rounding.</summary>
    /// <exception cref="QuotientException">A number is not finite, or the operator is not symmetric.</exception>
    public bool Expand(int column, ReadOnlySpan<double> coefficients, double beta)
    {
        double squares = beta * beta;
        for (int i = 0; i < coefficients.Length; i++)
        {
            _h[i, column] = coefficients[i];
            squares += coefficients[i] * coefficients[i];
        }

        QuotientException.ThrowIf(
            !double.IsFinite(squares), $"a product with the operator holds a NaN or an infinity; all its elements must be finite");

        _scale = Math.Max(_scale, Math.Sqrt(squares));
        _pending.Remove(column);
        _expanded.Add(column);
        _known = null;
        CheckSymmetry(column);
        return beta > 8 * epsilon * _scale;
    }

    /// <summary>Column's image went on into the pending vector of <paramref name="row"/>, with norm β.</summary>
    public void Couple(int row, int column, double beta) => _h[row, column] = beta;

    /// <summary>A part of norm β was dropped from an image.</summary>
    public void Drop(double beta) => _droppedSquares += beta * beta;

    /// <summary>
    /// Rayleigh–Ritz on the expanded vectors, with residuals, and SᵀC for a C of <paramref name="columns"/> columns; what is known
    /// already is not solved again where no C is asked for.
    /// </summary>
    public RitzPairs Solve(double[] carried, int columns) => columns == 0 && _known is not null ? _known : _known = Ritz(carried, columns);

    /// <summary>
    /// Goes over to the kept Ritz vectors, by diagonal T, with an arrow to the pending vectors: returns the rotation of the basis,
    /// row-major with as many columns as vectors are left.
    /// </summary>
    public double[] Restart(RitzPairs ritz, IReadOnlyList<int> keep)
    {
        int kept = keep.Count, rows = kept + _pending.Count;
        var rotation = new double[(Order + _pending.Count) * rows];
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

        Array.Clear(_h);
        for (int q = 0; q < _pending.Count; q++)
        {
            rotation[(_pending[q] * rows) + kept + q] = 1;
            for (int c = 0; c < kept; c++)
            {
                _h[kept + q, c] = arrow[q, c];
            }
        }

        for (int c = 0; c < kept; c++)
        {
            _h[c, c] = ritz.Values[keep[c]] / Unit;
        }

        _restarts++;
        _known = null;
        _expanded.Clear();
        _expanded.AddRange(Enumerable.Range(0, kept));
        _pending.Clear();
        _pending.AddRange(Enumerable.Range(kept, rows - kept));
        return rotation;
    }

    private double FloorWith(double asymmetry) =>
        Math.Sqrt(Math.Pow(Math.Max(4 * epsilon * _scale, asymmetry), 2) + _droppedSquares)
            + (4 * DoubleEpsilon * _scale * Math.Sqrt(Order) * (1 + _restarts));

    private void CheckSymmetry(int column)
    {
        foreach (int other in _expanded)
        {
            _asymmetry = Math.Max(_asymmetry, Math.Abs(_h[other, column] - _h[column, other]));
        }

        // Rounding, even in single precision, stays far below this; a product that is not symmetric does not.
        QuotientException.ThrowIf(
            _asymmetry > 0.01 * _scale && !isSymmetric,
            $"the operator is not symmetric: ⟨u, A v⟩ and ⟨v, A u⟩ differ by {Unit * _asymmetry:g3}, with ‖A‖ at least {Unit * _scale:g3}");
    }

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

        Solves++;
        double[] values = SymmetricEigen.Dense(Symmetric(), n, carried, total);
        var (residuals, coefficients) = (new double[n], new double[n * columns]);
        for (int k = 0; k < n; k++)
        {
            Array.Copy(carried, k * total, coefficients, k * columns, columns);
            double squares = 0;
            foreach (double b in carried.AsSpan((k * total) + columns, _pending.Count))
            {
                squares += b * b;
            }

            residuals[k] = Unit * Math.Sqrt(squares);
            _scale = Math.Max(_scale, Math.Abs(values[k]));
            values[k] *= Unit;
        }

        return new(values, residuals, coefficients, Floor, Rounding);
    }

    /// <summary>T, without the elements that are rounding: all together they are below ε‖T‖.</summary>
    private double[] Symmetric()
    {
        int n = Order;
        double negligible = epsilon * _scale / n;
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
}
