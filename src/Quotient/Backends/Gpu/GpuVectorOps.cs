namespace Quotient.Backends.Gpu;

/// <summary>Element by element, sums of rows, and the choice of rows.</summary>
internal sealed class GpuVectorOps<T>(Launcher<T> launcher) : IVectorOps<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private const string Gather = "vector/gather";

    /// <summary>Threads of a group on a GPU that go over a row side by side where rows are few, and where they are many.</summary>
    private const int AcrossFew = 8, AcrossMany = 32;

    private readonly KernelParameters _fewRows = Across(launcher, AcrossFew), _manyRows = Across(launcher, AcrossMany);

    private readonly Dictionary<(bool OverX, bool OverY, bool Tiled), KernelParameters> _elements = [];

    private bool IsProcessor => launcher.Traits.IsProcessor;

    /// <summary>
    /// So many rows are added in one launch: a second one would take longer than the rest of a run. A GPU's groups take fewer
    /// columns then, the more threads share each.
    /// </summary>
    private int RowsOfOneStage => IsProcessor ? 256 : 1024;

    public void Map(ElementOp<T> f, double s, VectorView<T> x, VectorView<T> y, VectorView<T> z)
    {
        // What an operation does not read is given all the same, and not read by the kernel either.
        var first = f.Reads.HasFlag(Reads.X) ? x : z;
        var second = f.Reads.HasFlag(Reads.Y) ? y : z;
        launcher.Each(
            "vector/elements", f.Name, z.Length, new() { s, first, first.Length, second, z, z.Length },
            Elements((first == z, second == z, first.Length < z.Length)));
    }

    public void SumRows(MatrixView<T> x, double beta, VectorView<T> result)
    {
        if (x.Columns == 0)
        {
            return;
        }

        bool isFew = x.Rows <= RowsOfOneStage;
        long across = LaunchShape.Ceiling(x.Columns, IsProcessor ? 64 : isFew ? AcrossFew : AcrossMany);
        long runs = isFew ? 1 : Math.Clamp(launcher.Groups(x.Rows * x.Columns) / across, 1, x.Rows);
        var partial = launcher.Partials(runs > 1 ? runs * x.Columns : 1);
        launcher.Launch(
            "dense/sum_rows", "sum_rows", new((int)across, (int)runs, 1, launcher.ThreadsOfGroup),
            new() { x, x.Rows, x.Columns, partial.Buffer, beta, result }, isFew ? _fewRows : _manyRows);
        if (runs > 1)
        {
            launcher.AddPartials("round_partials", partial, runs, beta, result);
        }
    }

    public void GatherRows(MatrixView<T> x, VectorView<int> indices, MatrixView<T> y) =>
        launcher.Rows(Gather, "gather_rows", y.Rows, y.Columns, new() { x, indices, y });

    public void GatherLabels(VectorView<int> x, VectorView<int> indices, VectorView<int> y) =>
        launcher.Each(Gather, "gather_labels", y.Length, new() { x, indices, y, y.Length });

    private KernelParameters Elements((bool OverX, bool OverY, bool Tiled) way)
    {
        if (!_elements.TryGetValue(way, out var parameters))
        {
            parameters = KernelParameters.Of(
                ("OVER_X", way.OverX ? 1 : 0), ("OVER_Y", way.OverY ? 1 : 0), ("TILED", way.Tiled ? 1 : 0));
            _elements.Add(way, parameters);
        }

        return parameters;
    }

    private static KernelParameters Across(Launcher<T> launcher, int threads) => KernelParameters.Of(
        ("GROUP_SIZE", launcher.ThreadsOfGroup), ("THREADS_ACROSS", launcher.Traits.IsProcessor ? 1 : threads));
}
