using System.Runtime.Intrinsics;

namespace Quotient.Backends.Gpu;

/// <summary>One kernel for products, in the tiles that suit different shapes.</summary>
internal interface IGemmKernel
{
    /// <summary>Whether it computes a shape, and pays for it.</summary>
    bool Supports(in GemmShape shape);

    /// <summary>The tile for a shape that it supports.</summary>
    GemmTile TileFor(in GemmShape shape);
}

/// <summary><c>dense/gemm</c>: fused multiply–adds, for all shapes, in both precisions.</summary>
internal sealed class PlainGemm(GpuTraits traits, string real, TunedValues tuned) : IGemmKernel
{
    public bool Supports(in GemmShape shape) => true;

    public GemmTile TileFor(in GemmShape shape)
    {
        var sort = shape.SortOn(traits.ComputeUnits);
        var key = new TunedKey(PlainTile.Kernel, real, sort.Name);
        return (tuned.Find<PlainTile>(key, traits) ?? Default(sort.Size, key.BytesOfElement, traits)).For(shape);
    }

    /// <summary>The tile where nothing better is known.</summary>
    public static PlainTile Default(GemmSize size, int bytesOfElement, GpuTraits traits)
    {
        if (traits.IsProcessor)
        {
            // A group is one thread, whose columns are two vectors, and whose tile's factors lie in the second-level cache. Of a
            // narrow C it takes no more columns than there are: what is beyond them would be filled with zeros at every step.
            bool wide = Vector512.IsHardwareAccelerated;
            int width = (wide ? 64 : 32) / bytesOfElement;
            return size == GemmSize.NarrowColumns
                ? new(64, Math.Max(GemmShape.Narrow, width), 128, wide ? 8 : 4, width < GemmShape.Narrow ? 2 : 1, width, 1, 1, 1)
                : new(64, 16 * width, 128, wide ? 8 : 4, 2, width, 1, 1, 1);
        }

        return size switch
        {
            GemmSize.NarrowColumns => new(128, 16, 16, 8, 1, 1, 16, 16, 2),
            GemmSize.NarrowRows => new(16, 128, 16, 1, 8, 1, 16, 16, 2),
            GemmSize.Large when bytesOfElement == sizeof(float) => new(128, 128, 16, 8, 8, 1, 16, 16, 2),
            _ => new(64, 64, 16, 4, 4, 1, 16, 16, 2),
        };
    }
}

/// <summary><c>dense/gemm_tensor</c>: tensor cores, for floats, from compute capability 8.0 on.</summary>
/// <param name="traits">The device.</param>
/// <param name="terms">3 for <c>tf32x3</c>, 1 for <c>tf32</c>.</param>
/// <param name="emulated">Whether a device without tensor cores computes what they would.</param>
/// <param name="tuned">What the tuner found.</param>
internal sealed class TensorGemm(GpuTraits traits, int terms, bool emulated, TunedValues tuned) : IGemmKernel
{
    /// <summary>The first compute capability with tensor cores for floats and with copies that no thread waits for.</summary>
    public const int FirstArchitecture = 80;

    private const int Narrowest = 32;

    /// <summary>Whether a device has what the kernel needs.</summary>
    public static bool IsOffered(GpuTraits traits) => traits.Architecture >= FirstArchitecture;

    public bool Supports(in GemmShape shape) => emulated || (shape.Rows >= Narrowest && shape.Columns >= Narrowest);

    public GemmTile TileFor(in GemmShape shape)
    {
        var sort = shape.SortOn(traits.ComputeUnits);
        var key = new TunedKey(TensorTile.Kernel, "float", TensorTile.ShapeOf(sort, terms));
        var tile = (tuned.Find<TensorTile>(key, traits) ?? Default(emulated ? GemmSize.Small : sort.Size)).For(shape, terms);
        return emulated ? tile with { Parameters = tile.Parameters.With(("EMULATE_TENSOR", 1)) } : tile;
    }

    /// <summary>The tile where nothing better is known.</summary>
    public static TensorTile Default(GemmSize size) =>
        size == GemmSize.Large ? new(128, 128, 16, 2, 4, 3) : new(64, 64, 16, 2, 2, 3);
}
