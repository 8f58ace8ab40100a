using Quotient.Backends;

namespace Quotient.Cases.Ops;

/// <summary>Routes of pooling.</summary>
public sealed partial class OpBench<T>
{
    /// <summary>For each window of some images and each of its channels the number of a place that it sees, all with equal probability.</summary>
    public MatrixView<T> Routes(Patches patches, long images)
    {
        long window = 0, size = patches.Windows * patches.Channels;
        return Matrix(images, size, () => Route(patches, window++ % size / patches.Channels), true);
    }

    private int Route(Patches patches, long window)
    {
        long y = (window / patches.OutWidth * patches.StrideY) - patches.Top, x = (window % patches.OutWidth * patches.StrideX) - patches.Left;
        int i = Seen(y, patches.KernelHeight, patches.Height), j = Seen(x, patches.KernelWidth, patches.Width);
        return (i * patches.KernelWidth) + j;
    }

    /// <summary>One of the places of a window along a side that lie in the image.</summary>
    private int Seen(long first, int places, int extent) =>
        _random.Next((int)Math.Max(0, -first), (int)Math.Min(places, extent - first));
}
