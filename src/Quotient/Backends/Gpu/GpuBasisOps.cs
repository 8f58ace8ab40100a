namespace Quotient.Backends.Gpu;

/// <summary>Inner products, and products with some long rows, for re-orthogonalisation.</summary>
internal sealed class GpuBasisOps<T>(Launcher<T> launcher, TunedValues tuned) : IBasisOps<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Columns of a run that a processor's cache keeps.</summary>
    private const int ColumnsOfRun = 8192;

    /// <summary>Groups of a projection for each multiprocessor: several times what it has room for, so that few are last.</summary>
    private const int ProjectionsOfUnit = 32;

    private readonly WorkSpace<T> _rotated = new(launcher.Backend);
    private readonly Tile _project = TileOf(launcher, tuned, BasisTile.Project);
    private readonly Tile _deflate = TileOf(launcher, tuned, BasisTile.Deflate);
    private readonly Tile _rotate = launcher.Traits.IsProcessor ? new(launcher, 4, 128, 4) : new(launcher, 8, 4);

    private GpuTraits Traits => launcher.Traits;

    /// <summary>Elements of a launch of a rotation, which wait to be put over the basis; the cache keeps its columns.</summary>
    private int RotatedElements => Traits.IsProcessor ? 1 << 16 : 1 << 22;

    public void Dot(VectorView<T> x, VectorView<T> y, VectorView<double> result) =>
        launcher.SumOverElements("dot", x.Length, new() { x, y, x.Length }, result.Slice(0, 1));

    public void DivideByRoot(VectorView<T> x, VectorView<double> s, VectorView<T> y) =>
        launcher.Each("vector/divide_by_root", "divide_by_root", x.Length, new() { x, s, y, x.Length });

    public void RowSquares(MatrixView<T> x, VectorView<T> result) =>
        launcher.Rows("dense/sum_rows", "row_squares", x.Rows, x.Columns, new() { x, result });

    public void Project(MatrixView<T> basis, VectorView<T> w, VectorView<double> c)
    {
        if (basis.Rows == 0)
        {
            return;
        }

        long blocks = LaunchShape.Ceiling(basis.Rows, _project.Rows), runs = Runs(basis.Columns, blocks);
        var partial = launcher.Partials(runs * basis.Rows);
        launcher.Launch(
            "orthogonal/project", "project", Grid(blocks, runs), new() { basis, basis.Rows, basis.Columns, w, partial.Buffer },
            _project.Parameters);
        launcher.AddPartials("add_partials", partial, runs, 0, c);
    }

    public void Deflate(MatrixView<T> basis, VectorView<double> c, VectorView<T> w)
    {
        if (basis.Columns > 0)
        {
            launcher.Launch(
                "orthogonal/deflate", "deflate", Grid(Tiles(basis.Columns, _deflate), 1),
                new() { basis, basis.Rows, basis.Columns, c, w }, _deflate.Parameters);
        }
    }

    public void Rotate(MatrixView<T> basis, MatrixView<double> rotation)
    {
        if (rotation.Columns == 0)
        {
            return;
        }

        long step = Math.Max(RotatedElements / rotation.Columns, 1);
        for (long start = 0; start < basis.Columns; start += step)
        {
            long columns = Math.Min(step, basis.Columns - start);
            RotateColumns(basis with { Offset = basis.Offset + start, Columns = columns }, rotation);
        }
    }

    /// <summary>The rotation of some columns; the rows of one tile go straight over them, more by way of work space.</summary>
    private void RotateColumns(MatrixView<T> columns, MatrixView<double> rotation)
    {
        const string File = "orthogonal/rotate";
        long results = rotation.Columns, width = columns.Columns, blocks = LaunchShape.Ceiling(results, _rotate.Rows);
        var target = blocks == 1 ? columns : _rotated.Take(results * width).AsMatrix(results, width);
        launcher.Launch(
            File, "rotate", Grid(blocks, Tiles(width, _rotate)), new() { columns, columns.Rows, width, rotation, results, target },
            _rotate.Parameters);
        if (blocks > 1)
        {
            launcher.Launch(
                File, "put_rows", Grid(launcher.Groups(width), results), new() { target, columns, width }, _rotate.Parameters);
        }
    }

    /// <summary>Runs of columns, each of which some blocks of rows go over.</summary>
    private long Runs(long columns, long blocks) => Traits.IsProcessor
        ? Math.Max(LaunchShape.Ceiling(columns, ColumnsOfRun), 1)
        : Math.Clamp(
            LaunchShape.Ceiling(columns, launcher.ElementsOfGroup), 1,
            LaunchShape.Ceiling((long)Traits.ComputeUnits * ProjectionsOfUnit, blocks));

    private long Tiles(long columns, Tile tile) => LaunchShape.Ceiling(columns, tile.Elements * launcher.ThreadsOfGroup);

    private LaunchShape Grid(long x, long y) => new((int)x, (int)y, 1, launcher.ThreadsOfGroup);

    private static Tile TileOf(Launcher<T> launcher, TunedValues tuned, string kernel)
    {
        var traits = launcher.Traits;
        var (rows, elements) = tuned.Find<BasisTile>(TunedKey.Of<T>(kernel), traits) ?? BasisTile.Default(kernel, traits);
        return new(launcher, rows, elements);
    }

    /// <summary>Rows that a thread takes at once, elements of each, and rows that a rotation adds at once.</summary>
    private sealed class Tile(Launcher<T> launcher, int rows, int elements, int depth = 1)
    {
        public int Rows { get; } = rows;

        public int Elements { get; } = elements;

        public KernelParameters Parameters { get; } = KernelParameters.Of(
            ("GROUP_SIZE", launcher.ThreadsOfGroup), ("ROWS_AT_ONCE", rows), ("ELEMENTS", elements), ("DEPTH", depth));
    }
}
