using Quotient.Backends.Cpu.Products;

namespace Quotient.Backends.Cpu.Convolutions;

/// <summary>
/// How a convolution is cut. The tile of a place is images by channels of the result, images down the rows of the micro-kernel and channels along
/// its vectors; or turned, where the channels would leave the vectors empty. Either way images lie side by side, in groups, so that tiles are
/// full whatever the image's size, what is outside the image costs nothing, and any stride is the same.
/// </summary>
internal readonly unsafe struct ImageTiling
{
    private const int PartsPerThread = 4, NeighboursAtOnce = 168;

    /// <summary>What turning tiles back costs beside filling vectors.</summary>
    private const double WorthTurning = 1.3;

    /// <summary>Whether channels go down the rows of a tile, and images along its vectors.</summary>
    public bool Turned { get; private init; }

    /// <summary>Images that lie side by side.</summary>
    public nint ImageWidth { get; private init; }

    /// <summary>Channels of the result whose weights lie side by side.</summary>
    public nint ChannelWidth { get; private init; }

    /// <summary>Panels of channels.</summary>
    public nint Panels { get; private init; }

    /// <summary>Groups of images.</summary>
    public int Groups { get; private init; }

    /// <summary>Parts into which the rows of a result are cut, where there are few images.</summary>
    public int Slices { get; private init; }

    /// <summary>Places whose turned tiles are finished together, where they are neighbours in memory.</summary>
    public nint Together { get; private init; }

    /// <summary>The cuts of one product.</summary>
    public static ImageTiling Of<T>(in ImageProduct<T> product, Kernels<T> kernels, int threads) where T : unmanaged, IFloatingPointIeee754<T>
    {
        bool turned = Fill(product.Images, kernels.Lanes) > WorthTurning * Fill(product.Channels, kernels.Lanes);
        nint imageLimit = turned ? kernels.Columns : kernels.Rows;
        nint channelPanels = Blocking.CeilingDivide(product.Channels, turned ? kernels.Rows : kernels.Columns);
        int groups = (int)Blocking.CeilingDivide(product.Images, imageLimit), rows = product.Directions.Vertical.Result;
        int wanted = threads > 1 && WorkerPool.IsWorthThreads(product.Operations) ? threads * PartsPerThread : 1;
        bool neighbours = product.Step.Result == product.Channels && (product.Place.Mask == null || product.Step.Mask == product.Channels);
        return new()
        {
            Turned = turned,
            Together = turned && neighbours ? Math.Max(1, NeighboursAtOnce / product.Channels) : 1,
            ImageWidth = imageLimit,
            ChannelWidth = turned ? Blocking.CeilingDivide(product.Channels, channelPanels) : kernels.Columns,
            Panels = channelPanels,
            Groups = groups,
            Slices = (int)Math.Clamp(Blocking.CeilingDivide(wanted, groups), 1, rows),
        };
    }

    /// <summary>The share of vectors that is used where <paramref name="count"/> things lie along them.</summary>
    private static double Fill(nint count, int lanes) => (double)count / (Blocking.CeilingDivide(count, lanes) * lanes);
}
