using Quotient.Backends.Cpu.Products;

namespace Quotient.Backends.Cpu.Convolutions;

/// <summary>
/// How the transpose of a convolution by its weights is cut: into shares of the images, each with sums of its own as long as these are small, and
/// slices of the result. The cut depends on shapes and the number of threads alone, and so do the bits of the result.
/// </summary>
internal readonly struct WeightTiling
{
    private const int PartsPerThread = 2, DepthOfBunch = 256;
    private const long BytesOfSums = 4 << 20, BytesOfFrames = 384 << 10;

    /// <summary>Whether images lie along the vectors, because a row of the window would leave these empty.</summary>
    public bool AcrossImages { get; private init; }

    /// <summary>Shares of the images.</summary>
    public int Shares { get; private init; }

    /// <summary>Slices of the result.</summary>
    public int Slices { get; private init; }

    /// <summary>Images whose windows a tile is summed over at once.</summary>
    public nint Bunch { get; private init; }

    /// <summary>Rows of the result in a tile.</summary>
    public nint TileRows { get; private init; }

    /// <summary>Panels of columns in each row of the window.</summary>
    public nint Panels { get; private init; }

    /// <summary>The cuts of one product.</summary>
    public static WeightTiling Of<T>(in WeightProduct<T> product, Kernels<T> kernels, int threads) where T : unmanaged, IFloatingPointIeee754<T>
    {
        int size = Unsafe.SizeOf<T>(), wanted = threads > 1 && WorkerPool.IsWorthThreads(product.Operations) ? threads * PartsPerThread : 1;
        nint rows = product.Result.Rows, rowPanels = Blocking.CeilingDivide(rows, kernels.Rows);
        nint panels = Blocking.CeilingDivide(product.RowSize, kernels.Columns);
        long sums = Math.Max(1, (long)rows * product.Result.Columns * size), frame = Math.Max(1, product.FrameSize * size);
        int shares = (int)Math.Clamp(Math.Min(BytesOfSums / sums, product.Images), 1, wanted);
        if (product.RowSize <= kernels.Lanes / 2 && product.Images >= kernels.Lanes && product.HasNeighbours)
        {
            nint groups = Blocking.CeilingDivide(product.Images, kernels.Lanes);
            return new() { AcrossImages = true, Shares = (int)Math.Min(wanted, groups), Slices = 1, TileRows = Blocking.CeilingDivide(rows, rowPanels) };
        }

        return new()
        {
            Shares = shares,
            Slices = (int)Math.Min(Blocking.CeilingDivide(wanted, shares), panels * product.Patches.KernelHeight),
            Bunch = (nint)Math.Clamp(Math.Min(DepthOfBunch / Math.Max(1, product.Patches.Windows), BytesOfFrames / frame), 1, Math.Max(1, product.Images)),
            TileRows = Blocking.CeilingDivide(rows, rowPanels),
            Panels = panels,
        };
    }
}
