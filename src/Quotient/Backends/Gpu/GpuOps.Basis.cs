using System.Numerics;

namespace Quotient.Backends.Gpu;

/// <summary>Products with some long rows, for re-orthogonalisation.</summary>
internal sealed partial class GpuOps<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Columns of a run that a processor's cache keeps.</summary>
    private const int ColumnsOfRun = 8192;

    /// <summary>Groups of a projection for each multiprocessor: several times what it has room for, so that few are last.</summary>
    private const int ProjectionsOfUnit = 32;

    private readonly WorkSpace<T> _rotated = new(backend);
    private readonly Dictionary<Tile, KernelParameters> _tiles = [];
    private readonly Tile _projectTile = TileOf(backend, tuned, BasisTile.Project);
    private readonly Tile _deflateTile = TileOf(backend, tuned, BasisTile.Deflate);

    private Tile RotateTile => Traits.IsProcessor ? new(4, 128, 4) : new(8, 4);

    /// <summary>Elements of a launch of a rotation, which wait to be put over the basis; the cache keeps its columns.</summary>
    private int RotatedElements => Traits.IsProcessor ? 1 << 16 : 1 << 22;

    public void Project(MatrixView<T> basis, VectorView<T> w, VectorView<double> c)
    {
        RequireSame(w.Length, basis.Columns);
        RequireSame(c.Length, basis.Rows);
        if (basis.Rows == 0)
        {
            return;
        }

        long blocks = LaunchShape.Ceiling(basis.Rows, _projectTile.Rows), runs = Runs(basis.Columns, blocks);
        var partial = _partials.Take(runs * basis.Rows);
        var arguments = default(Arguments);
        arguments.Add(basis);
        arguments.Add(basis.Rows);
        arguments.Add(basis.Columns);
        arguments.Add(w);
        arguments.AddMemory(partial);
        Launch("orthogonal/project", "project", Grid(blocks, runs), arguments, Parameters(_projectTile));
        AddPartials("add_partials", partial, runs, 0, c);
    }

    public void Deflate(MatrixView<T> basis, VectorView<double> c, VectorView<T> w)
    {
        RequireSame(w.Length, basis.Columns);
        RequireSame(c.Length, basis.Rows);
        var arguments = default(Arguments);
        arguments.Add(basis);
        arguments.Add(basis.Rows);
        arguments.Add(basis.Columns);
        arguments.Add(c);
        arguments.Add(w);
        if (basis.Columns > 0)
        {
            var grid = Grid(Tiles(basis.Columns, _deflateTile), 1);
            Launch("orthogonal/deflate", "deflate", grid, arguments, Parameters(_deflateTile));
        }
    }

    public void Rotate(MatrixView<T> basis, MatrixView<double> rotation)
    {
        RequireSame(rotation.Rows, basis.Rows);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rotation.Columns, basis.Rows, nameof(rotation));
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
        long results = rotation.Columns, width = columns.Columns, blocks = LaunchShape.Ceiling(results, RotateTile.Rows);
        var target = blocks == 1 ? columns : _rotated.Take(results * width).AsMatrix(results, width);
        var arguments = default(Arguments);
        arguments.Add(columns);
        arguments.Add(columns.Rows);
        arguments.Add(width);
        arguments.Add(rotation);
        arguments.Add(results);
        arguments.Add(target);
        Launch("orthogonal/rotate", "rotate", Grid(blocks, Tiles(width, RotateTile)), arguments, Parameters(RotateTile));
        if (blocks > 1)
        {
            Put(target, columns);
        }
    }

    /// <summary>The first rows of y ← x.</summary>
    private void Put(MatrixView<T> x, MatrixView<T> y)
    {
        var arguments = default(Arguments);
        arguments.Add(x);
        arguments.Add(y);
        arguments.Add(x.Columns);
        Launch("orthogonal/rotate", "put_rows", Grid(Groups(x.Columns), x.Rows), arguments, Parameters(RotateTile));
    }

    /// <summary>Runs of columns, each of which some blocks of rows go over.</summary>
    private long Runs(long columns, long blocks) => Traits.IsProcessor
        ? Math.Max(LaunchShape.Ceiling(columns, ColumnsOfRun), 1)
        : Math.Clamp(
            LaunchShape.Ceiling(columns, _elements.ElementsOfGroup), 1,
            LaunchShape.Ceiling((long)Traits.ComputeUnits * ProjectionsOfUnit, blocks));

    private long Tiles(long columns, Tile tile) => LaunchShape.Ceiling(columns, tile.Elements * ThreadsOfGroup);

    private LaunchShape Grid(long x, long y) => new((int)x, (int)y, 1, ThreadsOfGroup);

    private static Tile TileOf(GpuBackend backend, TunedValues tuned, string kernel)
    {
        var (rows, elements) = Tuned(backend, tuned, kernel, BasisTile.Default(kernel, backend.Gpu.Traits));
        return new(rows, elements);
    }

    private KernelParameters Parameters(Tile tile)
    {
        if (!_tiles.TryGetValue(tile, out var parameters))
        {
            parameters = KernelParameters.Of(
                ("GROUP_SIZE", ThreadsOfGroup), ("ROWS_AT_ONCE", tile.Rows), ("ELEMENTS", tile.Elements), ("DEPTH", tile.Depth));
            _tiles.Add(tile, parameters);
        }

        return parameters;
    }

    /// <summary>Rows that a thread takes at once, elements of each, and rows that a rotation adds at once.</summary>
    private readonly record struct Tile(int Rows, int Elements, int Depth = 1);
}
