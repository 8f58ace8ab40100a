namespace Quotient.Linearisation;

/// <summary>When a signal is first written and last read, on the clock of a pass; a width of 0 for one that is not there.</summary>
internal readonly record struct Lifetime(int Width, int From, int To);

/// <summary>
/// Which signals share memory: those that do not live at the same time. A signal that is read while another is written has memory
/// of its own.
/// </summary>
internal sealed class SignalLayout
{
    private const int None = -1;
    private readonly int[] _slots;
    private readonly List<int> _widths = [];

    /// <summary>Gives each signal, in the order of their first writes, the smallest slot that is free and wide enough.</summary>
    public SignalLayout(IReadOnlyList<Lifetime> signals)
    {
        Signals = [.. signals.Select(signal => signal.Width)];
        _slots = new int[signals.Count];
        var ends = new List<int>();
        foreach (var (index, signal) in signals.Index().OrderBy(entry => entry.Item.From))
        {
            _slots[index] = signal.Width == 0 ? None : FreeSlot(signal, ends);
        }
    }

    /// <summary>The width of each signal, 0 for one that is not there.</summary>
    public IReadOnlyList<int> Signals { get; }

    /// <summary>The width of each slot.</summary>
    public IReadOnlyList<int> Slots => _widths;

    /// <summary>Values that one sample takes in all slots.</summary>
    public long Width => _widths.Sum(width => (long)width);

    /// <summary>Whether a signal is there.</summary>
    public bool Holds(int signal) => _slots[signal] != None;

    /// <summary>The slot of a signal that is there.</summary>
    public int SlotOf(int signal) => _slots[signal];

    private int FreeSlot(Lifetime signal, List<int> ends)
    {
        var free = Enumerable.Range(0, ends.Count).Where(slot => ends[slot] < signal.From).ToList();
        var wide = free.Where(slot => _widths[slot] >= signal.Width).ToList();
        int found = wide.Count > 0 ? wide.MinBy(slot => _widths[slot]) : free.Count > 0 ? free.MaxBy(slot => _widths[slot]) : None;
        if (found == None)
        {
            found = ends.Count;
            ends.Add(0);
            _widths.Add(0);
        }

        (ends[found], _widths[found]) = (signal.To, Math.Max(_widths[found], signal.Width));
        return found;
    }
}
