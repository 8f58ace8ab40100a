using Quotient.Backends.Cpu.Products;
using Quotient.Backends.Cpu.Vectors;

namespace Quotient.Backends.Cpu.Images;

/// <summary>The mean of what each window of an image sees in each channel.</summary>
internal readonly unsafe struct AveragePoolMap<TSimd, TVector, T>(Patches patches, bool countsPadding, MatrixPointer<T> x, MatrixPointer<T> y) : IRowMap
    where TSimd : ISimd<TVector, T>
    where TVector : struct
    where T : unmanaged, IFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public double Apply(long row)
    {
        T* image = x.Row(row), mean = y.Row(row);
        nint channels = patches.Channels, at = 0, end = (nint)y.Columns;
        for (int i = 0; i < patches.OutHeight; i++)
        {
            for (int j = 0; j < patches.OutWidth; j++, at += channels)
            {
                var pane = new Pane(patches, i, j);
                for (nint c = 0; c < channels; c += TSimd.Lanes)
                {
                    Window(pane, image, c, mean + at + c, end - at - c);
                }
            }
        }

        return 0;
    }

    /// <summary>Adds row by row, then the rows: windows may be as large as the image.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Window(in Pane pane, T* image, nint channel, T* mean, nint left)
    {
        var sum = TSimd.Broadcast(T.Zero);
        for (int row = pane.FirstRow; row < pane.EndRow; row++)
        {
            var sumOfRow = TSimd.Broadcast(T.Zero);
            for (int column = pane.FirstColumn; column < pane.EndColumn; column++)
            {
                nint place = pane.At(row, column) + channel;
                sumOfRow = TSimd.Add(sumOfRow, Neighbours<TSimd, TVector, T>.Load(image + place, (nint)x.Columns - place));
            }

            sum = TSimd.Add(sum, sumOfRow);
        }

        var share = TSimd.Broadcast(Real.From<T>(1.0 / pane.Values(countsPadding)));
        Neighbours<TSimd, TVector, T>.Store(TSimd.Multiply(share, sum), mean, left);
    }
}
