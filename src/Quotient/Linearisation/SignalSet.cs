using Quotient.Backends;

namespace Quotient.Linearisation;

/// <summary>
/// A matrix for each signal of a layout, for up to so many samples: activations, their adjoints, or k stacked tangents of
/// either. Member j of a batch is an N × n matrix, one row a sample; the k members are contiguous.
/// </summary>
internal sealed class SignalSet<T> : IDisposable where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly DeviceBuffer<T>[] _slots;
    private readonly SignalSet<T>? _rest;

    /// <summary>
    /// Allocates room for <paramref name="count"/> matrices of <paramref name="capacity"/> rows of every signal that the layout holds; the
    /// others lie in the rest.
    /// </summary>
    public SignalSet(IBackend backend, SignalLayout layout, int capacity, int count, SignalSet<T>? rest = null)
    {
        (Layout, _rest, Count, MaxCount, Rows) = (layout, rest, count, count, capacity);
        _slots = new DeviceBuffer<T>[layout.Slots.Count];
        try
        {
            foreach (var (slot, width) in layout.Slots.Index())
            {
                _slots[slot] = backend.Allocate<T>((long)count * capacity * width);
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Which signals there are, and which share memory.</summary>
    public SignalLayout Layout { get; }

    /// <summary>The most stacked matrices that fit.</summary>
    public int MaxCount { get; }

    /// <summary>k, the number of stacked matrices in use now.</summary>
    public int Count { get; set; }

    /// <summary>N, the samples in use now.</summary>
    public int Rows { get; set; }

    /// <summary>Where the signals before some step are to be found, where a pass began at that step.</summary>
    public (SignalSet<T> Signals, int Step)? Before { get; set; }

    /// <summary>The k matrices of a signal; a single one is repeated for every member of a larger batch.</summary>
    public MatrixBatch<T> this[int signal]
    {
        get
        {
            if (Before is var (before, step) && signal < step)
            {
                return before[signal];
            }

            var (buffer, width) = At(signal);
            return new(new(buffer, 0, Rows, width, width), Count, Count == 1 ? 0 : (long)Rows * width);
        }
    }

    /// <summary>The k matrices of a signal as one matrix of k·N rows.</summary>
    public MatrixView<T> Stacked(int signal)
    {
        var (buffer, width) = At(signal);
        return new(buffer, 0, (long)Count * Rows, width, width);
    }

    public void Dispose()
    {
        foreach (var slot in _slots)
        {
            slot?.Dispose();
        }
    }

    private (DeviceBuffer<T> Buffer, int Width) At(int signal) =>
        Layout.Holds(signal) ? (_slots[Layout.SlotOf(signal)], Layout.Signals[signal]) : _rest!.At(signal);
}
