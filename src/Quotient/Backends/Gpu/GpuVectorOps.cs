namespace Quotient.Backends.Gpu;

/// <summary>Element by element, sums of rows, and the choice of rows.</summary>
internal sealed class GpuVectorOps<T>(Launcher<T> launcher) : IVectorOps<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private const string Gather = "vector/gather";

    private readonly ColumnSums<T> _sums = new(launcher);

    private readonly Dictionary<(bool OverX, bool OverY, bool Tiled), KernelParameters> _elements = [];

    public void Map(ElementOp<T> f, double s, VectorView<T> x, VectorView<T> y, VectorView<T> z)
    {
        // What an operation does not read is given all the same, and not read by the kernel either.
        var first = f.Reads.HasFlag(Reads.X) ? x : z;
        var second = f.Reads.HasFlag(Reads.Y) ? y : z;
        launcher.Each(
            "vector/elements", f.Name, z.Length, new() { s, first, first.Length, second, z, z.Length },
            Elements((first == z, second == z, first.Length < z.Length)));
    }

    public void SumRows(MatrixView<T> x, double beta, VectorView<T> result) => _sums.Add(x, null, beta, result);

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
}
