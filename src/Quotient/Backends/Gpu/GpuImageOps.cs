namespace Quotient.Backends.Gpu;

/// <summary>Images and their channels.</summary>
internal sealed class GpuImageOps<T>(Launcher<T> launcher) : IImageOps<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private const string MaxPools = "image/max_pool", AveragePools = "image/average_pool", Turns = "image/turn";

    /// <summary>The side of a tile that a group turns; matrices with a side below half of it are turned element by element.</summary>
    private const int Tile = 32;

    /// <summary>The most groups along the second side of a grid.</summary>
    private const int MostGroups = 65535;

    private readonly ColumnSums<T> _sums = new(launcher);

    private readonly KernelParameters _tiles = KernelParameters.Of(("TILE", Tile));

    public void Turn(MatrixView<T> x, long rows, double beta, MatrixView<T> y)
    {
        if (x.Rows == 0 || x.Columns == 0)
        {
            return;
        }

        int height = Count(rows), width = Count(x.Columns / rows);
        var arguments = new Arguments { x, beta, y };
        if (Math.Min(height, width) < Tile / 2)
        {
            arguments.Add(x.Rows * x.Columns);
            arguments.Add(Divide(x.Columns));
            arguments.Add(Divide(height));
            arguments.Add(width);
            launcher.Each(Turns, "turn", x.Rows * x.Columns, arguments);
            return;
        }

        arguments.Add(x.Rows);
        arguments.Add(height);
        arguments.Add(width);
        long tiles = LaunchShape.Ceiling(height, Tile) * LaunchShape.Ceiling(width, Tile);
        launcher.Launch(
            Turns, "turn_tiles", new((int)tiles, (int)Math.Min(x.Rows, MostGroups), 1, launcher.ThreadsOfGroup), arguments, _tiles);
    }

    public void MaxPool(Patches patches, MatrixView<T> x, bool relu, MatrixView<T> y, MatrixView<T> routes) =>
        Each(MaxPools, "max_pool", patches, patches.OutWidth, y, new() { x, relu ? 1 : 0, y, routes });

    public void TakeRoutes(Patches patches, MatrixView<T> x, MatrixView<T> routes, MatrixView<T> y) =>
        Each(MaxPools, "take_routes", patches, patches.OutWidth, y, new() { x, routes, Divide(routes.Rows), y });

    public void FollowRoutes(Patches patches, MatrixView<T> y, MatrixView<T> routes, double beta, MatrixView<T> x) =>
        Each(MaxPools, "follow_routes", patches, patches.Width, x, new() { y, routes, Divide(routes.Rows), beta, x });

    public void AveragePool(Patches patches, bool countsPadding, MatrixView<T> x, MatrixView<T> y) =>
        Each(AveragePools, "average_pool", patches, patches.OutWidth, y, new() { x, countsPadding ? 1 : 0, y });

    public void AveragePoolBack(Patches patches, bool countsPadding, MatrixView<T> y, double beta, MatrixView<T> x) =>
        Each(AveragePools, "average_pool_back", patches, patches.Width, x, new() { y, countsPadding ? 1 : 0, beta, x });

    public void ScaleColumns(MatrixView<T> x, VectorView<T> scale, VectorView<T> shift, double beta, MatrixView<T> y)
    {
        bool shifts = shift.Buffer is not null;
        long elements = y.Rows * y.Columns;
        var arguments = new Arguments { x, scale, shifts ? 1 : 0, shifts ? shift : scale, beta, y, elements, Divide(y.Columns) };
        launcher.Each("image/scale_columns", "scale_columns", elements, arguments);
    }

    public void ColumnDots(MatrixView<T> x, MatrixView<T> y, double beta, VectorView<T> result) => _sums.Add(x, y, beta, result);

    /// <summary>A launch for each element of a result: adds what <c>image/windows.h</c> wants of windows.</summary>
    /// <param name="file">The kernel's file.</param>
    /// <param name="kernel">The kernel.</param>
    /// <param name="p">The windows.</param>
    /// <param name="across">Windows, or places, in a row of the result.</param>
    /// <param name="result">The result.</param>
    /// <param name="arguments">What comes before.</param>
    private void Each(string file, string kernel, Patches p, int across, MatrixView<T> result, Arguments arguments)
    {
        long elements = result.Rows * result.Columns;
        arguments.Add(elements);
        arguments.Add(Divide(result.Columns));
        arguments.Add(new Divisor(across));
        arguments.Add(new Divisor(p.Channels));
        arguments.Add(new Divisor(p.StrideY));
        arguments.Add(new Divisor(p.StrideX));
        int[] numbers = [p.Height, p.Width, p.OutHeight, p.OutWidth, p.KernelHeight, p.KernelWidth, p.Top, p.Left, p.Bottom, p.Right];
        foreach (int number in numbers)
        {
            arguments.Add(number);
        }

        launcher.Each(file, kernel, elements, arguments);
    }

    /// <summary>A divisor; where it is 0 there is nothing to divide.</summary>
    private static Divisor Divide(long by) => new(Math.Max(1, Count(by)));

    private static int Count(long number) => number <= int.MaxValue
        ? (int)number
        : throw new QuotientException($"an image has {number} values; a GPU's kernels count to {int.MaxValue}");
}
