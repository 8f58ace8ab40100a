using Quotient.Backends;
using Quotient.Operators;

namespace Quotient.Spectra;

/// <summary>
/// A growing Krylov space of an operator, in the inner product of a metric: an orthonormal basis on the device and the operator's
/// matrix in it on the host.
/// </summary>
/// <remarks>
/// With one start vector this is Lanczos with full re-orthogonalisation, with several the banded form of block Lanczos
/// (Ruhe 1979), in which a dependent vector is simply dropped.
/// </remarks>
internal sealed class KrylovSpace<T> : IDisposable where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly IOps<T> _ops;
    private readonly KrylovBasis<T> _basis;
    private readonly ProjectedMatrix _t;
    private readonly Chain _chain = new();
    private readonly ulong _seed;
    private readonly int _width;
    private (int First, int Count) _begun;
    private ulong _drawn;

    /// <summary>
    /// Room for <paramref name="capacity"/> basis vectors, or, where the device has less memory than it said, for fewer, but no
    /// fewer than <paramref name="least"/>; up to <paramref name="width"/> are multiplied at once.
    /// </summary>
    /// <exception cref="DeviceOutOfMemoryException">Not even the fewest fit.</exception>
    public KrylovSpace(
        ISymmetricOperator<T> a, int capacity, int width, ulong seed, int least = int.MaxValue, IMetric<T>? metric = null)
    {
        (_ops, _width, _seed) = (a.Backend.Ops<T>(), width, seed);
        Inner = new(a, metric, width);
        _basis = new(Inner, capacity, width, least);
        _t = new(_basis.Capacity, KrylovBasis<T>.Epsilon, a is IAnyPrecision { HasTwin: true });
    }

    public long Dimension => _basis.Dimension;

    public int Capacity => _basis.Capacity;

    public int Rows => _basis.Count;

    /// <summary>Products with the operator so far.</summary>
    public int Products { get; private set; }

    public int Solves => _t.Solves;

    /// <summary>The expanded vectors: the order of T.</summary>
    public int Order => _t.Order;

    /// <summary>No pending vector is left: the expanded ones span an invariant subspace.</summary>
    public bool IsInvariant => _t.Pending.Count == 0;

    public bool IsExhausted => Order == Dimension;

    /// <summary>The next expansion could find no room for its results.</summary>
    public bool IsFull => Capacity < Dimension && Rows + Math.Min(_width, _t.Pending.Count) > Capacity;

    /// <summary>Products have been queued that the next expansion takes up.</summary>
    public bool HasBegun => _begun.Count > 0;

    /// <summary>What the recurrence may hide: see <see cref="ProjectedMatrix.Floor"/>.</summary>
    public double Floor => _t.Floor;

    public MatrixView<T> Basis => _basis.Vectors;

    /// <summary>The inner product in which the basis is orthonormal.</summary>
    public InnerProduct<T> Inner { get; }

    /// <summary>The steps of the present chain; 0 where none is under way.</summary>
    public int ChainLength => _chain.Length;

    /// <summary>Forgets everything but the counts of products and solves.</summary>
    public void Clear()
    {
        _begun = default;
        Inner.Unit = 1;
        _basis.Clear();
        _t.Clear();
        _chain.Clear();
    }

    /// <summary>Makes v, orthonormalised against the basis, a pending vector; false where it depends on the basis.</summary>
    public bool Add(VectorView<T> v)
    {
        bool isNew = Rows < Capacity && _basis.TryPlace(v);
        if (isNew)
        {
            Claim(false);
        }

        return isNew;
    }

    /// <summary>Adds ±1 signs, made isotropic and scaled to length 1: the probe <paramref name="stream"/> of a stochastic estimate.</summary>
    public void AddProbe(ulong stream, CancellationToken cancellationToken = default)
    {
        _ops.Rademacher(_seed, stream, _basis.Spare);
        Inner.MakeIsotropic(_basis.Spare, cancellationToken);
        Add(_basis.Spare);
    }

    /// <summary>Adds a random direction orthogonal to the basis, pending after all others, or before them.</summary>
    public void AddRandom(bool first = false, CancellationToken cancellationToken = default)
    {
        _begun = default;
        for (int attempt = 0; Rows < Capacity && attempt < 100; attempt++)
        {
            _ops.Normal(_seed, RandomStreams.Start + _drawn++, _basis.Spare);
            Inner.MakeIsotropic(_basis.Spare, cancellationToken);
            if (_basis.TryPlace(_basis.Spare))
            {
                Claim(first);
                return;
            }
        }

        throw new InvalidOperationException("No direction is left outside the basis.");
    }

    /// <summary>
    /// Starts a chain: a random vector orthogonal to all found so far, which is expanded before anything else that is pending.
    /// </summary>
    public void BeginChain(CancellationToken cancellationToken = default)
    {
        AddRandom(true, cancellationToken);
        _chain.Begin(Rows - 1);
    }

    /// <summary>The share of the chain's first vector that may hide an eigenvector at λ: see <see cref="Chain.HiddenShare"/>.</summary>
    public double HiddenShare(double lambda) => _chain.HiddenShare(_t, lambda);

    /// <summary>
    /// Multiplies the next pending vectors, at most <paramref name="most"/> and one block, and adds what is new as pending.
    /// </summary>
    /// <exception cref="QuotientException">The operator's product is not finite, or the operator is not symmetric.</exception>
    public void Expand(int most, CancellationToken cancellationToken = default)
    {
        Begin(most, cancellationToken);
        var (first, count) = _begun;
        int results = Rows;
        _begun = default;
        for (int i = 0; i < count; i++)
        {
            // The recurrence couples a product to its own row, as many before it as are multiplied at once, and all after it. A result may
            // lie beyond the row it is stored in, when a vector before it was dropped.
            int near = Rows - Math.Max(0, first + i - _width);
            Record(first + i, _basis.Orthonormalise(_basis.All.Row(results + i), Rows, near));
        }
    }

    /// <summary>
    /// Queues the products of the next <see cref="Expand"/>, unless they are: a device can work on them while the host solves T. A
    /// restart or a chain begun before that gives them up.
    /// </summary>
    public void Begin(int most, CancellationToken cancellationToken = default)
    {
        if (_begun.Count > 0)
        {
            return;
        }

        int first = _t.Pending[0], count = 1, limit = _chain.IsRunning ? 1 : Math.Min(_width, most);
        while (count < Math.Min(limit, _t.Pending.Count) && _t.Pending[count] == first + count)
        {
            count++;
        }

        var images = _basis.All.RowRange(Rows, count);
        Inner.Multiply(_basis.All.RowRange(first, count), images, cancellationToken);
        if (Order == 0)
        {
            _t.Unit = Inner.ChooseUnit(images);
        }

        Products += count;
        _begun = (first, count);
    }

    /// <summary>Rayleigh–Ritz on the expanded vectors, with residuals; carries no eigenvectors.</summary>
    public RitzPairs Values() => _t.Solve([], 0);

    /// <summary>Rayleigh–Ritz with all of S.</summary>
    public RitzPairs Vectors() => _t.Solve(SymmetricEigen.Identity(Order), Order);

    /// <summary>The Gauss quadrature of the first vector's spectral measure: Ritz values θ and weights τ = (e₁ᵀs)².</summary>
    public GaussRule Quadrature()
    {
        var first = new double[Order];
        first[0] = 1;
        var pairs = _t.Solve(first, 1);
        return new(pairs.Values, [.. pairs.Coefficients.Select(s => s * s)])
        {
            Steps = new(
                [.. Enumerable.Range(0, Order).Select(i => _t[i, i])],
                [.. Enumerable.Range(0, Order).Select(i => i + 1 < Rows ? _t[i + 1, i] : 0)]),
        };
    }

    /// <summary>⟨v₁, A v₁⟩ and ‖A v₁ − α v₁‖, from the first product.</summary>
    public (double Alpha, double Beta) First() => (_t[0, 0], Rows > 1 ? _t[1, 0] : 0);

    /// <summary>
    /// Thick restart (Wu and Simon 2000): keeps these Ritz vectors and what is pending. Row i of the basis becomes Ritz vector
    /// keep[i]; T becomes diagonal, with an arrow to the pending vectors.
    /// </summary>
    public void Restart(RitzPairs ritz, IReadOnlyList<int> keep)
    {
        _begun = default;
        _chain.Clear();
        _basis.Rotate(_t.Restart(ritz, keep), keep.Count + _t.Pending.Count);
    }

    public void Dispose()
    {
        _basis.Dispose();
        Inner.Dispose();
    }

    private void Record(int column, double beta)
    {
        bool goesOn = _t.Expand(column, _basis.Coefficients, beta) && Rows < Dimension, isNew = goesOn && Rows < Capacity;
        if (isNew)
        {
            Claim(_chain.IsRunning);
            _t.Couple(Rows - 1, column, beta);
        }
        else
        {
            _t.Drop(beta);
        }

        _chain.Follow(isNew ? Rows - 1 : null, !goesOn);
    }

    private void Claim(bool first)
    {
        _t.AddPending(Rows, first);
        _basis.Claim();
    }
}
