namespace Quotient.Spectra;

/// <summary>Grows a Krylov space, restarting it where it is full, until the wanted pairs have converged and none is missing.</summary>
/// <remarks>
/// The small eigenproblem is solved where it can change a decision: when the residuals' decay lets expect convergence, when the
/// chain that looks for further copies has shown enough, and before a restart. Where it is not expected to be the last, the next product is
/// queued first.
/// </remarks>
internal sealed class LanczosIteration<T>(KrylovSpace<T> space, LanczosOptions options, IProgress<SpectrumProgress>? progress)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const double MissProbability = 1e-3;
    private const int LongestChain = 60;
    private const int MaxChains = 3;
    private readonly int _before = space.Products;
    private readonly CheckSchedule _schedule = new();
    private double[]? _beforeChain;
    private double[] _guards = [];
    private double _firstExcess, _share, _doubt = 1;
    private int _chains, _nextLook;

    private int Products => space.Products - _before;

    /// <summary>Whether the search for further copies has ended in certainty; see <see cref="Eigenpairs{T}.Complete"/>.</summary>
    public bool Complete { get; private set; }

    /// <summary>All wanted pairs had converged when last seen, and a chain is looking for further copies.</summary>
    private bool IsSearching => _guards.Length > 0 && space.ChainLength > 0;

    private bool CanExpand => !space.IsInvariant && !space.IsFull && Products < options.MaxProducts;

    /// <summary>Whether a restart would leave room for a chain beside the wanted vectors and what is pending.</summary>
    private bool HasRoom => space.Capacity == space.Dimension
        || space.Capacity - options.Wanted.Count - (space.Rows - space.Order) >= (2 * options.BlockSize) + 2;

    /// <summary>Runs until done, or until the products allowed are spent.</summary>
    public void Run(CancellationToken cancellationToken)
    {
        while (!IsDone(cancellationToken) && (Products < options.MaxProducts || space.HasBegun))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (space.IsInvariant)
            {
                Refresh(cancellationToken);
            }
            else
            {
                space.Expand(options.MaxProducts - Products, cancellationToken);
                Report();
            }
        }
    }

    private bool IsDone(CancellationToken cancellationToken)
    {
        int order = space.Order;
        bool isDue = space.IsFull || space.IsInvariant || (IsSearching ? MayEndSearch() || space.ChainLength >= _nextLook : _schedule.IsDue(order));
        if (order < options.Wanted.Count || !isDue)
        {
            return false;
        }

        if (CanExpand && !(IsSearching ? MayEndSearch() : _schedule.MayBeLast(order)))
        {
            space.Begin(options.MaxProducts - Products, cancellationToken);
        }

        var values = space.Values();
        int[] wanted = options.Wanted.Pick(values.Values);
        Note(values, wanted);
        if (space.IsExhausted)
        {
            return Complete = true;
        }

        _guards = [];
        bool done = wanted.All(i => values.IsSettled(i, options.Tolerance)) && IsSearched(values, wanted, cancellationToken);
        if (!done && space.IsFull)
        {
            Restart();
        }

        return done;
    }

    /// <summary>
    /// Whether the search for further copies is over: no eigenvalue that belongs among the wanted can be left, up to a small
    /// probability, or the search is given up. Chains begin at random independently, so their probabilities multiply.
    /// </summary>
    private bool IsSearched(RitzPairs values, int[] wanted, CancellationToken cancellationToken)
    {
        if (!options.FindMultiples)
        {
            return true;
        }

        // What is left of the space is all pending; going on settles everything.
        if (space.Rows == space.Dimension && !space.IsInvariant)
        {
            return false;
        }

        _guards = [.. options.Wanted.Guards(values.Values, Slack)];
        double[] found = [.. wanted.Select(i => values.Values[i])];
        if (_beforeChain is null || space.ChainLength == 0 || Changed(found))
        {
            if (_beforeChain is null || Changed(found))
            {
                (_chains, _doubt) = (0, 1);
            }

            _beforeChain = found;
            if (_chains++ == MaxChains || !HasRoom)
            {
                return true;
            }

            Refresh(cancellationToken);
            _nextLook = 2;
            return false;
        }

        double probability = ChanceOfMissing();
        Complete = _doubt * probability < MissProbability;
        if (!Complete && space.IsFull)
        {
            // The restart that follows ends this chain; the next goes on from what it has shown.
            _doubt *= probability;
        }

        _nextLook = space.ChainLength + Math.Max(2, space.ChainLength / 2);
        return Complete || space.ChainLength > LongestChain;
    }

    private bool MayEndSearch() => _doubt * ChanceOfMissing() < MissProbability || space.ChainLength > LongestChain;

    /// <summary>
    /// The probability that the chain has passed by an eigenvector among the wanted: one in the complement has a share of a
    /// random unit vector that is χ²₁/n, and the chain's steps bound that share.
    /// </summary>
    private double ChanceOfMissing() => Math.Min(1, Math.Sqrt(2 / Math.PI * _guards.Max(space.HiddenShare) * space.Dimension));

    private bool Changed(double[] found) =>
        found.Zip(_beforeChain!).Any(pair => Math.Abs(pair.First - pair.Second) > Slack(pair.Second));

    private double Slack(double value) => Math.Max(2 * options.Tolerance * Math.Abs(value), 2 * space.Floor);

    /// <summary>Starts a chain with room to run; what is least wanted makes way where there is none.</summary>
    private void Refresh(CancellationToken cancellationToken)
    {
        if (space.Capacity < space.Dimension && space.Rows + Math.Max(2 * options.BlockSize, space.Capacity / 4) > space.Capacity)
        {
            Restart();
        }

        space.BeginChain(cancellationToken);
    }

    private void Restart()
    {
        var ritz = space.Vectors();
        int pending = space.Rows - space.Order;
        int room = space.Capacity - pending - options.Wanted.Count - (2 * options.BlockSize);
        space.Restart(ritz, options.Wanted.PickWith(ritz.Values, Math.Max(0, (int)(0.5 * room))));
        _schedule.Restart(space.Order);
    }

    /// <summary>Residuals fall about geometrically, so the share of the way is measured in their logarithms.</summary>
    private void Note(RitzPairs values, int[] wanted)
    {
        double excess = wanted.Max(i => Math.Log(Math.Max(1, values.Residuals[i] / Math.Max(options.Tolerance * Math.Abs(values.Values[i]), values.Floor))));
        _schedule.Note(space.Order, excess);
        _firstExcess = Math.Max(_firstExcess, excess);
        _share = _firstExcess > 0 ? 1 - (excess / _firstExcess) : 1;
        Report();
    }

    private void Report() => progress?.Report(
        new("eigenvalues", Products, options.MaxProducts, Math.Max(_share, (double)Products / options.MaxProducts)));
}

