namespace Quotient.Backends.Gpu.Products;

/// <summary><c>product/product_tensor</c>: tensor cores, for floats and for signs, from compute capability 8.0 on.</summary>
/// <param name="traits">The device.</param>
/// <param name="terms">Products whose sum is one of floats: 3 for <c>tf32x3</c>, 1 for <c>tf32</c>, 0 where floats do without.</param>
/// <param name="emulated">Whether a device without tensor cores computes what they would.</param>
/// <param name="tuned">What the tuner found.</param>
internal sealed class TensorProduct(GpuTraits traits, int terms, bool emulated, TunedValues tuned) : IProductKernel
{
    /// <summary>The first compute capability with tensor cores for floats and bits, and with copies that no thread waits for.</summary>
    public const int FirstArchitecture = 80;

    /// <summary>Rows, columns, and words of a row, below which tensor cores do not pay.</summary>
    private const int Narrowest = 32, FewestWords = 4;

    /// <summary>Whether a device has what the kernel needs.</summary>
    public static bool IsOffered(GpuTraits traits) => traits.Architecture >= FirstArchitecture;

    public bool Supports(in ProductShape shape) =>
        (shape.IsCounted || (!shape.IsMixed && terms > 0))
        && (emulated
            || (shape.Rows >= Narrowest && shape.Columns >= Narrowest && (!shape.IsCounted || shape.Steps >= FewestWords)));

    public ProductTile TileFor(in ProductShape shape)
    {
        var sort = shape.SortOn(traits.ComputeUnits);
        var standard = Default(emulated ? ProductSize.Small : sort.Size);
        var tile = shape.IsCounted
            ? (standard with { TileK = 8 }).For(shape, terms)
            : (tuned.Find<TensorTile>(new(TensorTile.Kernel, "float", TensorTile.ShapeOf(sort, terms)), traits) ?? standard)
                .For(shape, terms);
        return emulated ? tile with { Parameters = tile.Parameters.With(("EMULATE_TENSOR", 1)) } : tile;
    }

    /// <summary>The tile for floats where nothing better is known.</summary>
    public static TensorTile Default(ProductSize size) =>
        size == ProductSize.Large ? new(128, 128, 16, 2, 4, 3) : new(64, 64, 16, 2, 2, 3);
}
