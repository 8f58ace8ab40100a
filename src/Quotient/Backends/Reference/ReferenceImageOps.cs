using static Quotient.Backends.Reference.Loops;

namespace Quotient.Backends.Reference;

/// <summary>Images, window by window and place by place.</summary>
internal sealed class ReferenceImageOps<T> : IImageOps<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public void Turn(MatrixView<T> x, long rows, double beta, MatrixView<T> y)
    {
        long columns = rows == 0 ? 0 : x.Columns / rows;
        EachRow(y, (n, i) => At(x, n, (i % rows * columns) + (i / rows)) + Kept(beta, y, n, i));
    }

    public void MaxPool(Patches patches, MatrixView<T> x, bool relu, MatrixView<T> y, MatrixView<T> routes)
    {
        EachRow(routes, (n, window) => Route(patches, x, n, window));
        EachRow(y, (n, window) => At(x, n, PlaceAt(patches, window, At(routes, n, window))) is var best && relu && best < 0 ? 0 : best);
    }

    public void TakeRoutes(Patches patches, MatrixView<T> x, MatrixView<T> routes, MatrixView<T> y) =>
        EachRow(y, (n, window) => At(x, n, PlaceAt(patches, window, At(routes, n % routes.Rows, window))));

    public void FollowRoutes(Patches patches, MatrixView<T> y, MatrixView<T> routes, double beta, MatrixView<T> x)
    {
        EachRow(x, (n, i) => Kept(beta, x, n, i));
        EachRow(y, (n, window) =>
        {
            long place = PlaceAt(patches, window, At(routes, n % routes.Rows, window));
            Set(x, n, place, At(x, n, place) + At(y, n, window));
            return At(y, n, window);
        });
    }

    public void AveragePool(Patches patches, bool countsPadding, MatrixView<T> x, MatrixView<T> y) => EachRow(y, (n, window) =>
        Sum(patches.KernelSize, at => Sees(patches, window, (int)at) ? At(x, n, PlaceAt(patches, window, at)) : 0) / Count(patches, countsPadding, window));

    public void AveragePoolBack(Patches patches, bool countsPadding, MatrixView<T> y, double beta, MatrixView<T> x)
    {
        for (long n = 0; n < x.Rows; n++)
        {
            var sums = new double[x.Columns];
            for (long window = 0; window < y.Columns; window++)
            {
                double share = At(y, n, window) / Count(patches, countsPadding, window);
                for (int at = 0; at < patches.KernelSize; at++)
                {
                    if (Sees(patches, window, at))
                    {
                        sums[PlaceAt(patches, window, at)] += share;
                    }
                }
            }

            for (long i = 0; i < x.Columns; i++)
            {
                Set(x, n, i, sums[i] + Kept(beta, x, n, i));
            }
        }
    }

    public void ScaleColumns(MatrixView<T> x, VectorView<T> scale, VectorView<T> shift, double beta, MatrixView<T> y) =>
        EachRow(y, (i, j) => (At(scale, j) * At(x, i, j)) + (shift.Length == 0 ? 0 : At(shift, j)) + Kept(beta, y, i, j));

    public void ColumnDots(MatrixView<T> x, MatrixView<T> y, double beta, VectorView<T> result) =>
        Each(result, j => Sum(x.Rows, i => At(x, i, j) * At(y, i, j)) + (beta == 0 ? 0 : beta * At(result, j)));

    private static double Kept(double beta, MatrixView<T> x, long i, long j) => beta == 0 ? 0 : beta * At(x, i, j);

    /// <summary>Where in a window its largest value is.</summary>
    private static double Route(Patches patches, MatrixView<T> x, long n, long window)
    {
        var (best, route) = (double.NegativeInfinity, -1);
        for (int at = 0; at < patches.KernelSize; at++)
        {
            if (Sees(patches, window, at) && At(x, n, PlaceAt(patches, window, at)) is var value && (route < 0 || value > best || double.IsNaN(value)))
            {
                (best, route) = (value, at);
            }
        }

        return route;
    }

    /// <summary>The value of an image that window number (y, x, channel) sees at a place of the window.</summary>
    private static long PlaceAt(Patches p, long window, double at)
    {
        var (y, x) = p.Seen(window / p.Channels, (long)at);
        return (((y * p.Width) + x) * p.Channels) + (window % p.Channels);
    }

    private static bool Sees(Patches p, long window, int at)
    {
        var (y, x) = p.Seen(window / p.Channels, at);
        return p.Holds(y, x);
    }

    /// <summary>Values that the mean of a window is of.</summary>
    private static double Count(Patches p, bool countsPadding, long window)
    {
        int count = 0;
        for (int at = 0; at < p.KernelSize; at++)
        {
            var (y, x) = p.Seen(window / p.Channels, at);
            count += p.Holds(y, x) || (countsPadding && y < p.Height + p.Bottom && x < p.Width + p.Right) ? 1 : 0;
        }

        return count;
    }
}
