using Quotient.Backends.Cpu.Convolutions;
using Quotient.Backends.Cpu.Products;
using Quotient.Backends.Cpu.Vectors;

namespace Quotient.Backends.Cpu.Images;

/// <summary>What an image gets back through its pooling: how much a window that sees a place gives it.</summary>
internal unsafe interface IShare<TSelf, TVector, T>
    where TSelf : struct
    where TVector : struct
    where T : unmanaged
{
    /// <summary>That of one image.</summary>
    TSelf OfImage(long row);

    /// <summary>
    /// What a window gives the place that it sees at a tap: of channels from value <paramref name="at"/> of all windows on, of which no more than
    /// <paramref name="left"/> are read.
    /// </summary>
    TVector Of(int windowRow, int windowColumn, nint at, int tap, nint left);
}

/// <summary>x ← β·x + what windows give to the places that they see, place by place, the windows in order.</summary>
internal readonly unsafe struct PoolBackMap<TSimd, TVector, T, TShare>(Patches patches, TShare share, T beta, MatrixPointer<T> x) : IRowMap
    where TSimd : ISimd<TVector, T>
    where TVector : struct
    where T : unmanaged, IFloatingPointIeee754<T>
    where TShare : struct, IShare<TShare, TVector, T>
{
    private readonly Directions _directions = Directions.Back(patches);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public double Apply(long row)
    {
        T* image = x.Row(row);
        var ofImage = share.OfImage(row);
        nint channels = patches.Channels, at = 0, end = (nint)x.Columns;
        for (int i = 0; i < patches.Height; i++)
        {
            var vertical = _directions.Vertical[i];
            for (int j = 0; j < patches.Width; j++, at += channels)
            {
                var horizontal = _directions.Horizontal[j];
                for (nint c = 0; c < channels; c += TSimd.Lanes)
                {
                    var sum = Place(ofImage, (i, vertical), (j, horizontal), c);
                    Neighbours<TSimd, TVector, T>.Store(sum, beta, image + at + c, end - at - c, channels - c);
                }
            }
        }

        return 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private TVector Place(in TShare ofImage, (int At, Sight Sight) vertical, (int At, Sight Sight) horizontal, nint channel)
    {
        var sum = TSimd.Broadcast(T.Zero);
        nint end = (nint)patches.Windows * patches.Channels;
        for (int i = vertical.Sight.Source; i < vertical.Sight.Source + vertical.Sight.Count; i++)
        {
            int tapRow = (vertical.At + patches.Top - (i * patches.StrideY)) * patches.KernelWidth;
            for (int j = horizontal.Sight.Source; j < horizontal.Sight.Source + horizontal.Sight.Count; j++)
            {
                int tap = tapRow + horizontal.At + patches.Left - (j * patches.StrideX);
                nint at = ((((nint)i * patches.OutWidth) + j) * patches.Channels) + channel;
                sum = TSimd.Add(sum, ofImage.Of(i, j, at, tap, end - at));
            }
        }

        return sum;
    }
}

/// <summary>All of a window's value, to the place where its route ends.</summary>
internal readonly unsafe struct RoutedShare<TSimd, TVector, T>(MatrixPointer<T> y, MatrixPointer<T> routes, T* value = null, T* route = null)
    : IShare<RoutedShare<TSimd, TVector, T>, TVector, T>
    where TSimd : ISimd<TVector, T>
    where TVector : struct
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public RoutedShare<TSimd, TVector, T> OfImage(long row) => new(y, routes, y.Row(row), routes.Row(row % routes.Rows));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Of(int windowRow, int windowColumn, nint at, int tap, nint left) => TSimd.WhereEqual(
        Neighbours<TSimd, TVector, T>.Load(route + at, left), TSimd.Broadcast(Real.From<T>(tap)), Neighbours<TSimd, TVector, T>.Load(value + at, left));
}

/// <summary>A window's value divided by how many it is the mean of.</summary>
internal readonly unsafe struct MeanShare<TSimd, TVector, T>(Patches patches, bool countsPadding, MatrixPointer<T> y, T* value = null)
    : IShare<MeanShare<TSimd, TVector, T>, TVector, T>
    where TSimd : ISimd<TVector, T>
    where TVector : struct
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public MeanShare<TSimd, TVector, T> OfImage(long row) => new(patches, countsPadding, y, y.Row(row));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Of(int windowRow, int windowColumn, nint at, int tap, nint left)
    {
        double values = new Pane(patches, windowRow, windowColumn).Values(countsPadding);
        return TSimd.Multiply(TSimd.Broadcast(Real.From<T>(1 / values)), Neighbours<TSimd, TVector, T>.Load(value + at, left));
    }
}
