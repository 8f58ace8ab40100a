using Quotient.Backends.Cpu.Products;

namespace Quotient.Backends.Cpu.Images;

/// <summary>The taps of one window that lie on the image.</summary>
internal readonly struct Pane
{
    private readonly Patches _patches;
    private readonly int _top, _left;

    public Pane(Patches patches, int y, int x)
    {
        (_patches, _top, _left) = (patches, (y * patches.StrideY) - patches.Top, (x * patches.StrideX) - patches.Left);
        (FirstRow, EndRow) = (Math.Max(0, -_top), Math.Min(patches.KernelHeight, patches.Height - _top));
        (FirstColumn, EndColumn) = (Math.Max(0, -_left), Math.Min(patches.KernelWidth, patches.Width - _left));
    }

    public readonly int FirstRow, EndRow, FirstColumn, EndColumn;

    /// <summary>Where channel 0 at a tap is in its image.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public nint At(int row, int column) => (((nint)(_top + row) * _patches.Width) + _left + column) * _patches.Channels;

    /// <summary>The number of a tap.</summary>
    public int Tap(int row, int column) => (row * _patches.KernelWidth) + column;

    /// <summary>Values that the mean of the window is of.</summary>
    public int Values(bool countsPadding) => countsPadding
        ? Math.Min(_patches.KernelHeight, _patches.Height + _patches.Bottom - _top)
            * Math.Min(_patches.KernelWidth, _patches.Width + _patches.Right - _left)
        : (EndRow - FirstRow) * (EndColumn - FirstColumn);
}

/// <summary>
/// Vectors of neighbours. Where fewer channels are left than a vector has lanes, it reaches into the next place: what it reads there is of no use,
/// and what it writes there is written again, because places are written in order. At the end of an image it stops.
/// </summary>
internal static unsafe class Neighbours<TSimd, TVector, T>
    where TSimd : ISimd<TVector, T>
    where TVector : struct
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>The vector at <paramref name="source"/>, of whose lanes no more than <paramref name="left"/> are read.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Load(T* source, nint left) => left >= TSimd.Lanes ? TSimd.Load(source) : TSimd.LoadFirst(source, (int)left);

    /// <summary>Stores a vector, of whose lanes no more than <paramref name="left"/> are written.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(TVector value, T* target, nint left)
    {
        if (left >= TSimd.Lanes)
        {
            TSimd.Store(value, target);
        }
        else
        {
            TSimd.StoreFirst(value, target, (int)left);
        }
    }

    /// <summary>target ← value + β·target. With β = 0 the target is not read; else no more than the <paramref name="channels"/> left of a place are written.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(TVector value, T beta, T* target, nint left, nint channels)
    {
        if (!T.IsZero(beta))
        {
            left = Math.Min(left, channels);
            value = TSimd.MultiplyAdd(TSimd.Broadcast(beta), Load(target, left), value);
        }

        Store(value, target, left);
    }
}
