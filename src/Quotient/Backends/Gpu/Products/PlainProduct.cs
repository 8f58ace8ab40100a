using System.Runtime.Intrinsics;

namespace Quotient.Backends.Gpu.Products;

/// <summary><c>product/product</c>: fused multiply–adds, or counts of bits, for all shapes, in both precisions.</summary>
internal sealed class PlainProduct(GpuTraits traits, string real, TunedValues tuned) : IProductKernel
{
    public bool Supports(in ProductShape shape) => true;

    public ProductTile TileFor(in ProductShape shape)
    {
        var sort = shape.SortOn(traits.ComputeUnits);
        var key = new TunedKey(PlainTile.Kernel, real, sort.Name);
        var tile = shape.IsCounted ? Counting(traits)
            : shape.IsMixed ? Mixed(sort.Size, key.BytesOfElement, traits)
            : tuned.Find<PlainTile>(key, traits) ?? Default(sort.Size, key.BytesOfElement, traits);
        return tile.For(shape);
    }

    /// <summary>The tile for numbers where nothing better is known.</summary>
    public static PlainTile Default(ProductSize size, int bytesOfElement, GpuTraits traits)
    {
        if (traits.IsProcessor)
        {
            // A group is one thread, whose columns are two vectors, and whose tile's operands lie in the second-level cache. Of a
            // narrow C it takes no more columns than there are: what is beyond them would be filled with zeros at every step.
            bool wide = Vector512.IsHardwareAccelerated;
            int width = (wide ? 64 : 32) / bytesOfElement;
            return size == ProductSize.NarrowColumns
                ? new(64, Math.Max(ProductShape.Narrow, width), 128, wide ? 8 : 4, width < ProductShape.Narrow ? 2 : 1, width, 1, 1, 1)
                : new(64, 16 * width, 128, wide ? 8 : 4, 2, width, 1, 1, 1);
        }

        return size switch
        {
            ProductSize.NarrowColumns => new(128, 16, 16, 8, 1, 1, 16, 16, 2),
            ProductSize.NarrowRows => new(16, 128, 16, 1, 8, 1, 16, 16, 2),
            ProductSize.Large when bytesOfElement == sizeof(float) => new(128, 128, 16, 8, 8, 1, 16, 16, 2),
            _ => new(64, 64, 16, 4, 4, 1, 16, 16, 2),
        };
    }

    /// <summary>Numbers and signs: a tile has the steps of a word, or a part of it.</summary>
    private static PlainTile Mixed(ProductSize size, int bytesOfElement, GpuTraits traits) => traits.IsProcessor
        ? Default(ProductSize.Large, bytesOfElement, traits) with { TileM = 128, TileK = BitMatrix.WordBits }
        : Default(size, bytesOfElement, traits) with { Stages = 1 };

    /// <summary>
    /// Words of signs. On a GPU counting takes longer than reading: a small tile is as fast as a large one and leaves more groups.
    /// </summary>
    private static PlainTile Counting(GpuTraits traits) => traits.IsProcessor
        ? Default(ProductSize.Large, sizeof(ulong), traits) with { TileK = 64 }
        : Default(ProductSize.Small, sizeof(ulong), traits) with { TileK = 8, Stages = 1 };
}
