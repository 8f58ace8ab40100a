namespace Quotient.Backends.Gpu.Products;

/// <summary>One kernel of <c>kernels/product</c>, in the tiles that suit different shapes.</summary>
internal interface IProductKernel
{
    /// <summary>Whether it computes a shape, and pays for it.</summary>
    bool Supports(in ProductShape shape);

    /// <summary>The tile for a shape that it supports.</summary>
    ProductTile TileFor(in ProductShape shape);
}

/// <summary>A kernel for products, the tile of C that one of its groups computes, and what a launch needs to know.</summary>
/// <param name="Kernel">The file in <c>kernels/product</c>, and the kernel in it.</param>
/// <param name="Rows">TILE_M.</param>
/// <param name="Columns">TILE_N.</param>
/// <param name="Steps">TILE_K.</param>
/// <param name="Threads">Threads of a group.</param>
/// <param name="SharedBytes">Local memory beyond what the kernel declares.</param>
/// <param name="Parameters">The kernel's parameters.</param>
internal sealed record ProductTile(
    string Kernel, int Rows, int Columns, int Steps, int Threads, int SharedBytes, KernelParameters Parameters)
{
    /// <summary>The kernel's file.</summary>
    public string File { get; } = $"product/{Kernel}";

    /// <summary>Tiles of one member's C.</summary>
    public long Count(in ProductShape shape) =>
        LaunchShape.Ceiling(shape.Rows, Rows) * LaunchShape.Ceiling(shape.Columns, Columns);
}

/// <summary>A tile, and to how many groups k is dealt. Depends on shape and device alone, so that equal inputs give equal bits.</summary>
internal readonly record struct ProductPlan(ProductTile Tile, int Splits)
{
    /// <summary>Elements of the work space for split sums: what the second-level cache of a GPU holds.</summary>
    private const long LargestPartial = 8 << 20;

    /// <summary>Tiles of k that are worth a group of their own.</summary>
    private const int TilesWorthGroup = 16;

    /// <summary>Signed numbers, or windows, that are added up one after the other: the rounding of a sum grows with its length.</summary>
    private const int LongestSum = 4096;

    /// <summary>The plan with the tile that one of the kernels has for a shape.</summary>
    public static ProductPlan Of(in ProductShape shape, ProductTile tile, GpuTraits traits)
    {
        // Whole numbers: a product of signs is so short that no group shares its k with others.
        long wanted = shape.IsCounted || traits.IsProcessor ? 1 : Filling(shape, tile, traits);
        if (shape.IsMixed || shape.B == Reader.Patches)
        {
            wanted = Math.Max(wanted, LaunchShape.Ceiling(shape.Depth + shape.SecondDepth, LongestSum));
        }

        long fitting = LargestPartial / Math.Max(1, shape.Rows * shape.Columns * shape.Members);
        return new(tile, (int)Math.Max(1, Math.Min(wanted, fitting)));
    }

    /// <summary>Few tiles of great depth leave most of a GPU idle: k is dealt until there are two groups a multiprocessor.</summary>
    private static long Filling(in ProductShape shape, ProductTile tile, GpuTraits traits)
    {
        long groups = tile.Count(shape) * shape.Members;
        long tiles = LaunchShape.Ceiling(shape.Depth, tile.Steps) + LaunchShape.Ceiling(shape.SecondDepth, tile.Steps);
        return Math.Min(2L * traits.ComputeUnits / Math.Max(1, groups), tiles / TilesWorthGroup);
    }
}
