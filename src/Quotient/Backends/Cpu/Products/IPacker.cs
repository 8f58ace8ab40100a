using System.Numerics;

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
