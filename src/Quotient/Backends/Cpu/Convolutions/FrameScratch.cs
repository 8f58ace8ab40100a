using System.Runtime.InteropServices;
using Quotient.Backends.Cpu.Products;

namespace Quotient.Backends.Cpu.Convolutions;

/// <summary>What a thread works with on the sums of weights: some images with their padding around them, a tile, and the runs of windows.</summary>
internal readonly unsafe struct FrameScratch<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Patches _patches;
    private readonly nint _frameRow, _frameSize;

    public readonly T* Frames, Tile;
    public readonly StepRun* Runs;

    public FrameScratch(Scratch scratch, int thread, in WeightProduct<T> product, in WeightTiling tiling, Kernels<T> kernels)
    {
        (_patches, _frameRow, _frameSize) = (product.Patches, product.FrameRow, product.FrameSize);
        // The vectors of the last columns reach beyond the last frame.
        nint tile = Kernels<T>.RowLimit * kernels.Columns, frames = (tiling.Bunch * _frameSize) + kernels.Columns;
        long runs = Math.Max(1, tiling.Bunch * _patches.OutHeight);
        Tile = (T*)scratch.Own<byte>(thread, ((tile + frames) * sizeof(T)) + (runs * sizeof(StepRun)));
        Frames = Tile + tile;
        Runs = (StepRun*)(Frames + frames);
        NativeMemory.Clear(Frames, (nuint)(frames * sizeof(T)));
    }

    /// <summary>Copies images into their frames, whose padding stays 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Frame(T* images, nint stride, nint count)
    {
        var p = _patches;
        nint frameHeight = _frameSize / _frameRow, frameWidth = _frameRow / p.Channels;
        nint x = Math.Max(0, -p.Left), columns = Math.Min(p.Width, frameWidth - p.Left) - x, bytes = columns * p.Channels * sizeof(T);
        nint endRow = columns <= 0 ? 0 : Math.Min(p.Height, frameHeight - p.Top);
        for (nint n = 0; n < count; n++)
        {
            T* frame = Frames + (n * _frameSize) + ((x + p.Left) * p.Channels), image = images + (n * stride) + (x * p.Channels);
            for (nint y = Math.Max(0, -p.Top); y < endRow; y++)
            {
                NativeMemory.Copy(image + (y * p.Width * p.Channels), frame + ((y + p.Top) * _frameRow), (nuint)bytes);
            }
        }
    }

    /// <summary>Lists the rows of windows of some images, each a run, and returns how many there are: at least one, be it empty.</summary>
    public nint List(nint images, nint stride)
    {
        var p = _patches;
        var run = Runs;
        *run = default;
        for (nint n = 0; n < images; n++)
        {
            for (nint y = 0; y < p.OutHeight; y++, run++)
            {
                *run = new(((n * p.OutHeight) + y) * p.OutWidth * stride, (n * _frameSize) + (y * p.StrideY * _frameRow), p.OutWidth);
            }
        }

        return Math.Max(1, images * p.OutHeight);
    }
}
