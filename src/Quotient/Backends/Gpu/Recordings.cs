namespace Quotient.Backends.Gpu;

/// <summary>Work that is asked for again and again, as products are by Lanczos, is recorded once and replayed.</summary>
/// <remarks>A recording refers to its owner's buffers. Where any of these is given up, so are the owner's recordings.</remarks>
internal sealed class Recordings(GpuBackend backend)
{
    /// <summary>Work of one sort that is queued call by call: a single product, or two, cost nothing more.</summary>
    private const int PlainRuns = 2;

    /// <summary>Recordings kept of an owner; the least recently used makes way.</summary>
    private const int MostOfOwner = 4;

    /// <summary>
    /// Multiply–adds of the largest work that is recorded. These keep a GPU busy for half a millisecond, in which the host has
    /// long queued the launches of a product: a longer one gains nothing. Nor should one be much longer, because a replay is not
    /// stopped, while any other product can be between two chunks.
    /// </summary>
    private const double MostOperations = 1L << 33;

    /// <summary>Elements of its vectors, which are copied for each replay: that must take less time than the launches do.</summary>
    private const long MostElements = 1 << 22;

    /// <summary>The part of the free memory that the vectors of one recording may take.</summary>
    private const int PartOfMemory = 32;

    /// <summary>How often each work of an owner was asked for before it was recorded; it goes with the owner.</summary>
    private readonly ConditionalWeakTable<object, Dictionary<object, int>> _runs = [];

    /// <summary>Most recently used last. An owner that nobody holds any more must not be held here, with all its memory.</summary>
    private readonly List<(WeakReference Owner, object Work, IRecordedWork Recorded)> _recorded = [];

    /// <summary>Does the work, by a replay where there is one.</summary>
    public void Run<T>(RepeatKey key, double cost, MatrixView<T> input, MatrixView<T> output, Action<MatrixView<T>, MatrixView<T>> work)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (Find(key) is RecordedWork<T> recorded)
        {
            recorded.Replay(input, output);
        }
        else if (IsWorthwhile(key, cost, input) && RecordedWork<T>.TryAllocate(backend, input, output) is { } own)
        {
            Record(key, own, input, output, work);
        }
        else
        {
            work(input, output);
        }
    }

    /// <summary>Gives up what is recorded of an owner's work; true where there was any.</summary>
    public bool Forget(object owner) => RemoveOf(owner) > 0;

    /// <summary>Does the work in vectors of its own, so that all it needs is compiled and allocated, and then records it.</summary>
    private void Record<T>(
        RepeatKey key, RecordedWork<T> own, MatrixView<T> input, MatrixView<T> output, Action<MatrixView<T>, MatrixView<T>> work)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        bool isRecorded = false;
        try
        {
            own.Run(input, output, work);
            isRecorded = own.TryRecord(work);
        }
        finally
        {
            if (!isRecorded)
            {
                own.Dispose();
            }
        }

        if (isRecorded)
        {
            RemoveOf(null);
            if (_recorded.Count(entry => entry.Owner.Target == key.Owner) == MostOfOwner)
            {
                RemoveAt(_recorded.FindIndex(entry => entry.Owner.Target == key.Owner));
            }

            _recorded.Add((new(key.Owner), key.Work, own));
        }
    }

    /// <summary>Whether it is short, has been asked for before, and leaves memory to others.</summary>
    private bool IsWorthwhile<T>(RepeatKey key, double cost, MatrixView<T> input) where T : unmanaged
    {
        var runs = _runs.GetValue(key.Owner, _ => []);
        int before = runs.GetValueOrDefault(key.Work);
        runs[key.Work] = before + 1;
        long elements = input.Rows * input.Columns;
        return before >= PlainRuns
            && elements <= MostElements
            && cost <= MostOperations
            && 2 * elements * Unsafe.SizeOf<T>() <= backend.AvailableMemory / PartOfMemory;
    }

    private IRecordedWork? Find(RepeatKey key)
    {
        int index = _recorded.FindIndex(entry => entry.Owner.Target == key.Owner && entry.Work.Equals(key.Work));
        if (index < 0)
        {
            return null;
        }

        var found = _recorded[index];
        _recorded.RemoveAt(index);
        _recorded.Add(found);
        return found.Recorded;
    }

    /// <summary>Removes what is recorded of an owner, or with null of those that are gone; returns how many there were.</summary>
    private int RemoveOf(object? owner)
    {
        int before = _recorded.Count;
        for (int i = before - 1; i >= 0; i--)
        {
            if (_recorded[i].Owner.Target == owner)
            {
                RemoveAt(i);
            }
        }

        return before - _recorded.Count;
    }

    private void RemoveAt(int index)
    {
        var work = _recorded[index].Recorded;
        _recorded.RemoveAt(index);
        work.Dispose();
    }
}
