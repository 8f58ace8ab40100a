using System.Numerics;

namespace Quotient.Spectra;

/// <summary>Grows a Krylov space, restarting it where it is full, until the wanted pairs have converged and none is missing.</summary>
internal sealed class LanczosIteration<T>(
    KrylovSpace<T> space, LanczosOptions options, long dimension, IProgress<SpectrumProgress>? progress,
    CancellationToken cancellationToken)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const double MissProbability = 1e-3;
    private const int LongestChain = 60;
    private const int MaxChains = 3;
    private readonly int _before = space.Products;
    private double[]? _beforeChain;
    private int _lastCheck;
    private double _firstExcess, _doubt = 1;
    private int _chains;

    private int Products => space.Products - _before;

    /// <summary>Whether the search for further copies has ended in certainty; see <see cref="Eigenpairs{T}.Complete"/>.</summary>
    public bool Complete { get; private set; }

    /// <summary>Runs until done, or until the products allowed are spent.</summary>
    public void Run()
    {
        while (!IsDone() && Products < options.MaxProducts)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (space.IsInvariant)
            {
                Refresh();
            }
            else
            {
                space.Expand(options.MaxProducts - Products, cancellationToken);
            }
        }
    }

    private bool IsDone()
    {
        int order = space.Order;
        if (order < options.Wanted.Count)
        {
            return false;
        }

        // A check costs a small eigenproblem; with a large basis not every product is worth one.
        bool due = order - _lastCheck >= Math.Max(1, order / 32) || order < _lastCheck;
        if (!due && !space.IsFull && !space.IsInvariant)
        {
            return false;
        }

        _lastCheck = order;
        var values = space.Values();
        int[] wanted = options.Wanted.Pick(values.Values);
        Report(values, wanted);
        if (space.IsExhausted)
        {
            return Complete = true;
        }

        bool done = wanted.All(i => values.Judge(i, options.Tolerance).Converged) && IsSearched(values, wanted);
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
    private bool IsSearched(RitzPairs values, int[] wanted)
    {
        if (!options.FindMultiples)
        {
            return true;
        }

        // What is left of the space is all pending; going on settles everything.
        if (space.Rows == dimension && !space.IsInvariant)
        {
            return false;
        }

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

            Refresh();
            return false;
        }

        double probability = MissProbabilityOf(values);
        Complete = _doubt * probability < MissProbability;
        if (!Complete && space.IsFull)
        {
            // The restart that follows ends this chain; the next goes on from what it has shown.
            _doubt *= probability;
        }

        return Complete || space.ChainLength > LongestChain;
    }

    /// <summary>
    /// The probability that the chain has passed by an eigenvector among the wanted: one in the complement has a share of a
    /// random unit vector that is χ²₁/n, and the chain's steps bound that share.
    /// </summary>
    private double MissProbabilityOf(RitzPairs values)
    {
        double share = options.Wanted.Guards(values.Values, Slack).Max(space.HiddenShare);
        return Math.Min(1, Math.Sqrt(2 / Math.PI * share * dimension));
    }

    /// <summary>Whether a restart would leave room for a chain beside the wanted vectors and what is pending.</summary>
    private bool HasRoom => space.Capacity == dimension
        || space.Capacity - options.Wanted.Count - (space.Rows - space.Order) >= (2 * options.BlockSize) + 2;

    private bool Changed(double[] found) =>
        found.Zip(_beforeChain!).Any(pair => Math.Abs(pair.First - pair.Second) > Slack(pair.Second));

    private double Slack(double value) => Math.Max(2 * options.Tolerance * Math.Abs(value), 2 * space.Floor);

    /// <summary>Starts a chain with room to run; what is least wanted makes way where there is none.</summary>
    private void Refresh()
    {
        if (space.Capacity < dimension && space.Rows + Math.Max(2 * options.BlockSize, space.Capacity / 4) > space.Capacity)
        {
            Restart();
        }

        space.BeginChain();
    }

    private void Restart()
    {
        var ritz = space.Vectors();
        int pending = space.Rows - space.Order;
        int room = space.Capacity - pending - options.Wanted.Count - (2 * options.BlockSize);
        space.Restart(ritz, options.Wanted.PickWith(ritz.Values, Math.Max(0, (int)(0.5 * room))));
        _lastCheck = space.Order;
    }

    private void Report(RitzPairs values, int[] wanted)
    {
        if (progress is null)
        {
            return;
        }

        // Residuals fall about geometrically, so the share of the way is measured in their logarithms.
        double excess = wanted.Max(i => Math.Log(Math.Max(1, values.Residuals[i] / Math.Max(options.Tolerance * Math.Abs(values.Values[i]), values.Rounding))));
        _firstExcess = Math.Max(_firstExcess, excess);
        double share = _firstExcess > 0 ? 1 - (excess / _firstExcess) : 1;
        progress.Report(new("eigenvalues", Products, options.MaxProducts, Math.Max(share, (double)Products / options.MaxProducts)));
    }
}
