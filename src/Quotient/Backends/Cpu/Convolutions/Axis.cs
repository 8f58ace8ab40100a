namespace Quotient.Backends.Cpu.Convolutions;

/// <summary>
/// What a place of a result is a sum over, along one direction of the image: <paramref name="Count"/> neighbouring places of the source, and as many
/// neighbouring slots of the weights.
/// </summary>
internal readonly record struct Sight(int Slot, int Source, int Count);

/// <summary>
/// One direction of a convolution, or of its transpose: which places of the source, times which taps of the window, make a place of the result.
/// Taps that go with neighbouring places of the source have neighbouring slots, so that both are read in order.
/// </summary>
/// <remarks>
/// A convolution has window o see the places o·stride − pad + i, tap i in slot i. Its transpose has place p seen at tap i by window
/// (p + pad − i) / stride, where that is whole: windows ascend as taps descend by the stride. The taps are numbered from the last, j, and those of
/// one remainder of j by the stride lie together.
/// </remarks>
internal sealed class Axis
{
    private readonly Sight[] _sights;
    private readonly int[] _slots;

    private Axis(int source, int[] slots, Sight[] sights) => (Source, _slots, _sights) = (source, slots, sights);

    /// <summary>Places of the source.</summary>
    public int Source { get; }

    /// <summary>Places of the result.</summary>
    public int Result => _sights.Length;

    /// <summary>Taps of the window.</summary>
    public int Taps => _slots.Length;

    /// <summary>What a place of the result is a sum over.</summary>
    public Sight this[int place] => _sights[place];

    /// <summary>Where a tap has its weights.</summary>
    public int SlotOf(int tap) => _slots[tap];

    /// <summary>The windows' values as sums over what they see.</summary>
    public static Axis Forward(int source, int windows, int taps, int stride, int pad)
    {
        return new(source, [.. Enumerable.Range(0, taps)], [.. Enumerable.Range(0, windows).Select(See)]);

        Sight See(int window)
        {
            int origin = (window * stride) - pad, first = Math.Max(0, -origin), end = Math.Min(taps, source - origin);
            return end > first ? new(first, origin + first, end - first) : default;
        }
    }

    /// <summary>The places' values as sums over the windows that see them.</summary>
    public static Axis Back(int places, int windows, int taps, int stride, int pad)
    {
        var order = Enumerable.Range(0, taps).OrderBy(j => j % stride).ThenBy(j => j).ToList();
        int[] slots = [.. Enumerable.Range(0, taps).Select(tap => order.IndexOf(taps - 1 - tap))];
        return new(windows, slots, [.. Enumerable.Range(0, places).Select(SeenFrom)]);

        Sight SeenFrom(int place)
        {
            int origin = place + pad - taps + 1, remainder = (((-origin) % stride) + stride) % stride;
            int first = (origin + remainder) / stride, count = remainder < taps ? ((taps - 1 - remainder) / stride) + 1 : 0;
            int skipped = Math.Max(0, -first), end = Math.Min(count, windows - first);
            return end > skipped ? new(order.IndexOf(remainder) + skipped, first + skipped, end - skipped) : default;
        }
    }
}

/// <summary>Both directions of a convolution, or of its transpose.</summary>
internal sealed class Directions(Axis vertical, Axis horizontal)
{
    private static readonly ConditionalWeakTable<Patches, Directions> Forwards = [], Backs = [];

    /// <summary>The direction of rows.</summary>
    public Axis Vertical { get; } = vertical;

    /// <summary>The direction of columns.</summary>
    public Axis Horizontal { get; } = horizontal;

    /// <summary>Places of a result.</summary>
    public nint Places => (nint)Vertical.Result * Horizontal.Result;

    /// <summary>Taps of a window.</summary>
    public int Taps => Vertical.Taps * Horizontal.Taps;

    /// <summary>From images to windows.</summary>
    public static Directions Forward(Patches patches) => Forwards.GetValue(patches, p => new(
        Axis.Forward(p.Height, p.OutHeight, p.KernelHeight, p.StrideY, p.Top),
        Axis.Forward(p.Width, p.OutWidth, p.KernelWidth, p.StrideX, p.Left)));

    /// <summary>From windows to images.</summary>
    public static Directions Back(Patches patches) => Backs.GetValue(patches, p => new(
        Axis.Back(p.Height, p.OutHeight, p.KernelHeight, p.StrideY, p.Top),
        Axis.Back(p.Width, p.OutWidth, p.KernelWidth, p.StrideX, p.Left)));

    /// <summary>The rows of the source that some rows of the result are sums over.</summary>
    public (int First, int End) SourceOf(int firstRow, int endRow)
    {
        var (first, end) = (Vertical.Source, 0);
        for (int row = firstRow; row < endRow; row++)
        {
            if (Vertical[row] is { Count: > 0 } sight)
            {
                (first, end) = (Math.Min(first, sight.Source), Math.Max(end, sight.Source + sight.Count));
            }
        }

        return (Math.Min(first, end), end);
    }
}