/// <summary>
/// When the small eigenproblem is worth solving: after half of the products that the last residuals' decay lets expect, and at most an
/// eighth more than there were; where nothing is to be expected soon, after a sixteenth more.
/// </summary>
/// <remarks>
/// The excess of a residual is the logarithm of its ratio to what is allowed. Lanczos residuals fall about geometrically, and rather
/// faster in the end than before, so half of the way is safe.
/// </remarks>
internal sealed class CheckSchedule
{
    private int _order, _next;
    private double _excess = double.PositiveInfinity, _expected;

    /// <summary>Whether a solution can change a decision at this order of T.</summary>
    public bool IsDue(int order) => order >= _next;

    /// <summary>Whether the solution at this order may well be the last: else the next product will be needed anyhow.</summary>
    public bool MayBeLast(int order) => !(order + 1 < _expected);

    /// <summary>Notes the largest excess at an order of T.</summary>
    public void Note(int order, double excess)
    {
        double rate = (_excess - excess) / (order - _order), left = excess / rate;
        bool falls = rate > 0 && double.IsFinite(rate) && double.IsFinite(left);
        _expected = falls ? order + left : double.PositiveInfinity;
        _next = order + Math.Max(1, falls && left <= order ? Math.Min((int)(left / 2), order / 8) : order / 16);
        (_order, _excess) = (order, excess);
    }

    /// <summary>A restart left T with this order.</summary>
    public void Restart(int order)
    {
        double left = _expected - _order;
        (_expected, _next, _order) = (order + left, order + Math.Max(1, _next - _order), order);
    }
}
