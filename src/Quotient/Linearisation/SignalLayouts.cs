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
        var (taken, free) = (new PriorityQueue<int, int>(), new SortedSet<int>());
        foreach (var (index, signal) in signals.Index().OrderBy(entry => entry.Item.From))
        {
            while (taken.TryPeek(out int slot, out int end) && end < signal.From)
            {
                free.Add(slot);
                taken.Dequeue();
            }

            _slots[index] = signal.Width == 0 ? None : FreeSlot(signal, free);
            if (signal.Width > 0)
            {
                taken.Enqueue(_slots[index], signal.To);
            }
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

    private int FreeSlot(Lifetime signal, SortedSet<int> free)
    {
        var wide = free.Where(slot => _widths[slot] >= signal.Width).ToList();
        int found = wide.Count > 0 ? wide.MinBy(slot => _widths[slot]) : free.Count > 0 ? free.MaxBy(slot => _widths[slot]) : None;
        if (found == None)
        {
            _widths.Add(signal.Width);
            return _widths.Count - 1;
        }

        free.Remove(found);
        _widths[found] = Math.Max(_widths[found], signal.Width);
        return found;
    }
}

/// <summary>
/// How long each signal of a network lives in each pass, and so which share memory. The clock of a pass over L steps: step i runs at
/// i going forward and at 2L − i going back; between them, at L, the loss reads the outputs and writes their adjoint.
/// </summary>
/// <remarks>Signals L, L + 1, … of values are what steps 0, 1, … save in the forward pass.</remarks>
internal sealed class SignalLayouts<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly IReadOnlyList<Step<T>> _steps;
    private readonly IReadOnlyList<int>[] _readers;

    public SignalLayouts(IReadOnlyList<Step<T>> steps)
    {
        _steps = steps;
        var readers = steps.Index().SelectMany(step => step.Item.Inputs.Distinct().Select(signal => (signal, step.Index)))
            .ToLookup(edge => edge.signal, edge => edge.Index);
        _readers = [.. steps.Select((_, signal) => readers[signal].ToList())];
        All = new([.. Each(Always), .. Saved(_ => int.MaxValue)]);
        Evaluated = new([.. Each(Passing), .. Saved(i => i)]);
        KeptValues = new([.. Each(i => IsKept(i) ? Always(i) : default), .. Saved(_ => int.MaxValue)]);
        PassingValues = new([.. Each(i => IsKept(i) ? default : Passing(i))]);
        Adjoints = new([.. Each(Returning)]);
        KeptAdjoints = new([.. Each(i => HoldsAdjoint(i) ? Always(i) : default)]);
        PassingAdjoints = new([.. Each(i => HoldsAdjoint(i) ? default : Returning(i))]);
        Tangents = new([.. Each(Passing)]);
        HessianTangents = new([.. Each(i => Passing(i) with { To = LastUseOfTangent(i) })]);
    }

    /// <summary>Outputs of all steps, each with memory of its own, and what steps save.</summary>
    public SignalLayout All { get; }

    /// <summary>Outputs of all steps where only the last one's are wanted.</summary>
    public SignalLayout Evaluated { get; }

    /// <summary>Outputs that a backward pass or tangents will read, and what steps save.</summary>
    public SignalLayout KeptValues { get; }

    /// <summary>The other outputs.</summary>
    public SignalLayout PassingValues { get; }

    /// <summary>Adjoints of a backward pass.</summary>
    public SignalLayout Adjoints { get; }

    /// <summary>Adjoints of the loss that gradients and second-order terms will read.</summary>
    public SignalLayout KeptAdjoints { get; }

    /// <summary>The other adjoints of the loss.</summary>
    public SignalLayout PassingAdjoints { get; }

    /// <summary>Tangents where only those of the outputs are wanted.</summary>
    public SignalLayout Tangents { get; }

    /// <summary>Tangents that second-order terms read in the backward pass.</summary>
    public SignalLayout HessianTangents { get; }

    private int Loss => _steps.Count;

    private IEnumerable<Lifetime> Each(Func<int, Lifetime> of) => Enumerable.Range(0, _steps.Count).Select(of);

    private IEnumerable<Lifetime> Saved(Func<int, int> until) => Each(i => new(_steps[i].Stage.SavedWidth, i, until(i)));

    private Lifetime Always(int signal) => new(_steps[signal].Width, signal, int.MaxValue);

    /// <summary>From its step to its last reader, or to the loss.</summary>
    private Lifetime Passing(int signal) => new(_steps[signal].Width, signal, _readers[signal].DefaultIfEmpty(Loss).Max());

    /// <summary>From its last reader, which is the first on the way back, to its step.</summary>
    private Lifetime Returning(int signal) =>
        new(_steps[signal].Width, _readers[signal].Count == 0 ? Loss : Back(_readers[signal].Max()), Back(signal));

    private int LastUseOfTangent(int signal) => _readers[signal].Where(step => _steps[step].Stage.SecondOrder != SecondOrder.None)
        .Select(Back).Append(Passing(signal).To).Max();

    private bool IsKept(int signal) =>
        _steps[signal].Stage.ReadsOutput || _readers[signal].Any(step => _steps[step].Stage.ReadsInputs);

    /// <summary>Those of the outputs are what the empirical Fisher matrix is made of.</summary>
    private bool HoldsAdjoint(int signal) =>
        _steps[signal].IsTrainable || _steps[signal].Stage.SecondOrder != SecondOrder.None || signal == _steps.Count - 1;

    private int Back(int step) => (2 * Loss) - step;
}
