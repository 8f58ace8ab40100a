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
        for (int i = 0; i < patches.OutHeight; i++)
        {
            for (int j = 0; j < patches.OutWidth; j++, best += patches.Channels, route += patches.Channels)
            {
                var pane = new Pane(patches, i, j);
                for (nint c = 0; c < patches.Channels; c += TSimd.Lanes)
                {
                    Window(pane, image + c, best + c, route + c, patches.Channels - c);
                }
            }
        }

        return 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Window(in Pane pane, T* image, T* best, T* route, nint left)
    {
        var largest = Channels<TSimd, TVector, T>.Load(image + pane.At(pane.FirstRow, pane.FirstColumn), left);
        var at = TSimd.Broadcast(Real.From<T>(pane.Tap(pane.FirstRow, pane.FirstColumn)));
        for (int row = pane.FirstRow; row < pane.EndRow; row++)
        {
            for (int column = pane.FirstColumn; column < pane.EndColumn; column++)
            {
                var value = Channels<TSimd, TVector, T>.Load(image + pane.At(row, column), left);
                at = TSimd.WhereLarger(value, largest, TSimd.Broadcast(Real.From<T>(pane.Tap(row, column))), at);
                largest = TSimd.WhereLarger(value, largest, value, largest);
            }
        }

        Channels<TSimd, TVector, T>.Store(relu ? TSimd.Rectify(largest) : largest, best, left);
        Channels<TSimd, TVector, T>.Store(at, route, left);
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
        for (int i = 0; i < patches.OutHeight; i++)
        {
            for (int j = 0; j < patches.OutWidth; j++, route += patches.Channels, taken += patches.Channels)
            {
                var pane = new Pane(patches, i, j);
                for (nint c = 0; c < patches.Channels; c += TSimd.Lanes)
                {
                    Window(pane, image + c, route + c, taken + c, patches.Channels - c);
                }
            }
        }

        return 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Window(in Pane pane, T* image, T* route, T* taken, nint left)
    {
        var at = Channels<TSimd, TVector, T>.Load(route, left);
        var sum = TSimd.Broadcast(T.Zero);
        for (int row = pane.FirstRow; row < pane.EndRow; row++)
        {
            for (int column = pane.FirstColumn; column < pane.EndColumn; column++)
            {
                var value = Channels<TSimd, TVector, T>.Load(image + pane.At(row, column), left);
                sum = TSimd.Add(sum, TSimd.WhereEqual(at, TSimd.Broadcast(Real.From<T>(pane.Tap(row, column))), value));
            }
        }

        Channels<TSimd, TVector, T>.Store(sum, taken, left);
    }
}

/// <summary>The values of windows added to an image at the ends of their routes.</summary>
internal readonly unsafe struct FollowRoutesMap<TSimd, TVector, T>(
    Patches patches, MatrixPointer<T> y, MatrixPointer<T> routes, T beta, MatrixPointer<T> x) : IRowMap
    where TSimd : ISimd<TVector, T>
    where TVector : struct
    where T : unmanaged, IFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public double Apply(long row)
    {
        T* value = y.Row(row), route = routes.Row(row % routes.Rows), image = x.Row(row);
        Channels<TSimd, TVector, T>.Scale(beta, image, (nint)x.Columns);
        for (int i = 0; i < patches.OutHeight; i++)
        {
            for (int j = 0; j < patches.OutWidth; j++, value += patches.Channels, route += patches.Channels)
            {
                var pane = new Pane(patches, i, j);
                for (nint c = 0; c < patches.Channels; c += TSimd.Lanes)
                {
                    Window(pane, value + c, route + c, image + c, patches.Channels - c);
                }
            }
        }

        return 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Window(in Pane pane, T* value, T* route, T* image, nint left)
    {
        var addend = Channels<TSimd, TVector, T>.Load(value, left);
        var at = Channels<TSimd, TVector, T>.Load(route, left);
        for (int row = pane.FirstRow; row < pane.EndRow; row++)
        {
            for (int column = pane.FirstColumn; column < pane.EndColumn; column++)
            {
                T* place = image + pane.At(row, column);
                var here = TSimd.WhereEqual(at, TSimd.Broadcast(Real.From<T>(pane.Tap(row, column))), addend);
                Channels<TSimd, TVector, T>.Store(TSimd.Add(Channels<TSimd, TVector, T>.Load(place, left), here), place, left);
            }
        }
    }
}
