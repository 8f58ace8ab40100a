using System.Numerics;
using Quotient.Backends;
using Quotient.Operators;

namespace Quotient.Spectra;

/// <summary>
/// An orthonormal basis V on the device, some of whose vectors are <em>expanded</em> (their product A v is known, and lies in
/// the span of V) and the rest <em>pending</em>. With E the expanded and P the pending ones, A E = E T + P B exactly, whatever
/// the history: a single vector or a block to start from, restarts, breakdowns, vectors added later.
/// </summary>
/// <remarks>
/// With one start vector this is Lanczos with full re-orthogonalisation, with several the banded form of block Lanczos
/// (Ruhe 1979), in which a dependent vector is simply dropped. Each product is orthogonalised against its
/// neighbours and then the whole basis, and again if that took much, by tall-skinny products with dots in double. The only wait is
/// one read of the coefficients a product.
/// T is taken as the symmetric part of the measured VᵀAV; what it lacks in symmetry measures the operator's rounding.
/// </remarks>
internal sealed partial class KrylovSpace<T> : IDisposable where T : unmanaged, IFloatingPointIeee754<T>
{
    private static readonly double Epsilon = double.CreateChecked(T.BitIncrement(T.One) - T.One);
    private const double DoubleEpsilon = 2.220446049250313e-16;
    private readonly ISymmetricOperator<T> _operator;
    private readonly IOps<T> _ops;
    private readonly DeviceBuffer<T> _basis;
    private readonly DeviceBuffer<double> _scalars;
    private readonly double[,] _h;
    private readonly List<int> _pending = [], _expanded = [];
    private readonly ulong _seed;
    private readonly int _width;
    private double _scale, _asymmetry, _droppedSquares;
    private ulong _drawn;
    private int _restarts;

    /// <summary>
    /// Room for <paramref name="capacity"/> basis vectors, or, where the device has less memory than it said, for fewer, but no
    /// fewer than <paramref name="least"/>; up to <paramref name="width"/> are multiplied at once.
    /// </summary>
    /// <exception cref="DeviceOutOfMemoryException">Not even the fewest fit.</exception>
    public KrylovSpace(ISymmetricOperator<T> a, int capacity, int width, ulong seed, int least = int.MaxValue)
    {
        (_operator, _ops, _width, _seed) = (a, a.Backend.Ops<T>(), width, seed);
        Capacity = (int)Math.Min(capacity, a.Dimension);
        _basis = AllocateBasis(Math.Min(least, Capacity));
        _h = new double[Capacity, Capacity];
        _read = new double[(2 * Capacity) + 1];
        _coefficients = new double[Capacity];
        _scalars = a.Backend.Allocate<double>(_read.Length);
    }

    /// <summary>The operator's dimension.</summary>
    public long Dimension => _operator.Dimension;

    /// <summary>The most vectors that the basis can hold.</summary>
    public int Capacity { get; private set; }

    /// <summary>The basis vectors held now.</summary>
    public int Rows { get; private set; }

    /// <summary>Products with the operator so far.</summary>
    public int Products { get; private set; }

    /// <summary>The expanded vectors: the order of T.</summary>
    public int Order => _expanded.Count;

    /// <summary>No pending vector is left: the expanded ones span an invariant subspace.</summary>
    public bool IsInvariant => _pending.Count == 0;

    /// <summary>The basis is all of the space.</summary>
    public bool IsExhausted => Order == _operator.Dimension;

    /// <summary>The next expansion could find no room for its results.</summary>
    public bool IsFull => Capacity < _operator.Dimension && Rows + Math.Min(_width, _pending.Count) > Capacity;

    /// <summary>
    /// What the recurrence may hide: <see cref="Rounding"/>, or what belongs to the asymmetry seen, twice the largest
    /// |⟨v_i, A v_j⟩ − ⟨v_j, A v_i⟩|, where that is more.
    /// </summary>
    public double Floor => FloorWith(2 * _asymmetry);

    /// <summary>
    /// What rounding may hide from the recurrence: 4ε‖T‖ for vectors held in the operator's precision, or the asymmetry up to
    /// 64ε‖T‖, since an operator's own sums round more than once; the vectors dropped as dependent; and for T, which is solved
    /// in double after each restart, 4ε₆₄‖T‖√m a time. More asymmetry than that is the operator's, not rounding.
    /// </summary>
    public double Rounding => FloorWith(Math.Min(2 * _asymmetry, 64 * Epsilon * _scale));

    /// <summary>Row i is basis vector i.</summary>
    public MatrixView<T> Basis => All.RowRange(0, Rows);

    private MatrixView<T> All => _basis.Matrix(Capacity + _width, _operator.Dimension);

    /// <summary>Forgets everything but the count of products.</summary>
    public void Clear()
    {
        (Rows, _scale, _asymmetry, _droppedSquares, _restarts, _inChain) = (0, 0, 0, 0, 0, false);
        _pending.Clear();
        _expanded.Clear();
        _chain.Clear();
    }

