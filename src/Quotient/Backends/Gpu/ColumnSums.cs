namespace Quotient.Backends.Gpu;

/// <summary><c>dense/sum_rows</c>: sums over the rows of a matrix, or of its product with another element by element.</summary>
internal sealed class ColumnSums<T>(Launcher<T> launcher) where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Threads of a group on a GPU that go over a row side by side where rows are few, and where they are many.</summary>
    private const int AcrossFew = 8, AcrossMany = 32;

    private readonly KernelParameters[] _sums = Both(launcher, 0), _dots = Both(launcher, 1);

    private bool IsProcessor => launcher.Traits.IsProcessor;

    /// <summary>
    /// So many rows are added in one launch: a second one would take longer than the rest of a run. A GPU's groups take fewer
    /// columns then, the more threads share each.
    /// </summary>
    private int RowsOfOneStage => IsProcessor ? 256 : 1024;

    /// <summary>result_j ← β·result_j + Σ_i x_ij, or Σ_i x_ij·y_ij.</summary>
    public void Add(MatrixView<T> x, MatrixView<T>? y, double beta, VectorView<T> result)
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
            new() { x, y ?? x, x.Rows, x.Columns, partial.Buffer, beta, result }, (y is null ? _sums : _dots)[isFew ? 0 : 1]);
        if (runs > 1)
        {
            launcher.AddPartials("round_partials", partial, runs, beta, result);
        }
    }

    private static KernelParameters[] Both(Launcher<T> launcher, int dots) =>
        [.. new[] { AcrossFew, AcrossMany }.Select(threads => KernelParameters.Of(
            ("GROUP_SIZE", launcher.ThreadsOfGroup), ("THREADS_ACROSS", launcher.Traits.IsProcessor ? 1 : threads), ("DOTS", dots)))];
}
