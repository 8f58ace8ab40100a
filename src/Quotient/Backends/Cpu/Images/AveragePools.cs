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
        for (int i = 0; i < patches.OutHeight; i++)
        {
            for (int j = 0; j < patches.OutWidth; j++, mean += patches.Channels)
            {
                var pane = new Pane(patches, i, j);
                for (nint c = 0; c < patches.Channels; c += TSimd.Lanes)
                {
                    Window(pane, image + c, mean + c, patches.Channels - c);
                }
            }
        }

        return 0;
    }

    /// <summary>Adds row by row, then the rows: windows may be as large as the image.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Window(in Pane pane, T* image, T* mean, nint left)
    {
        var sum = TSimd.Broadcast(T.Zero);
        for (int row = pane.FirstRow; row < pane.EndRow; row++)
        {
            var sumOfRow = TSimd.Broadcast(T.Zero);
            for (int column = pane.FirstColumn; column < pane.EndColumn; column++)
            {
                sumOfRow = TSimd.Add(sumOfRow, Channels<TSimd, TVector, T>.Load(image + pane.At(row, column), left));
            }

            sum = TSimd.Add(sum, sumOfRow);
        }

        var share = TSimd.Broadcast(Real.From<T>(1.0 / pane.Values(countsPadding)));
        Channels<TSimd, TVector, T>.Store(TSimd.Multiply(share, sum), mean, left);
    }
}

/// <summary>The values of windows dealt to what they are means of.</summary>
internal readonly unsafe struct AveragePoolBackMap<TSimd, TVector, T>(
    Patches patches, bool countsPadding, MatrixPointer<T> y, T beta, MatrixPointer<T> x) : IRowMap
    where TSimd : ISimd<TVector, T>
    where TVector : struct
    where T : unmanaged, IFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public double Apply(long row)
    {
        T* value = y.Row(row), image = x.Row(row);
        Channels<TSimd, TVector, T>.Scale(beta, image, (nint)x.Columns);
        for (int i = 0; i < patches.OutHeight; i++)
        {
            for (int j = 0; j < patches.OutWidth; j++, value += patches.Channels)
            {
                var pane = new Pane(patches, i, j);
                for (nint c = 0; c < patches.Channels; c += TSimd.Lanes)
                {
                    Window(pane, value + c, image + c, patches.Channels - c);
                }
            }
        }

        return 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Window(in Pane pane, T* value, T* image, nint left)
    {
        var share = TSimd.Broadcast(Real.From<T>(1.0 / pane.Values(countsPadding)));
        share = TSimd.Multiply(share, Channels<TSimd, TVector, T>.Load(value, left));
        for (int row = pane.FirstRow; row < pane.EndRow; row++)
        {
            for (int column = pane.FirstColumn; column < pane.EndColumn; column++)
            {
                T* place = image + pane.At(row, column);
                Channels<TSimd, TVector, T>.Store(TSimd.Add(Channels<TSimd, TVector, T>.Load(place, left), share), place, left);
            }
        }
    }
}
