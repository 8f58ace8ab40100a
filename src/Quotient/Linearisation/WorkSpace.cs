using Quotient.Backends;

namespace Quotient.Linearisation;

/// <summary>Room for the tangents and adjoints of products, for some vectors at once, and what is done where it does not fit.</summary>
internal sealed class WorkSpace<T>(LinearisedSamples<T> samples) : IDisposable where T : unmanaged, IFloatingPointIeee754<T>
{
    private SignalSet<T>? _tangents, _adjoints;

    /// <summary>The most vectors at once that memory is known to hold, and the number that was tried last.</summary>
    private int _most = int.MaxValue, _tried = 1;

    /// <summary>Memory has run out before: what is left of it is not for what only saves time.</summary>
    public bool IsCramped { get; private set; }

    private IBackend Backend => samples.Backend;

    private SignalLayouts<T> Signals => samples.Plan.Signals;

    /// <summary>k tangents of so many samples; where second-order terms follow, those that they read outlast the forward pass.</summary>
    public SignalSet<T> Tangents(int count, int rows, bool forHessian) => Take(
        ref _tangents, forHessian || _tangents?.Layout == Signals.HessianTangents ? Signals.HessianTangents : Signals.Tangents, count, rows);

    /// <summary>k adjoints of so many samples.</summary>
    public SignalSet<T> Adjoints(int count, int rows) => Take(ref _adjoints, Signals.Adjoints, count, rows);

    /// <summary>
    /// Runs what overwrites its results. Where memory runs out, it goes without recordings first, then with half as many vectors at
    /// once, then with smaller chunks of samples.
    /// </summary>
    /// <exception cref="DeviceOutOfMemoryException">Nothing is left to go without.</exception>
    public void WithinMemory(Action pass) => Sweep.WithinMemory(pass, DoWithLess);

    /// <summary>Cuts a block of k vectors into blocks that fit, and gives each one's first vector and number of vectors.</summary>
    public void InBlocks(long count, Action<int, int> pass, CancellationToken cancellationToken)
    {
        for (int first = 0, done = 0; first < count; first += done)
        {
            cancellationToken.ThrowIfCancellationRequested();
            WithinMemory(() => pass(first, done = AtOnce(count - first)));
        }
    }

    /// <summary>Of so many vectors as many as leave their work space within an eighth of the free memory.</summary>
    public unsafe int AtOnce(long count)
    {
        count = Math.Min(count, _most);
        if (count > 1)
        {
            long perVector = (long)sizeof(T) * samples.Sweep.ChunkSize * (Signals.HessianTangents.Width + Signals.Adjoints.Width);
            count = Math.Clamp(Backend.AvailableMemory / 8 / perVector, 1, count);
        }

        return _tried = (int)count;
    }

    public void Dispose() => Release();

    /// <summary>Gives all room back, and the recordings that refer to it; true where there were any.</summary>
    private bool Release()
    {
        bool hadRecordings = Backend.Forget(samples);
        _tangents?.Dispose();
        _adjoints?.Dispose();
        (_tangents, _adjoints) = (null, null);
        return hadRecordings;
    }

    private SignalSet<T> Take(ref SignalSet<T>? kept, SignalLayout layout, int count, int rows)
    {
        if (kept is null || kept.MaxCount < count || kept.Layout != layout)
        {
            Backend.Forget(samples);
            kept?.Dispose();
            kept = null;
            kept = new(Backend, layout, samples.Sweep.ChunkSize, count);
        }

        (kept.Count, kept.Rows) = (count, rows);
        return kept;
    }

    private bool DoWithLess()
    {
        IsCramped = true;
        if (Release())
        {
            return true;
        }

        if (_tried > 1)
        {
            // What failed may not ask again how many are tried, so this must come to an end by itself.
            _most = _tried /= 2;
            return true;
        }

        return samples.TakeLess();
    }
}