    /// <summary>Makes v, orthonormalised against the basis, a pending vector; false where it depends on the basis.</summary>
    public bool Add(VectorView<T> v)
    {
        if (Rows == Capacity)
        {
            return false;
        }

        var row = All.Row(Rows);
        var square = _scalars.Slice(0, 1);
        _ops.Dot(v, v, square);
        _ops.DivideByRoot(v, square, row);

        // A unit vector that lost nearly all of itself is mostly rounding; a second round settles whether anything is left.
        double left = Orthonormalise(row, Rows, 0);
        if (!(left > 100 * Epsilon) || !(Orthonormalise(row, Rows, 0) > 0.5))
        {
            return false;
        }

        _pending.Add(Claim());
        return true;
    }

    /// <summary>Adds ±1 signs, scaled to length 1: the probe <paramref name="stream"/> of a stochastic estimate.</summary>
    public void AddProbe(ulong stream)
    {
        var spare = All.Row(Capacity + _width - 1);
        _ops.Rademacher(_seed, stream, spare);
        Add(spare);
    }

    /// <summary>Adds a random direction orthogonal to the basis.</summary>
    public void AddRandom()
    {
        for (int attempt = 0; Rows < Capacity && attempt < 100; attempt++)
        {
            var spare = All.Row(Capacity + _width - 1);
            _ops.Normal(_seed, RandomStreams.Start + _drawn++, spare);
            if (Add(spare))
            {
                return;
            }
        }

        throw new InvalidOperationException("No direction is left outside the basis.");
    }

    /// <summary>
    /// Multiplies the next pending vectors, at most <paramref name="most"/> and one block, and adds what is new as pending.
    /// </summary>
    /// <exception cref="QuotientException">The operator's product is not finite, or the operator is not symmetric.</exception>
    public void Expand(int most, CancellationToken cancellationToken = default)
    {
        int first = _pending[0], count = 1, limit = _inChain ? 1 : Math.Min(_width, most);
        while (count < Math.Min(limit, _pending.Count) && _pending[count] == first + count)
        {
            count++;
        }

        int results = Rows;
        _operator.ApplyBlock(All.RowRange(first, count), All.RowRange(results, count), null, cancellationToken);
        Products += count;
        _pending.RemoveRange(0, count);
        for (int i = 0; i < count; i++)
        {
            // A result may lie beyond the row it is stored in, when a vector before it was dropped.
            Record(first + i, Orthonormalise(All.Row(results + i), Rows, Near(first + i)));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _basis.Dispose();
        _scalars.Dispose();
    }

    /// <summary>Memory for the basis and for results; halves <see cref="Capacity"/> until it is found.</summary>
    private DeviceBuffer<T> AllocateBasis(int least)
    {
        while (true)
        {
            try
            {
                return _operator.Backend.Allocate<T>((Capacity + _width) * _operator.Dimension);
            }
            catch (DeviceOutOfMemoryException) when (Capacity > least)
            {
                Capacity = Math.Max(Capacity / 2, least);
            }
        }
    }

    private void Record(int column, double beta)
    {
        int k = Rows;
        double squares = beta * beta;
        for (int i = 0; i < k; i++)
        {
            _h[i, column] = _coefficients[i];
            squares += _h[i, column] * _h[i, column];
        }

        _scale = Math.Max(_scale, Math.Sqrt(squares));
        if (!double.IsFinite(squares))
        {
            throw new QuotientException($"product {Products} with the operator holds a NaN or an infinity; all its elements must be finite");
        }

        _expanded.Add(column);
        CheckSymmetry(column);
        bool dependent = beta <= 8 * Epsilon * _scale || Rows == _operator.Dimension;
        bool isNew = !dependent && Rows < Capacity;
        if (isNew)
        {
            int row = Claim();
            _h[row, column] = beta;
            _pending.Insert(_inChain ? 0 : _pending.Count, row);
        }
        else
        {
            _droppedSquares += beta * beta;
        }

        FollowChain(isNew, dependent);
    }

    private void CheckSymmetry(int column)
    {
        foreach (int other in _expanded)
        {
            _asymmetry = Math.Max(_asymmetry, Math.Abs(_h[other, column] - _h[column, other]));
        }

        // Rounding, even in single precision, stays far below this; a product that is not symmetric does not.
        if (_asymmetry > 0.01 * _scale)
        {
            throw new QuotientException(
                $"the operator is not symmetric: ⟨u, A v⟩ and ⟨v, A u⟩ differ by {_asymmetry:g3}, with ‖A‖ at least {_scale:g3}");
        }
    }

    private int Claim()
    {
        for (int i = 0; i <= Rows; i++)
        {
            (_h[Rows, i], _h[i, Rows]) = (0, 0);
        }

        return Rows++;
    }
}
