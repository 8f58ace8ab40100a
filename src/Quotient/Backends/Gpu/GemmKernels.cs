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
internal sealed class PlainGemm(GpuTraits traits, int bytesOfElement) : IGemmKernel
{
    private const int Narrow = 16;

    public bool Supports(in GemmShape shape) => true;

    public GemmTile TileFor(in GemmShape shape)
    {
        if (traits.IsProcessor)
        {
            // A group is one thread, whose columns are two vectors, and whose tile's factors lie in the second-level cache.
            bool wide = Vector512.IsHardwareAccelerated;
            int width = (wide ? 64 : 32) / bytesOfElement;
            return Tile(shape, 64, 16 * width, 128, wide ? 8 : 4, 2, width, 1, 1, 1);
        }

        var large = Tile(shape, 128, 128, 16, 8, 8, 1, 16, 16, 2);
        return shape switch
        {
            { Columns: <= Narrow } => Tile(shape, 128, 16, 16, 8, 1, 1, 16, 16, 2),
            { Rows: <= Narrow } => Tile(shape, 16, 128, 16, 1, 8, 1, 16, 16, 2),
            _ when bytesOfElement == sizeof(float) && large.Count(shape) * shape.Members >= traits.ComputeUnits => large,
            _ => Tile(shape, 64, 64, 16, 4, 4, 1, 16, 16, 2),
        };
    }

    private static GemmTile Tile(
        in GemmShape shape, int rows, int columns, int depth, int threadRows, int threadColumns, int width, int threadsM, int threadsN,
        int stages) =>
        new("gemm", rows, columns, depth, threadsM * threadsN, 0, shape.Transpositions.With(
            ("TILE_M", rows), ("TILE_N", columns), ("TILE_K", depth), ("ROWS", threadRows), ("COLUMNS", threadColumns), ("WIDTH", width),
            ("THREADS_M", threadsM), ("THREADS_N", threadsN), ("STAGES", stages), ("SPAN_M", Math.Min(4, threadRows)),
            ("SPAN_N", Math.Min(4, threadColumns))));
}

/// <summary><c>dense/gemm_tensor</c>: tensor cores, for floats, from compute capability 8.0 on.</summary>
/// <param name="traits">The device.</param>
/// <param name="terms">3 for <c>tf32x3</c>, 1 for <c>tf32</c>.</param>
/// <param name="emulated">Whether a device without tensor cores computes what they would.</param>
internal sealed class TensorGemm(GpuTraits traits, int terms, bool emulated) : IGemmKernel
{
    /// <summary>The first compute capability with tensor cores for floats and with copies that no thread waits for.</summary>
    public const int FirstArchitecture = 80;

    private const int Narrowest = 32, Depth = 16, Stages = 3;

    /// <summary>Whether a device has what the kernel needs.</summary>
    public static bool IsOffered(GpuTraits traits) => traits.Architecture >= FirstArchitecture;

    public bool Supports(in GemmShape shape) => emulated || (shape.Rows >= Narrowest && shape.Columns >= Narrowest);

    public GemmTile TileFor(in GemmShape shape)
    {
        var large = Tile(shape, 128, 128, 2, 4);
        return !emulated && large.Count(shape) * shape.Members >= traits.ComputeUnits ? large : Tile(shape, 64, 64, 2, 2);
    }

    private GemmTile Tile(in GemmShape shape, int rows, int columns, int warpsM, int warpsN)
    {
        int sizeA = shape.TransposeA ? Depth * (rows + 8) : rows * (Depth + 4);
        int sizeB = shape.TransposeB ? columns * (Depth + 4) : Depth * (columns + 8);
        var parameters = shape.Transpositions.With(
            ("TILE_M", rows), ("TILE_N", columns), ("TILE_K", Depth), ("WARPS_M", warpsM), ("WARPS_N", warpsN), ("STAGES", Stages),
            ("TERMS", terms), ("ALIGNED", shape.IsAligned ? 1 : 0));
        return new(
            "gemm_tensor", rows, columns, Depth, 32 * warpsM * warpsN, Stages * (sizeA + sizeB) * sizeof(float),
            emulated ? parameters.With(("EMULATE_TENSOR", 1)) : parameters);
    }
}
