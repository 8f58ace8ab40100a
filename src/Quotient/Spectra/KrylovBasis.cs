using Quotient.Backends;
using Quotient.Operators;

namespace Quotient.Spectra;

/// <summary>Vectors on the device, orthonormal in an inner product, and room for more.</summary>
/// <remarks>
/// What is added is orthogonalised against its neighbours and then the whole basis, and again if that took much, by tall-skinny
/// products with dots in double; the host waits once for each, to read the coefficients.
/// Partial re-orthogonalisation (Simon 1984) would save little and cost the bounds: once a Hessian's outliers have converged, after some
/// ten steps, orthogonality falls from ε to √ε within two to five steps, so that of 100 steps in single precision 50 to 70 need the whole
/// basis all the same, and residuals would be known to √ε‖T‖ only.
/// </remarks>
internal sealed class KrylovBasis<T> : IDisposable where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>The rounding of the precision, ε.</summary>
    public static readonly double Epsilon = double.CreateChecked(T.BitIncrement(T.One) - T.One);

    private readonly InnerProduct<T> _inner;
    private readonly IBackend _backend;
    private readonly IOps<T> _ops;
    private readonly DeviceBuffer<T> _rows;
    private readonly DeviceBuffer<double> _scalars;
    private readonly double[] _read, _coefficients;
    private readonly int _width;
    private double _taken;

    /// <summary>
    /// Room for <paramref name="capacity"/> vectors, or, where the device has less memory than it said, for fewer, but no fewer than
    /// <paramref name="least"/>; and for <paramref name="width"/> products.
    /// </summary>
    /// <exception cref="DeviceOutOfMemoryException">Not even the fewest fit.</exception>
    public KrylovBasis(InnerProduct<T> inner, int capacity, int width, int least)
    {
        (_inner, _backend, _width) = (inner, inner.Operator.Backend, width);
        (Dimension, _ops) = (inner.Operator.Dimension, _backend.Ops<T>());
        Capacity = (int)Math.Min(capacity, Dimension);
        _rows = Allocate(Math.Min(least, Capacity));
        _read = new double[(2 * Capacity) + 1];
        _coefficients = new double[Capacity];
        _scalars = _backend.Allocate<double>(_read.Length);
    }

    public long Dimension { get; }

    public int Capacity { get; private set; }

    public int Count { get; private set; }

    public MatrixView<T> Vectors => All.RowRange(0, Count);

    /// <summary>The basis, and behind it room for products.</summary>
    public MatrixView<T> All => _rows.Rows(Capacity + _width, Dimension);

    /// <summary>The last row, which nothing else uses while vectors are added one by one.</summary>
    public VectorView<T> Spare => All.Row(Capacity + _width - 1);

    /// <summary>What the last vector had along each of the basis.</summary>
    public ReadOnlySpan<double> Coefficients => _coefficients.AsSpan(0, Count);

    public void Clear() => Count = 0;

    /// <summary>Takes the row behind the basis into it.</summary>
    public void Claim() => Count++;

    /// <summary>Writes v, orthonormalised, into the row behind the basis; false where it depends on the basis.</summary>
    public bool TryPlace(VectorView<T> v)
    {
        var (row, square) = (All.Row(Count), _scalars.Slice(0, 1));
        _ops.Dot(v, _inner.Covector(v), square);
        if (_inner.Metric is not null)
        {
            double size = _backend.Read(square)[0];
            QuotientException.ThrowIf(
                Math.Abs(size) is not (0 or (> 1e-200 and < 1e200)),
                $"the metric is of a size that squares in double precision do not hold: ⟨v, G v⟩ is {size:g3} for some v; scale it");
        }

        _ops.DivideByRoot(v, square, row);

        // A unit vector that lost nearly all of itself is mostly rounding; a second round settles whether anything is left.
        return Orthonormalise(row, Count, 0) > 100 * Epsilon && Orthonormalise(row, Count, 0) > 0.5;
    }

    /// <summary>Row <paramref name="target"/> ← w/‖w‖ with w orthogonal to the basis; returns ‖w‖, and leaves <see cref="Coefficients"/>.</summary>
    /// <param name="w">What is orthogonalised; overwritten.</param>
    /// <param name="target">The row behind the basis.</param>
    /// <param name="near">The last rows that w is expected to lean on: a first, cheap pass.</param>
    public double Orthonormalise(VectorView<T> w, int target, int near)
    {
        Array.Clear(_coefficients, 0, Count);
        double norm = Pass(w, target, near, 1);

        // A pass leaves ε times what it took out. Where that was more than a little of what remained, another follows
        // (Daniel, Gragg, Kaufman and Stewart 1976); the third finds nothing, unless the vector was rounding alone.
        for (int extra = 0; extra < 2 && Count > 0 && _taken > 0.1; extra++)
        {
            norm *= Pass(All.Row(target), target, 0, norm);
        }

        return norm;
    }

    /// <summary>V ← Sᵀ V, with S of <paramref name="columns"/> columns, row-major.</summary>
    public void Rotate(double[] rotation, int columns)
    {
        using var s = _backend.Store<double>(rotation);
        _ops.Rotate(Vectors, s.Matrix(Count, columns));
        _backend.Synchronise();
        Count = columns;
    }

    public void Dispose()
    {
        _rows.Dispose();
        _scalars.Dispose();
    }

    /// <summary>
    /// One pass against the basis, after one against its last <paramref name="near"/> rows: adds the coefficients, in units of
    /// <paramref name="scale"/>, and notes the last pass's share of what is left.
    /// </summary>
    private double Pass(VectorView<T> w, int target, int near, double scale)
    {
        int k = Count, used = 1 + near + k;
        var (square, few, all) = (_scalars.Slice(0, 1), _scalars.Slice(1, near), _scalars.Slice(1 + near, k));
        if (near > 0)
        {
            Remove(All.RowRange(k - near, near), w, few);
        }

        if (k > 0)
        {
            Remove(Vectors, w, all);
        }

        _ops.Dot(w, _inner.Covector(w), square);
        _ops.DivideByRoot(w, square, All.Row(target));
        _backend.Read(_scalars.Slice(0, used), _read.AsSpan(0, used));
        for (int i = 0; i < near; i++)
        {
            _coefficients[k - near + i] += scale * _read[1 + i];
        }

        double taken = 0;
        for (int i = 0; i < k; i++)
        {
            double c = _read[1 + near + i];
            _coefficients[i] += scale * c;
            taken += c * c;
        }

        QuotientException.ThrowIf(
            _read[0] < 0, $"the metric is not positive definite: ⟨v, G v⟩ is {_read[0]:g3} for some v");
        double norm = Math.Sqrt(_read[0]);
        _taken = Math.Sqrt(taken) / norm;
        return norm;
    }

    private void Remove(MatrixView<T> rows, VectorView<T> w, VectorView<double> c)
    {
        _ops.Project(rows, _inner.Covector(w), c);
        _ops.Deflate(rows, c, w);
    }

    /// <summary>Memory for the basis and for products; halves <see cref="Capacity"/> until it is found.</summary>
    private DeviceBuffer<T> Allocate(int least)
    {
        while (true)
        {
            try
            {
                return _backend.AllocateRows<T>(Capacity + _width, Dimension);
            }
            catch (DeviceOutOfMemoryException) when (Capacity > least)
            {
                Capacity = Math.Max(Capacity / 2, least);
            }
        }
    }
}
