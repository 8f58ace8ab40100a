namespace Quotient.Backends.Cpu.Products;

/// <summary>
/// How a factor is read: element (i, k), i across the panels and k along the sum, is copied into panels. A dense factor is
/// <see cref="Strided{T}"/>; what computes where its elements lie, as the patches of an image do, is another packer.
/// </summary>
internal unsafe interface IPacker<T> where T : unmanaged
{
    /// <summary>Whether neighbours across the panels are neighbours in memory, so that copying goes step by step over all panels.</summary>
    bool RunsAcross { get; }

    /// <summary>
    /// Panels of <paramref name="width"/> elements by <paramref name="depth"/> steps, <paramref name="next"/> elements apart:
    /// target[p·next + s·width + j] ← element (i + p·width + j, k + s), and 0 from i + <paramref name="extent"/> on.
    /// </summary>
    void Pack(nint i, nint extent, nint k, nint depth, nint width, T* target, nint next);

    /// <summary>Where element (i, k) lies, and how to reach the next k from it; for what may stay in place.</summary>
    T* InPlace(nint i, nint k, out nint step);
}

/// <summary>
/// A factor whose element (i, k) is at Source[i·Along + k·Deep]; from k = FirstDepth on, at Second[i·Along + (k − FirstDepth)·Deep],
/// if there is a second source.
/// </summary>
internal readonly unsafe struct Strided<T>(T* source, nint along, nint deep, T* second = null, nint firstDepth = 0) : IPacker<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>From one i to the next.</summary>
    public nint Along => along;

    public bool RunsAcross => along == 1;

    public void Pack(nint i, nint extent, nint k, nint depth, nint width, T* target, nint next)
    {
        nint inFirst = second == null ? depth : Math.Clamp(firstDepth - k, 0, depth);
        if (inFirst > 0 || depth == 0)
        {
            Packing<T>.Panels(source + (k * deep) + (i * along), along, deep, extent, inFirst, width, target, next);
        }

        if (inFirst < depth)
        {
            T* rest = second + (Math.Max(0, k - firstDepth) * deep) + (i * along);
            Packing<T>.Panels(rest, along, deep, extent, depth - inFirst, width, target + (inFirst * width), next);
        }
    }

    public T* InPlace(nint i, nint k, out nint step)
    {
        step = deep;
        return source + (i * along) + (k * deep);
    }
}

/// <summary>
/// A factor as the micro-kernel reads it: panels of some width, in blocks of k. What already lies in memory like that may
/// stay in place; the panels from <see cref="FirstPacked"/> on are copied.
/// </summary>
internal readonly unsafe struct Panels<T, TPacker>
    where T : unmanaged
    where TPacker : struct, IPacker<T>
{
    private const int StepsOfPart = 64, PanelsOfPart = 4;

    /// <summary>What they are copied from.</summary>
    public TPacker Source { get; init; }

    /// <summary>The range of i, across the panels.</summary>
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
    public nint Count => Extent == 0 ? 0 : Blocking.CeilingDivide(Extent, Width);

    /// <summary>Blocks of k, of which there is one even if k has no range.</summary>
    public nint Blocks => Depth == 0 ? 1 : Blocking.CeilingDivide(Depth, BlockDepth);

    /// <summary>Elements of the copies.</summary>
    public nint PackedLength => PackedCount * Width * Depth;

    /// <summary>Parts into which the copying is cut, so that each reads memory in order.</summary>
    public int Parts => (int)(PackedCount == 0 ? 0 : Blocks * PartsOfBlock);

    private nint PackedCount => Count - FirstPacked;

    private nint PartsOfBlock => Source.RunsAcross
        ? Blocking.CeilingDivide(BlockDepth, StepsOfPart)
        : Blocking.CeilingDivide(PackedCount, PanelsOfPart);

    /// <summary>The range of k in block <paramref name="block"/>.</summary>
    public nint DepthOf(nint block) => Math.Min(BlockDepth, Depth - (block * BlockDepth));

    /// <summary>The range of i in panel <paramref name="panel"/>.</summary>
    public nint WidthOf(nint panel) => Math.Min(Width, Extent - (panel * Width));

    /// <summary>Where a panel begins, and how it moves with k.</summary>
    public T* At(nint block, nint panel, out nint step)
    {
        step = Width;
        return panel >= FirstPacked ? Packed(block, panel) : Source.InPlace(panel * Width, block * BlockDepth, out step);
    }

    /// <summary>Does one part of the copying.</summary>
    public void Pack(int part)
    {
        var (block, index) = Math.DivRem(part, (int)PartsOfBlock);
        nint depth = DepthOf(block), from = block * BlockDepth, next = depth * Width;
        if (Source.RunsAcross)
        {
            nint k = (nint)index * StepsOfPart, first = FirstPacked * Width;
            T* target = Packed(block, FirstPacked) + (k * Width);
            Source.Pack(first, Extent - first, from + k, Math.Min(StepsOfPart, depth - k), Width, target, next);
        }
        else
        {
            nint panel = FirstPacked + (index * PanelsOfPart), first = panel * Width;
            Source.Pack(first, Math.Min(PanelsOfPart * Width, Extent - first), from, depth, Width, Packed(block, panel), next);
        }
    }

    private T* Packed(nint block, nint panel) =>
        Target + (block * BlockDepth * PackedCount * Width) + ((panel - FirstPacked) * Width * DepthOf(block));
}

/// <summary>The packing of one factor, or of both.</summary>
internal readonly struct PackParts<T, TPacker>(Panels<T, TPacker> first, Panels<T, TPacker> second) : IParts
    where T : unmanaged
    where TPacker : struct, IPacker<T>
{
    public int Count => first.Parts + second.Parts;

    public void Run(int index, int thread)
    {
        if (index < first.Parts)
        {
            first.Pack(index);
        }
        else
        {
            second.Pack(index - first.Parts);
        }
    }
}
