namespace Quotient.Backends.Gpu;

/// <summary>The sizes of one product, or of a sum of two, and how its factors are stored.</summary>
/// <param name="Rows">Rows of C.</param>
/// <param name="Columns">Columns of C.</param>
/// <param name="Depth">The inner length of the first pair.</param>
/// <param name="SecondDepth">The inner length of the second pair, 0 without one.</param>
/// <param name="Members">Products in the batch.</param>
/// <param name="TransposeA">Whether A is stored transposed.</param>
/// <param name="TransposeB">Whether B is stored transposed.</param>
internal readonly record struct GemmShape(
    long Rows, long Columns, long Depth, long SecondDepth, int Members, bool TransposeA, bool TransposeB)
{
    /// <summary>Steps of k in all.</summary>
    public long Steps => Depth + SecondDepth;
}

/// <summary>How a group computes a tile of C: the parameters of <c>dense/gemm.cl</c>.</summary>
/// <param name="Rows">TILE_M.</param>
/// <param name="Columns">TILE_N.</param>
/// <param name="Depth">TILE_K.</param>
/// <param name="ThreadRows">ROWS.</param>
/// <param name="ThreadColumns">COLUMNS, in vectors.</param>
/// <param name="Width">WIDTH: elements of a vector.</param>
/// <param name="ThreadsM">THREADS_M.</param>
/// <param name="ThreadsN">THREADS_N.</param>
/// <param name="Stages">STAGES.</param>
internal sealed record GemmTile(
    int Rows, int Columns, int Depth, int ThreadRows, int ThreadColumns, int Width, int ThreadsM, int ThreadsN, int Stages)
{
    /// <summary>Threads of a group.</summary>
    public int Threads => ThreadsM * ThreadsN;

    /// <summary>The tile as defines.</summary>
    public KernelParameters Parameters(bool transposeA, bool transposeB) => KernelParameters.Of(
        ("TRANSPOSE_A", transposeA ? 1 : 0), ("TRANSPOSE_B", transposeB ? 1 : 0), ("TILE_M", Rows), ("TILE_N", Columns), ("TILE_K", Depth),
        ("ROWS", ThreadRows), ("COLUMNS", ThreadColumns), ("WIDTH", Width), ("THREADS_M", ThreadsM), ("THREADS_N", ThreadsN),
        ("STAGES", Stages), ("SPAN_M", Math.Min(4, ThreadRows)), ("SPAN_N", Math.Min(4, ThreadColumns)));

    /// <summary>Tiles of one member's C.</summary>
    public long Count(in GemmShape shape) => CeilingDivide(shape.Rows, Rows) * CeilingDivide(shape.Columns, Columns);

    internal static long CeilingDivide(long value, long by) => (value + by - 1) / by;
}

/// <summary>A tile, and to how many groups k is dealt.</summary>
internal readonly record struct GemmPlan(GemmTile Tile, int Splits)
{
    /// <summary>Work space of split sums: what the second-level cache of a GPU holds.</summary>
    private const long LargestPartial = 8 << 20;

    private static readonly GemmTile Large = new(128, 128, 16, 8, 8, 1, 16, 16, 2);
    private static readonly GemmTile Medium = new(64, 64, 16, 4, 4, 1, 16, 16, 2);
    private static readonly GemmTile Tall = new(128, 16, 16, 8, 1, 1, 16, 16, 2);
    private static readonly GemmTile Wide = new(16, 128, 16, 1, 8, 1, 16, 16, 2);

    /// <summary>The plan for a product on a device; depends on nothing else, so that equal inputs give equal bits.</summary>
    public static GemmPlan Of(in GemmShape shape, GpuTraits traits, int bytesOfElement)
    {
        if (traits.IsProcessor)
        {
            return new(OfProcessor(bytesOfElement), 1);
        }

        var tile = shape switch
        {
            { Columns: <= 16 } => Tall,
            { Rows: <= 16 } => Wide,
            _ => Large.Count(shape) * shape.Members >= traits.ComputeUnits && bytesOfElement == 4 ? Large : Medium,
        };
        return new(tile, SplitsOf(shape, tile, traits));
    }

    /// <summary>Few tiles of great depth leave most of a GPU idle: k is dealt until there are two groups a multiprocessor.</summary>
    private static int SplitsOf(in GemmShape shape, GemmTile tile, GpuTraits traits)
    {
        const int StepsWorthGroup = 16;
        long groups = tile.Count(shape) * shape.Members, steps = GemmTile.CeilingDivide(shape.Steps, tile.Depth);
        long wanted = Math.Min(2L * traits.ComputeUnits / Math.Max(1, groups), steps / StepsWorthGroup);
        long fitting = LargestPartial / Math.Max(1, shape.Rows * shape.Columns * shape.Members);
        return (int)Math.Max(1, Math.Min(wanted, fitting));
    }

    /// <summary>A group of one thread, whose columns are two vectors, and whose tile's factors lie in the second-level cache.</summary>
    private static GemmTile OfProcessor(int bytesOfElement)
    {
        bool wide = System.Runtime.Intrinsics.Vector512.IsHardwareAccelerated;
        int width = (wide ? 64 : 32) / bytesOfElement;
        return new(64, 16 * width, 128, wide ? 8 : 4, 2, width, 1, 1, 1);
    }
}
