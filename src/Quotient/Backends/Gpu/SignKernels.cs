using System.Runtime.Intrinsics;

namespace Quotient.Backends.Gpu;

/// <summary><c>binary/sign_product</c>: bits counted word by word, for all shapes, whose depth is in words.</summary>
internal sealed class PlainSignProduct(GpuTraits traits) : IGemmKernel
{
    /// <summary>Words that a vector of a processor holds.</summary>
    private static readonly int Width = Vector512.IsHardwareAccelerated ? 8 : 4;

    // A group of one thread has columns of two vectors. On a GPU counting takes longer than bringing the words, so that a small tile
    // is as fast as a large one and leaves more groups.
    private readonly GemmTile _tile = traits.IsProcessor
        ? Tile(64, 16 * Width, 64, Vector512.IsHardwareAccelerated ? 8 : 4, 2, Width, 1, 1)
        : Tile(64, 64, 16, 4, 4, 1, 16, 16);

    public bool Supports(in GemmShape shape) => true;

    public GemmTile TileFor(in GemmShape shape) => _tile;

    private static GemmTile Tile(
        int rows, int columns, int depth, int threadRows, int threadColumns, int width, int threadsM, int threadsN) =>
        new("sign_product", rows, columns, depth, threadsM * threadsN, 0, KernelParameters.Of(
            ("TILE_M", rows), ("TILE_N", columns), ("TILE_K", depth), ("ROWS", threadRows), ("COLUMNS", threadColumns),
            ("WIDTH", width), ("THREADS_M", threadsM), ("THREADS_N", threadsN)), "binary");
}

/// <summary><c>binary/sign_product_tensor</c>: bits counted by tensor cores, from compute capability 8.0 on.</summary>
/// <param name="traits">The device.</param>
/// <param name="emulated">Whether a device without tensor cores computes what they would.</param>
internal sealed class TensorSignProduct(GpuTraits traits, bool emulated) : IGemmKernel
{
    public const string Kernel = "sign_product_tensor";

    /// <summary>The first compute capability whose tensor cores count the bits of <c>and</c>.</summary>
    private const int FirstArchitecture = 80;

    private const int Narrowest = 32, Shallowest = 4, Depth = 8, Stages = 3;

    private readonly GemmTile _large = Tile(128, 128, 2, 4, emulated), _small = Tile(64, 64, 2, 2, emulated);

    /// <summary>Whether a device has what the kernel needs.</summary>
    public static bool IsOffered(GpuTraits traits) => traits.Architecture >= FirstArchitecture;

    public bool Supports(in GemmShape shape) =>
        emulated || (shape.Rows >= Narrowest && shape.Columns >= Narrowest && shape.Depth >= Shallowest);

    public GemmTile TileFor(in GemmShape shape) =>
        !emulated && _large.Count(shape) >= traits.ComputeUnits ? _large : _small;

    private static GemmTile Tile(int rows, int columns, int warpsM, int warpsN, bool emulated)
    {
        var parameters = KernelParameters.Of(
            ("TILE_M", rows), ("TILE_N", columns), ("TILE_K", Depth), ("WARPS_M", warpsM), ("WARPS_N", warpsN), ("STAGES", Stages));
        return new(
            Kernel, rows, columns, Depth, 32 * warpsM * warpsN, Stages * (rows + columns) * (Depth + 2) * sizeof(ulong),
            emulated ? parameters.With(("EMULATE_TENSOR", 1)) : parameters, "binary");
    }
}

/// <summary><c>binary/mixed_product</c>: sums and differences of numbers as signs say.</summary>
internal sealed class MixedProductKernel(GpuTraits traits, int bytesOfElement) : IGemmKernel
{
    private const int Narrow = 16;

    public bool Supports(in GemmShape shape) => true;

    public GemmTile TileFor(in GemmShape shape)
    {
        if (traits.IsProcessor)
        {
            // A group is one thread, whose columns are two vectors.
            bool wide = Vector512.IsHardwareAccelerated;
            int width = (wide ? 64 : 32) / bytesOfElement;
            return Tile(shape, 128, 16 * width, BitMatrix.WordBits, wide ? 8 : 4, 2, width, 1, 1);
        }

        var large = Tile(shape, 128, 128, 16, 8, 8, 1, 16, 16);
        return shape switch
        {
            { Columns: <= Narrow } => Tile(shape, 128, 16, 16, 8, 1, 1, 16, 16),
            { Rows: <= Narrow } => Tile(shape, 16, 128, 16, 1, 8, 1, 16, 16),
            _ when bytesOfElement == sizeof(float) && large.Count(shape) >= traits.ComputeUnits => large,
            _ => Tile(shape, 64, 64, 16, 4, 4, 1, 16, 16),
        };
    }

    private static GemmTile Tile(
        in GemmShape shape, int rows, int columns, int depth, int threadRows, int threadColumns, int width, int threadsM, int threadsN) =>
        new("mixed_product", rows, columns, depth, threadsM * threadsN, 0, KernelParameters.Of(
            ("TRANSPOSE", shape.TransposeA ? 1 : 0), ("TILE_M", rows), ("TILE_N", columns), ("TILE_K", depth), ("ROWS", threadRows),
            ("COLUMNS", threadColumns), ("WIDTH", width), ("THREADS_M", threadsM), ("THREADS_N", threadsN),
            ("SPAN_M", Math.Min(4, threadRows)), ("SPAN_N", Math.Min(4, threadColumns))), "binary");
}
