using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Quotient.Backends.Cpu.Products;

namespace Quotient.Backends.Cpu.Convolutions;

/// <summary>The weights of a product, packed for it: a panel of channels of the result is a part.</summary>
internal readonly unsafe struct WeightParts<T>(ImageProduct<T> product, ImageTiling tiling, T* target) : IParts
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public int Count => (int)tiling.Panels;

    /// <summary>Elements of a panel.</summary>
    public static nint PanelSize(in ImageProduct<T> product, in ImageTiling tiling) =>
        product.SourceChannels * product.Directions.Taps * tiling.ChannelWidth;

    public void Run(int index, int thread)
    {
        nint width = tiling.ChannelWidth, first = index * width, count = Math.Min(width, product.Channels - first);
        T* panel = target + (index * PanelSize(product, tiling));
        product.First.PackWeights(product.Directions, first, count, width, panel);
        product.Second?.PackWeights(product.Directions, first, count, width, panel + (product.First.Channels * product.Directions.Taps * width));
    }
}

/// <summary>
/// A convolution or its transpose: a part is a group of images, or some rows of their results. It lays the group's images side by side, and for
/// each place of the result multiplies what the place sees, run by run, by its weights.
/// </summary>
internal readonly unsafe struct ImageParts<T>(ImageProduct<T> product, ImageTiling tiling, T* weights, Kernels<T> kernels, Scratch scratch) : IParts
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public int Count => tiling.Groups * tiling.Slices;

    public void Run(int index, int thread)
    {
        var (group, slice) = Math.DivRem(index, tiling.Slices);
        var (image, endImage) = Blocking.Share(product.Images, tiling.Groups, group);
        var (row, endRow) = Blocking.Share(product.Directions.Vertical.Result, tiling.Slices, slice);
        var work = new ImageScratch<T>(scratch, thread, product, tiling, kernels, ((int)row, (int)endRow));
        nint width = product.Directions.Horizontal.Result, place = row * width, end = endRow * width;
        int images = (int)(endImage - image);
        work.Pack(image, images);
        if (!tiling.Turned)
        {
            Straight(work, place, end, image, images);
            return;
        }

        T* bias = work.Biases();
        for (; place < end; place += tiling.Together)
        {
            Turned(work, place, Math.Min(tiling.Together, end - place), image, images, bias);
        }
    }

    /// <summary>Tiles of images by channels, panel by panel of weights.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Straight(in ImageScratch<T> work, nint first, nint end, nint image, int images)
    {
        nint panelSize = WeightParts<T>.PanelSize(product, tiling), width = tiling.ChannelWidth;
        for (nint panel = 0; panel < tiling.Panels; panel++)
        {
            int channels = (int)Math.Min(width, product.Channels - (panel * width));
            T* factor = weights + (panel * panelSize);
            for (nint place = first; place < end; place++)
            {
                nint runs = work.See(place);
                var p = product.At(place, image);
                Prefetch(p.C + (panel * width), images, p.CRow);
                kernels.MultiplyRuns(
                    images, Vectors(channels), runs, work.Runs, work.Images, 1, tiling.ImageWidth, factor, width, work.Tile);
                kernels.Finish(work.Tile, images, channels, &p, 0, panel * width, true, true);
            }
        }
    }

    /// <summary>Tiles of channels by images, of some places that are finished together, image by image.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Turned(in ImageScratch<T> work, nint first, nint count, nint image, int images, T* bias)
    {
        nint panelSize = WeightParts<T>.PanelSize(product, tiling), width = tiling.ChannelWidth;
        for (nint place = 0; place < count; place++)
        {
            nint runs = work.See(first + place);
            for (nint panel = 0; panel < tiling.Panels; panel++)
            {
                int channels = (int)Math.Min(width, product.Channels - (panel * width));
                kernels.MultiplyRuns(
                    channels, Vectors(images), runs, work.Runs, weights + (panel * panelSize), 1, width, work.Images, tiling.ImageWidth, work.Tile);
                Turn(work.Tile, channels, images, kernels.Columns, work.Turned + (place * product.Channels) + (panel * width), work.TurnedRow);
            }
        }

        var p = product.At(first, image);
        for (nint i = 0; i < images; i++)
        {
            T* mask = p.Mask == null ? null : p.Mask + (i * p.MaskRow);
            kernels.FinishRow(
                work.Turned + (i * work.TurnedRow), count * product.Channels, p.C + (i * p.CRow), p.Alpha, p.Beta, bias, p.Relu, mask);
        }
    }

    private int Vectors(int columns) => columns > kernels.Lanes ? 2 : 1;

    /// <summary>Asks for the places of C that a tile goes to, whose latency would show behind it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Prefetch(T* c, int rows, nint stride)
    {
        for (int i = 0; Sse.IsSupported && i < rows; i++, c += stride)
        {
            Sse.Prefetch0(c);
            Sse.Prefetch0(c + kernels.Lanes);
        }
    }

    /// <summary>The transpose of a tile, square by square in the order of its rows: what a square has beyond the last is written again.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Turn(T* tile, int rows, int columns, nint stride, T* turned, nint turnedStride)
    {
        int lanes = Vector128<T>.Count;
        for (int j = 0; j < columns; j += lanes)
        {
            for (int i = 0; i < rows; i += lanes)
            {
                Transposition.Square(tile + (i * stride) + j, stride, turned + (j * turnedStride) + i, turnedStride);
            }
        }
    }
}
