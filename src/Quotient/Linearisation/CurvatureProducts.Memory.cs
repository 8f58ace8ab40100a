using System.Numerics;
using Quotient.Backends;

namespace Quotient.Linearisation;

/// <summary>The work space of products, and what is done where it does not fit.</summary>
internal sealed partial class CurvatureProducts<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private SignalSet<T>? _tangents, _adjoints;

    /// <summary>The most vectors at once that memory is known to hold, and the number that was tried last.</summary>
    private int _most = int.MaxValue, _tried = 1;

    public void Dispose() => ReleaseWorkSpace();

    /// <summary>
    /// Runs what overwrites its results, so that it may be run again. Where memory runs out, as when another process takes some,
    /// it is: without recordings first, then with half as many vectors at once, then with smaller chunks of samples.
    /// </summary>
    /// <exception cref="DeviceOutOfMemoryException">Nothing is left to go without.</exception>
    public void WithinMemory(Action action)
    {
        bool isDone = false;
        while (!isDone)
        {
            try
            {
                action();
                isDone = true;
            }
            catch (DeviceOutOfMemoryException)
            {
                if (!DoWithLess())
                {
                    throw;
                }
            }
        }
    }

    private SignalSet<T> Tangents(int count, int rows) => Signals(ref _tangents, count, rows);

    private SignalSet<T> Adjoints(int count, int rows) => Signals(ref _adjoints, count, rows);

    /// <summary>Work space for k signals of so many rows, kept and grown as needed.</summary>
    private SignalSet<T> Signals(ref SignalSet<T>? kept, int count, int rows)
    {
        if (kept is null || kept.MaxCount < count)
        {
            DropRecordings();
            kept?.Dispose();
            kept = null;
            kept = new(Backend, _plan.Widths, linearisation.ChunkSize, count);
        }

        (kept.Count, kept.Rows) = (count, rows);
        return kept;
    }

    /// <summary>Cuts a block of k vectors into blocks that fit, and gives each one's first vector and number of vectors.</summary>
    private void InBlocks(long count, Action<int, int> action)
    {
        for (int first = 0, done = 0; first < count; first += done)
        {
            linearisation.ThrowIfCancelled();
            WithinMemory(() => action(first, done = AtOnce(count - first)));
        }
    }

    /// <summary>Of so many vectors as many as leave their work space within an eighth of the free memory.</summary>
    private unsafe int AtOnce(long count)
    {
        count = Math.Min(count, _most);
        if (count > 1)
        {
            long perVector = 2L * sizeof(T) * linearisation.ChunkSize * _plan.Widths.Sum();
            count = Math.Clamp(Backend.AvailableMemory / 8 / perVector, 1, count);
        }

        return _tried = (int)count;
    }

    private bool DoWithLess()
    {
        bool hadRecordings = _recorded.Count > 0;
        _isCramped = true;
        ReleaseWorkSpace();
        if (hadRecordings)
        {
            return true;
        }

        if (_tried > 1)
        {
            _most = _tried / 2;
            return true;
        }

        return linearisation.TakeSmallerChunks();
    }

    private void ReleaseWorkSpace()
    {
        DropRecordings();
        _tangents?.Dispose();
        _adjoints?.Dispose();
        (_tangents, _adjoints) = (null, null);
    }
}
