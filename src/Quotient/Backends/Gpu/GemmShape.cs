namespace Quotient.Backends.Gpu;

/// <summary>The sizes of one product, or of a sum of two, and how its factors are stored.</summary>
/// <param name="Rows">Rows of C.</param>
/// <param name="Columns">Columns of C.</param>
/// <param name="Depth">The inner length of the first pair.</param>
/// <param name="SecondDepth">The inner length of the second pair, 0 without one.</param>
/// <param name="Members">Products in the batch.</param>
/// <param name="TransposeA">Whether A is stored transposed.</param>
/// <param name="TransposeB">Whether B is stored transposed.</param>
/// <param name="IsAligned">Whether every row of every factor begins on a boundary of 16 bytes.</param>
internal readonly record struct GemmShape(
    long Rows, long Columns, long Depth, long SecondDepth, int Members, bool TransposeA, bool TransposeB, bool IsAligned)
{
    /// <summary>Rows, or columns, that are few.</summary>
    public const int Narrow = 16;

    /// <summary>How the factors are stored, as a kernel's parameters.</summary>
    public KernelParameters Transpositions =>
        KernelParameters.Of(("TRANSPOSE_A", TransposeA ? 1 : 0), ("TRANSPOSE_B", TransposeB ? 1 : 0));

    /// <summary>The sort of shapes to which it belongs, on a device of some multiprocessors.</summary>
    public GemmSort SortOn(int computeUnits)
    {
        const int Side = 128;
        long squares = LaunchShape.Ceiling(Rows, Side) * LaunchShape.Ceiling(Columns, Side) * Members;
        var size = Columns <= Narrow ? GemmSize.NarrowColumns
            : Rows <= Narrow ? GemmSize.NarrowRows
            : squares >= computeUnits ? GemmSize.Large
            : GemmSize.Small;
        return new(size, TransposeA, TransposeB);
    }
}

/// <summary>How large C is.</summary>
internal enum GemmSize
{
    /// <summary>Large tiles of it occupy the whole device.</summary>
    Large,

    /// <summary>They do not.</summary>
    Small,

    /// <summary>It has few columns.</summary>
    NarrowColumns,

    /// <summary>It has few rows.</summary>
    NarrowRows,
}

/// <summary>Shapes that share a tile.</summary>
internal readonly record struct GemmSort(GemmSize Size, bool TransposeA, bool TransposeB)
{
    /// <summary>Every sort.</summary>
    public static IEnumerable<GemmSort> All { get; } =
    [
        .. from size in Enum.GetValues<GemmSize>()
           from transposeA in new[] { false, true }
           from transposeB in new[] { false, true }
           select new GemmSort(size, transposeA, transposeB),
    ];

    /// <summary>The name in <c>kernels/tuned</c>: <c>Large NT</c>.</summary>
    public string Name => $"{Size} {(TransposeA ? 'T' : 'N')}{(TransposeB ? 'T' : 'N')}";
}

/// <summary>A kernel for products, the tile of C that one of its groups computes, and what a launch needs to know.</summary>
/// <param name="Kernel">The file in a folder of <c>kernels</c>, and the kernel in it.</param>
/// <param name="Rows">TILE_M.</param>
/// <param name="Columns">TILE_N.</param>
/// <param name="Depth">TILE_K.</param>
/// <param name="Threads">Threads of a group.</param>
/// <param name="SharedBytes">Local memory beyond what the kernel declares.</param>
/// <param name="Parameters">The kernel's parameters.</param>
/// <param name="Folder">The folder.</param>
internal sealed record GemmTile(
    string Kernel, int Rows, int Columns, int Depth, int Threads, int SharedBytes, KernelParameters Parameters, string Folder = "dense")
{
    /// <summary>The kernel's file.</summary>
    public string File { get; } = $"{Folder}/{Kernel}";

    /// <summary>Tiles of one member's C.</summary>
    public long Count(in GemmShape shape) =>
        LaunchShape.Ceiling(shape.Rows, Rows) * LaunchShape.Ceiling(shape.Columns, Columns);
}

/// <summary>A tile, and to how many groups k is dealt. Depends on shape and device alone, so that equal inputs give equal bits.</summary>
internal readonly record struct GemmPlan(GemmTile Tile, int Splits)
{
    /// <summary>Elements of the work space for split sums: what the second-level cache of a GPU holds.</summary>
    private const long LargestPartial = 8 << 20;

    /// <summary>Tiles of k that are worth a group of their own.</summary>
    private const int TilesWorthGroup = 16;

    /// <summary>The plan with the tile that one of the kernels has for a shape.</summary>
    public static GemmPlan Of(in GemmShape shape, GemmTile tile, GpuTraits traits)
    {
        if (traits.IsProcessor)
        {
            return new(tile, 1);
        }

        // Few tiles of great depth leave most of a GPU idle: k is dealt until there are two groups a multiprocessor.
        long groups = tile.Count(shape) * shape.Members;
        long tiles = LaunchShape.Ceiling(shape.Depth, tile.Depth) + LaunchShape.Ceiling(shape.SecondDepth, tile.Depth);
        long wanted = Math.Min(2L * traits.ComputeUnits / Math.Max(1, groups), tiles / TilesWorthGroup);
        return new(tile, (int)Math.Max(1, Math.Min(wanted, Fitting(shape))));
    }

    /// <summary>
    /// This plan with k dealt, where memory allows, so that no group adds up more than some number of terms: the rounding of a sum
    /// grows with its length.
    /// </summary>
    public GemmPlan WithSumsOf(int most, in GemmShape shape) =>
        this with { Splits = (int)Math.Max(Splits, Math.Min(LaunchShape.Ceiling(shape.Depth, most), Fitting(shape))) };

    private static long Fitting(in GemmShape shape) => LargestPartial / Math.Max(1, shape.Rows * shape.Columns * shape.Members);
}
