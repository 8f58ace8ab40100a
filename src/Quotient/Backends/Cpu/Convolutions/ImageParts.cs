using System.Runtime.Intrinsics;
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

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(int index, int thread)
    {
        var (group, slice) = Math.DivRem(index, tiling.Slices);
        var (image, endImage) = Blocking.Share(product.Images, tiling.Groups, group);
        var (row, endRow) = Blocking.Share(product.Directions.Vertical.Result, tiling.Slices, slice);
        var work = new ImageScratch<T>(scratch, thread, product, tiling, kernels, ((int)row, (int)endRow));
        work.Pack(image, endImage - image);
        nint panelSize = WeightParts<T>.PanelSize(product, tiling), width = tiling.ChannelWidth;
        for (nint panel = 0; panel < tiling.Panels; panel++)
        {
            int channels = (int)Math.Min(width, product.Channels - (panel * width));
            T* factor = weights + (panel * panelSize);
            for (nint place = row * product.Directions.Horizontal.Result; place < endRow * product.Directions.Horizontal.Result; place++)
            {
                Place(work, place, image, (int)(endImage - image), factor, panel * width, channels);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Place(in ImageScratch<T> work, nint place, nint image, int images, T* factor, nint channel, int channels)
    {
        nint runs = work.See(place);
        var p = product.At(place, image);
        T* tile = work.Tile;
        if (tiling.Turned)
        {
            kernels.MultiplyRuns(
                channels, Vectors(images), runs, work.Runs, factor, 1, tiling.ChannelWidth, work.Images, tiling.ImageWidth, tile);
            Turn(tile, channels, images, kernels.Columns, work.TurnedTile);
            tile = work.TurnedTile;
        }
        else
        {
            kernels.MultiplyRuns(
                images, Vectors(channels), runs, work.Runs, work.Images, 1, tiling.ImageWidth, factor, tiling.ChannelWidth, tile);
        }

        kernels.Finish(tile, images, channels, &p, 0, channel, true, true);
    }

    private int Vectors(int columns) => columns > kernels.Lanes ? 2 : 1;

    /// <summary>The transpose of a tile, its rows as far apart.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Turn(T* tile, int rows, int columns, nint width, T* turned)
    {
        int lanes = Vector128<T>.Count;
        for (int j = 0; j < columns; j += lanes)
        {
            for (int i = 0; i < rows; i += lanes)
            {
                Transposition.Square(tile + (i * width) + j, width, turned + (j * width) + i, width);
            }
        }
    }
}
