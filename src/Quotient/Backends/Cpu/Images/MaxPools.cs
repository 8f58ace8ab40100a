using Quotient.Backends.Cpu.Products;
using Quotient.Backends.Cpu.Vectors;

namespace Quotient.Backends.Cpu.Images;

/// <summary>The largest value that each window of an image sees in each channel, and at which tap.</summary>
internal readonly unsafe struct MaxPoolMap<TSimd, TVector, T>(
    Patches patches, MatrixPointer<T> x, bool relu, MatrixPointer<T> y, MatrixPointer<T> routes) : IRowMap
    where TSimd : ISimd<TVector, T>
    where TVector : struct
    where T : unmanaged, IFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public double Apply(long row)
    {
        T* image = x.Row(row), best = y.Row(row), route = routes.Row(row);
        nint channels = patches.Channels, at = 0, end = (nint)y.Columns;
        for (int i = 0; i < patches.OutHeight; i++)
        {
            for (int j = 0; j < patches.OutWidth; j++, at += channels)
            {
                var pane = new Pane(patches, i, j);
                for (nint c = 0; c < channels; c += TSimd.Lanes)
                {
                    Window(pane, image, c, best + at + c, route + at + c, end - at - c);
                }
            }
        }

        return 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Window(in Pane pane, T* image, nint channel, T* best, T* route, nint left)
    {
        nint place = pane.At(pane.FirstRow, pane.FirstColumn) + channel;
        var largest = Neighbours<TSimd, TVector, T>.Load(image + place, (nint)x.Columns - place);
        var taken = TSimd.Broadcast(Real.From<T>(pane.Tap(pane.FirstRow, pane.FirstColumn)));
        for (int row = pane.FirstRow; row < pane.EndRow; row++)
        {
            for (int column = pane.FirstColumn; column < pane.EndColumn; column++)
            {
                place = pane.At(row, column) + channel;
                var value = Neighbours<TSimd, TVector, T>.Load(image + place, (nint)x.Columns - place);
                taken = TSimd.WhereLarger(value, largest, TSimd.Broadcast(Real.From<T>(pane.Tap(row, column))), taken);
                largest = TSimd.WhereLarger(value, largest, value, largest);
            }
        }

        Neighbours<TSimd, TVector, T>.Store(relu ? TSimd.Rectify(largest) : largest, best, left);
        Neighbours<TSimd, TVector, T>.Store(taken, route, left);
    }
}

/// <summary>The values of an image at the ends of routes.</summary>
internal readonly unsafe struct TakeRoutesMap<TSimd, TVector, T>(Patches patches, MatrixPointer<T> x, MatrixPointer<T> routes, MatrixPointer<T> y)
    : IRowMap
    where TSimd : ISimd<TVector, T>
    where TVector : struct
    where T : unmanaged, IFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public double Apply(long row)
    {
        T* image = x.Row(row), route = routes.Row(row % routes.Rows), taken = y.Row(row);
        nint channels = patches.Channels, at = 0, end = (nint)y.Columns;
        for (int i = 0; i < patches.OutHeight; i++)
        {
            for (int j = 0; j < patches.OutWidth; j++, at += channels)
            {
                var pane = new Pane(patches, i, j);
                for (nint c = 0; c < channels; c += TSimd.Lanes)
                {
                    Window(pane, image, c, route + at + c, taken + at + c, end - at - c);
                }
            }
        }

        return 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Window(in Pane pane, T* image, nint channel, T* route, T* taken, nint left)
    {
        var at = Neighbours<TSimd, TVector, T>.Load(route, left);
        var sum = TSimd.Broadcast(T.Zero);
        for (int row = pane.FirstRow; row < pane.EndRow; row++)
        {
            for (int column = pane.FirstColumn; column < pane.EndColumn; column++)
            {
                nint place = pane.At(row, column) + channel;
                var value = Neighbours<TSimd, TVector, T>.Load(image + place, (nint)x.Columns - place);
                sum = TSimd.Add(sum, TSimd.WhereEqual(at, TSimd.Broadcast(Real.From<T>(pane.Tap(row, column))), value));
            }
        }

        Neighbours<TSimd, TVector, T>.Store(sum, taken, left);
    }
}
