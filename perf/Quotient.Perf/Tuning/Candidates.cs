using Quotient.Backends.Gpu;
using Quotient.Backends.Gpu.Products;

namespace Quotient.Perf.Tuning;

/// <summary>The tiles that are tried.</summary>
internal static class Candidates
{
    /// <summary>Tiles of <c>product/product</c> that a device has room for.</summary>
    public static IEnumerable<PlainTile> Plain(GpuTraits traits, int bytesOfElement) =>
        (traits.IsProcessor ? OfProcessor(bytesOfElement) : OfGpu()).Where(tile => Suits(tile, traits, bytesOfElement));

    /// <summary>Tiles of <c>product/product_tensor</c> that a device has room for.</summary>
    public static IEnumerable<TensorTile> Tensor(GpuTraits traits) => (
        from shape in new (int M, int N, int WarpsM, int WarpsN)[]
        {
            (128, 128, 2, 4), (128, 128, 4, 2), (128, 128, 2, 2), (128, 64, 2, 2), (128, 64, 4, 2), (64, 128, 2, 2), (64, 128, 2, 4),
            (64, 64, 2, 2), (64, 32, 2, 2), (32, 64, 1, 2), (256, 64, 4, 2), (64, 256, 2, 4),
        }
        from depth in new[] { 16, 32 }
        from stages in new[] { 2, 3, 4 }
        select new TensorTile(shape.M, shape.N, depth, shape.WarpsM, shape.WarpsN, stages)).Where(tile => Suits(tile, traits, sizeof(float)));

    /// <summary>Tiles of a kernel of <c>orthogonal/</c>.</summary>
    public static IEnumerable<BasisTile> Basis(string kernel, GpuTraits traits)
    {
        int[] elements = traits.IsProcessor ? [32, 64, 128, 256, 512, 1024] : kernel == BasisTile.Project ? [1, 2, 4] : [1, 2, 4, 8];
        return (
            from rows in new[] { 2, 4, 8, 16 }
            from count in elements
            select new BasisTile(rows, count)).Where(tile => Suits(tile, traits, sizeof(double)));
    }

    /// <summary>How elements are dealt to groups.</summary>
    public static IEnumerable<ElementsTile> Elements() =>
        from elements in new[] { 512, 1024, 2048, 4096 }
        from groups in new[] { 4, 8, 16, 32, 64 }
        select new ElementsTile(elements, groups);

    /// <summary>Groups of one thread: blocks that fill the registers, and factors for the first or the second cache.</summary>
    private static IEnumerable<PlainTile> OfProcessor(int bytesOfElement) =>
        from width in new[] { 64 / bytesOfElement }
        from block in new (int Rows, int Columns)[] { (8, 1), (12, 1), (8, 2), (12, 2), (6, 4) }
        from tile in new (int Rows, int Vectors, int Depth)[] { (24, 4, 256), (48, 8, 256), (48, 16, 128), (96, 24, 256) }
        select new PlainTile(
            tile.Rows, tile.Vectors * width, tile.Depth, block.Rows, block.Columns, width, 1, 1, 1);

    /// <summary>Groups of threads with a block of the tile each.</summary>
    private static IEnumerable<PlainTile> OfGpu() =>
        from grid in new (int ThreadsM, int ThreadsN, int Rows, int Columns)[]
        {
            (16, 16, 8, 8), (16, 16, 8, 4), (16, 16, 4, 8), (16, 16, 4, 4), (16, 8, 8, 8), (8, 16, 8, 8), (8, 8, 8, 8), (8, 8, 4, 8),
            (8, 8, 4, 4), (16, 16, 2, 2), (16, 16, 8, 1), (16, 16, 4, 1), (32, 8, 4, 2), (16, 16, 1, 8), (16, 16, 1, 4), (8, 32, 2, 4),
        }
        from depth in new[] { 8, 16, 32 }
        select new PlainTile(
            grid.ThreadsM * grid.Rows, grid.ThreadsN * grid.Columns, depth, grid.Rows, grid.Columns, 1, grid.ThreadsM, grid.ThreadsN, 2);

    private static bool Suits(KernelTile tile, GpuTraits traits, int bytesOfElement) =>
        tile.Problem is null && tile.Fits(traits, bytesOfElement);
}
