using System.Numerics;
using Quotient.Backends;

namespace Quotient.Cases.Ops;

/// <summary>A convolution, or one of its transposes.</summary>
public enum ConvolutionOperation
{
    Convolution,
    ConvolutionBack,
    ConvolutionWeights,
}

/// <summary>C ← epilogue(α·A·B + β·C), where A or B is what windows see of images, or the windows that see places.</summary>
/// <param name="operation">Which of the two it is, and which factor.</param>
/// <param name="patches">The windows, and the image.</param>
/// <param name="images">Images of a member.</param>
/// <param name="outputs">Channels of the convolution's result.</param>
public sealed class ConvolutionCase(ConvolutionOperation operation, Patches patches, int images, int outputs)
    : OpCase(operation.ToString(), $"{images} of {Describe(patches)} → {outputs}")
{
    /// <summary>The factor of the product.</summary>
    public double Alpha { get; init; } = 1;

    /// <summary>The factor of what C holds before.</summary>
    public double Beta { get; init; }

    /// <summary>What is done before storing; there is none where C is the weights.</summary>
    public GemmEpilogue Epilogue { get; init; }

    /// <summary>Whether all members have the same bias.</summary>
    public bool SharedBias { get; init; }

    /// <summary>Members of the batch.</summary>
    public int Count { get; init; } = 1;

    /// <summary>Whether all members share A, and B; of a second pair, which has the other way round, B and A.</summary>
    public bool SharedA { get; init; }

    /// <inheritdoc cref="SharedA"/>
    public bool SharedB { get; init; }

    /// <summary>Whether a second pair is added.</summary>
    public bool IsPair { get; init; }

    /// <inheritdoc/>
    public override double Operations => 2.0 * Rows * Columns * Depth * Count * (IsPair ? 2 : 1);

    private long Windows => images * patches.Windows;

    private long Rows => operation switch
    {
        ConvolutionOperation.Convolution => Windows,
        ConvolutionOperation.ConvolutionBack => images * patches.Places,
        _ => outputs,
    };

    private long Columns => operation switch
    {
        ConvolutionOperation.Convolution => outputs,
        ConvolutionOperation.ConvolutionBack => patches.Channels,
        _ => patches.PatchSize,
    };

    private long Depth => operation switch
    {
        ConvolutionOperation.Convolution => patches.PatchSize,
        ConvolutionOperation.ConvolutionBack => patches.KernelSize * outputs,
        _ => Windows,
    };

    /// <inheritdoc/>
    public override string ToString() =>
        $"{base.ToString()} α {Alpha} β {Beta} {Epilogue}{(SharedBias ? " shared" : "")}{(IsPair ? " pair" : "")} batch {Count}"
        + $"{(SharedA ? " shared A" : "")}{(SharedB ? " shared B" : "")}{(Ragged ? "" : " aligned")}";

    /// <inheritdoc/>
    public override Action Prepare<T>(OpBench<T> s)
    {
        var (a, b) = (Left(s, SharedA), Right(s, SharedB));
        var second = IsPair ? (Left(s, SharedB), Right(s, SharedA)) : ((MatrixBatch<T>, MatrixBatch<T>)?)null;
        var all = Beta == 0 ? s.Output(Rows * Count, Columns, Math.Sqrt(Depth)) : s.InOut(Rows * Count, Columns);
        var (c, epilogue) = (GemmOperands.Members(all, Count, Rows), EpilogueOf(s));
        return operation switch
        {
            ConvolutionOperation.Convolution => () => s.Ops.Convolution(patches, Alpha, a, b, Beta, c, epilogue, second),
            ConvolutionOperation.ConvolutionBack => () => s.Ops.ConvolutionBack(patches, Alpha, a, b, Beta, c, epilogue, second),
            _ => () => s.Ops.ConvolutionWeights(patches, Alpha, a, b, Beta, c, second),
        };
    }

    private MatrixBatch<T> Left<T>(OpBench<T> s, bool shared) where T : unmanaged, IFloatingPointIeee754<T> => operation switch
    {
        ConvolutionOperation.Convolution => GemmOperands.Batch(s, shared, Count, images, patches.ImageSize),
        ConvolutionOperation.ConvolutionBack => GemmOperands.Batch(s, shared, Count, images, patches.Windows * outputs),
        _ => GemmOperands.Batch(s, shared, Count, Windows, outputs),
    };

    private MatrixBatch<T> Right<T>(OpBench<T> s, bool shared) where T : unmanaged, IFloatingPointIeee754<T> => operation switch
    {
        ConvolutionOperation.Convolution => GemmOperands.Batch(s, shared, Count, outputs, patches.PatchSize),
        ConvolutionOperation.ConvolutionBack => GemmOperands.Batch(s, shared, Count, Depth, patches.Channels),
        _ => GemmOperands.Batch(s, shared, Count, images, patches.ImageSize),
    };

    private Epilogue<T> EpilogueOf<T>(OpBench<T> s) where T : unmanaged, IFloatingPointIeee754<T> =>
        operation == ConvolutionOperation.ConvolutionWeights ? default : new(
            Epilogue.HasFlag(GemmEpilogue.Bias) ? s.Input(Columns * Count).Slice(0, Columns) : default, SharedBias ? 0 : Columns,
            Epilogue.HasFlag(GemmEpilogue.Relu), Epilogue.HasFlag(GemmEpilogue.Mask) ? s.Input(Rows, Columns) : default);

    internal static string Describe(Patches p) =>
        $"{p.Channels}×{p.Height}×{p.Width}, {p.KernelHeight}×{p.KernelWidth} s{p.StrideY}×{p.StrideX} p{p.Top},{p.Left},{p.Bottom},{p.Right}";
}
