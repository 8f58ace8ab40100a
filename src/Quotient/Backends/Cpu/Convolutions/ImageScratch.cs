using System.Runtime.Intrinsics;
using Quotient.Backends.Cpu.Products;

namespace Quotient.Backends.Cpu.Convolutions;

/// <summary>What a thread works with on one part of a convolution: its images side by side, a tile, and the runs of steps of a place.</summary>
internal readonly unsafe struct ImageScratch<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly ImageProduct<T> _product;
    private readonly ImageTiling _tiling;
    private readonly int _firstRow, _rows;

    public readonly T* Images, Tile, Turned, Bias;
    public readonly nint TurnedRow;
    public readonly StepRun* Runs;

    /// <summary>Room for the rows of the sources that some rows of the result are sums over.</summary>
    public ImageScratch(
        Scratch scratch, int thread, in ImageProduct<T> product, in ImageTiling tiling, Kernels<T> kernels, (int First, int End) resultRows)
    {
        (_product, _tiling) = (product, tiling);
        (_firstRow, int end) = product.Directions.SourceOf(resultRows.First, resultRows.End);
        _rows = end - _firstRow;
        // What is turned comes in squares, which reach beyond a row's end.
        TurnedRow = tiling.Turned ? (tiling.Together * product.Channels) + Vector128<T>.Count : 0;
        nint tile = kernels.Columns * Kernels<T>.RowLimit, turned = TurnedRow * tiling.ImageWidth;
        nint images = product.SourceChannels * SourcePlaces * tiling.ImageWidth;
        long elements = tile + turned + TurnedRow + images, runs = 2 * product.Directions.Vertical.Taps;
        Tile = (T*)scratch.Own<byte>(thread, (elements * sizeof(T)) + (runs * sizeof(StepRun)));
        Turned = Tile + tile;
        Bias = Turned + turned;
        Images = Bias + TurnedRow;
        Runs = (StepRun*)(Images + images);
    }

    /// <summary>The biases of the places that are finished together, one after the other; null where there are none.</summary>
    public T* Biases()
    {
        T* bias = _product.Place.Bias;
        for (nint i = 0; bias != null && i < _tiling.Together * _product.Channels; i++)
        {
            Bias[i] = bias[i % _product.Channels];
        }

        return bias == null ? null : Bias;
    }

    private nint SourcePlaces => (nint)_rows * _product.Directions.Horizontal.Source;

    /// <summary>Lays some images side by side.</summary>
    public void Pack(nint first, nint count)
    {
        Pack(_product.First, first, count, Images);
        if (_product.Second is { } second)
        {
            Pack(second, first, count, Images + (_product.First.Channels * SourcePlaces * _tiling.ImageWidth));
        }
    }

    private void Pack(in Source<T> source, nint first, nint count, T* target)
    {
        nint from = (nint)_firstRow * _product.Directions.Horizontal.Source * source.Channels;
        source.PackImages(first, count, from, SourcePlaces * source.Channels, _tiling.ImageWidth, target);
    }

    /// <summary>Lists the runs of a place, and returns how many there are: at least one, be it empty.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public nint See(nint place)
    {
        var (y, x) = Math.DivRem(place, _product.Directions.Horizontal.Result);
        var (vertical, horizontal) = (_product.Directions.Vertical[(int)y], _product.Directions.Horizontal[(int)x]);
        if (vertical.Count == 0 || horizontal.Count == 0)
        {
            Runs[0] = default;
            return 1;
        }

        nint first = _product.First.Channels, second = _product.Second?.Channels ?? 0, taps = _product.Directions.Taps;
        See(vertical, horizontal, first, 0, 0, Runs);
        if (second > 0)
        {
            See(vertical, horizontal, second, first * SourcePlaces, first * taps, Runs + vertical.Count);
        }

        return second > 0 ? 2 * vertical.Count : vertical.Count;
    }

    private void See(Sight vertical, Sight horizontal, nint channels, nint ofImages, nint ofWeights, StepRun* runs)
    {
        int source = _product.Directions.Horizontal.Source, taps = _product.Directions.Horizontal.Taps;
        for (int i = 0; i < vertical.Count; i++)
        {
            nint seen = ((nint)(vertical.Source - _firstRow + i) * source) + horizontal.Source;
            nint slot = ((nint)(vertical.Slot + i) * taps) + horizontal.Slot;
            nint image = (ofImages + (seen * channels)) * _tiling.ImageWidth, weight = (ofWeights + (slot * channels)) * _tiling.ChannelWidth;
            runs[i] = new(_tiling.Turned ? weight : image, _tiling.Turned ? image : weight, horizontal.Count * channels);
        }
    }
}
