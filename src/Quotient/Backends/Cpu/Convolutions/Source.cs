using Quotient.Backends.Cpu.Products;

namespace Quotient.Backends.Cpu.Convolutions;

/// <summary>One of the terms of a convolution or of its transpose, of one member: images of some channels, and weights.</summary>
/// <param name="images">The first image.</param>
/// <param name="stride">Elements from one image to the next.</param>
/// <param name="channels">Channels of the images.</param>
/// <param name="weights">Element (j, (i, k)), of channel j of the result, tap i and channel k of the images, is at j·along + (i·channels + k)·deep.</param>
/// <param name="along">Elements from one channel of the result to the next.</param>
/// <param name="deep">Elements from one channel of the images to the next.</param>
internal readonly unsafe struct Source<T>(T* images, nint stride, nint channels, T* weights, nint along, nint deep)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Channels of the images.</summary>
    public nint Channels => channels;

    /// <summary>The term that a pair of operands is, in one member.</summary>
    public static Source<T> Of(in Operand<T> images, in Operand<T> weights, int member)
    {
        var (x, w) = (images.Images[member], weights.Values[member]);
        bool forward = images.Reader == Reader.Patches;
        var (along, deep) = weights.Transpose == Transpose.Yes ? ((nint)w.Stride, (nint)1) : (1, (nint)w.Stride);
        nint channels = (nint)(forward ? images.Patches!.Channels : x.Columns / images.Patches!.Windows);
        return new(x.Pointer(), (nint)x.Stride, channels, w.Pointer(), along, deep);
    }

    /// <summary>
    /// Some images side by side, <paramref name="width"/> apart: target[k·width + i] ← value k of image first + i, from value <paramref name="from"/> on.
    /// </summary>
    public void PackImages(nint first, nint count, nint from, nint values, nint width, T* target) =>
        Packing<T>.Panels(images + (first * stride) + from, stride, 1, count, values, width, target, 0);

    /// <summary>The weights of some channels of the result side by side, tap by tap in the order of their slots.</summary>
    public void PackWeights(Directions directions, nint first, nint count, nint width, T* target)
    {
        Axis vertical = directions.Vertical, horizontal = directions.Horizontal;
        for (int y = 0; y < vertical.Taps; y++)
        {
            for (int x = 0; x < horizontal.Taps; x++)
            {
                nint tap = ((nint)y * horizontal.Taps) + x, slot = ((nint)vertical.SlotOf(y) * horizontal.Taps) + horizontal.SlotOf(x);
                T* source = weights + (first * along) + (tap * channels * deep);
                Packing<T>.Panels(source, along, deep, count, channels, width, target + (slot * channels * width), 0);
            }
        }
    }
}
