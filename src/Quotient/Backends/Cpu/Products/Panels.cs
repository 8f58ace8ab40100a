using System.Numerics;

namespace Quotient.Backends.Cpu.Products;

/// <summary>
/// A factor as the micro-kernel reads it: panels of some width, in blocks of k. What already lies in memory like that may
/// stay in place; the panels from <see cref="FirstPacked"/> on are copied.
/// </summary>
internal readonly unsafe struct Panels<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int StepsOfPart = 64, PanelsOfPart = 4;

    /// <summary>Element (i, k) is at Source[i·Along + k·Deep], where i runs across the panels.</summary>
    public T* Source { get; init; }

    /// <summary>Where the elements from k = <see cref="FirstDepth"/> on are, if they are elsewhere.</summary>
    public T* Second { get; init; }

    /// <inheritdoc cref="Second"/>
    public nint FirstDepth { get; init; }

    /// <inheritdoc cref="Source"/>
    public nint Along { get; init; }

    /// <inheritdoc cref="Source"/>
    public nint Deep { get; init; }

    /// <summary>The range of i.</summary>
    public nint Extent { get; init; }

    /// <summary>The range of k.</summary>
    public nint Depth { get; init; }

    /// <summary>The range of k in a block.</summary>
    public nint BlockDepth { get; init; }

    /// <summary>The range of i in a panel.</summary>
    public nint Width { get; init; }

    /// <summary>The first panel that is copied.</summary>
    public nint FirstPacked { get; init; }

    /// <summary>Where the copies are.</summary>
    public T* Target { get; init; }

    /// <summary>Panels in all.</summary>
    public nint Count => Blocking.CeilingDivide(Extent, Width);

    /// <summary>Blocks of k, of which there is one even if k has no range.</summary>
    public nint Blocks => Depth == 0 ? 1 : Blocking.CeilingDivide(Depth, BlockDepth);

    /// <summary>Elements of the copies.</summary>
    public nint PackedLength => PackedCount * Width * Depth;

    /// <summary>Parts into which the copying is cut, so that each reads memory in order.</summary>
    public int Parts => (int)(PackedCount == 0 ? 0 : Blocks * PartsOfBlock);

    private nint PackedCount => Count - FirstPacked;

    private nint PartsOfBlock => Along == 1
        ? Blocking.CeilingDivide(BlockDepth, StepsOfPart)
        : Blocking.CeilingDivide(PackedCount, PanelsOfPart);

    /// <summary>The range of k in block <paramref name="block"/>.</summary>
    public nint DepthOf(nint block) => Math.Min(BlockDepth, Depth - (block * BlockDepth));

    /// <summary>The range of i in panel <paramref name="panel"/>.</summary>
    public nint WidthOf(nint panel) => Math.Min(Width, Extent - (panel * Width));

    /// <summary>Where a panel begins, and how it moves with k.</summary>
    public T* At(nint block, nint panel, out nint step)
    {
        step = panel >= FirstPacked ? Width : Deep;
        return panel >= FirstPacked ? Packed(block, panel) : InPlace(block, panel);
    }

    /// <summary>Does one part of the copying.</summary>
    public void Pack(int part)
    {
        var (block, index) = Math.DivRem(part, (int)PartsOfBlock);
        nint depth = DepthOf(block), next = depth * Width;
        if (Along == 1)
        {
            nint k = (nint)index * StepsOfPart, steps = Math.Min(StepsOfPart, depth - k), extent = Extent - (FirstPacked * Width);
            Copy(block, FirstPacked, k, extent, steps, next);
        }
        else
        {
            nint panel = FirstPacked + ((nint)index * PanelsOfPart);
            nint extent = Math.Min(PanelsOfPart * Width, Extent - (panel * Width));
            Copy(block, panel, 0, extent, depth, next);
        }
    }

    private void Copy(nint block, nint panel, nint k, nint extent, nint steps, nint next)
    {
        nint from = (block * BlockDepth) + k, across = panel * Width * Along;
        nint inFirst = Second == null ? steps : FirstDepth - from;
        T* first = Source + (from * Deep) + across, second = Second + (Math.Max(0, from - FirstDepth) * Deep) + across;
        Packing<T>.Panels(first, second, inFirst, Along, Deep, extent, steps, Width, Packed(block, panel) + (k * Width), next);
    }

    private T* InPlace(nint block, nint panel) => Source + (block * BlockDepth * Deep) + (panel * Width * Along);

    private T* Packed(nint block, nint panel) =>
        Target + (block * BlockDepth * PackedCount * Width) + ((panel - FirstPacked) * Width * DepthOf(block));
}
