using Quotient.Backends;
using Quotient.Networks;
using Quotient.Networks.Layers;

namespace Quotient.Linearisation.Layers;

/// <summary>The passes of <see cref="Convolution"/> and <see cref="BinaryConvolution"/>, with the ReLU behind them.</summary>
internal sealed class ConvolutionPasses() : LayerPasses(
    [typeof(Convolution)], [typeof(Convolution), typeof(Relu)], [typeof(BinaryConvolution)], [typeof(BinaryConvolution), typeof(Relu)])
{
    public override Stage<T> Start<T>(IReadOnlyList<Layer> run, Shape input, IBackend backend) =>
        Start<T>(run[0], input, run.Count > 1, backend);

    /// <summary>The passes of one or the other.</summary>
    public static ConvolutionStage<T> Start<T>(Layer convolution, Shape input, bool relu, IBackend backend)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var layer = convolution is BinaryConvolution binary
            ? new(binary.Inputs, binary.Outputs, binary.Window, false, binary.Scale)
            : (Convolution)convolution;
        return new(backend, layer, layer.Window.On(input), convolution is BinaryConvolution, relu);
    }

    [ModuleInitializer]
    internal static void Register() => Register(new ConvolutionPasses());
}

/// <summary>
/// y = σ(s·P(x) Wᵀ + b) with P(x) the patches of the images and σ the identity or the ReLU that follows, fused: a <see cref="DenseStage{T}"/>
/// on patches. Binary weights enter by their signs, at which the gradient is taken.
/// </summary>
internal sealed class ConvolutionStage<T>(IBackend backend, Convolution layer, Patches patches, bool isBinary, bool relu) : Stage<T>, IDisposable
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Values of single samples' gradients that are computed at once.</summary>
    private const long GradientsAtOnce = 1 << 21;

    private readonly IOps<T> _ops = backend.Ops<T>();
    private readonly KernelOrders<T> _kernels = new(backend, layer);
    private readonly ChannelSums<T> _sums = new(backend, layer.Outputs, patches.Windows);
    private readonly int _out = layer.Outputs;

    public override long ParameterCount => _kernels.Count + (layer.Bias ? _out : 0);

    public override bool HasMask => relu;

    public override SecondOrder SecondOrder => SecondOrder.Bilinear;

    public override long ProductCost => _kernels.Count * patches.Windows;

    public override void Forward(in StepPoint<T> at) => _ops.Convolution(
        patches, layer.Scale, at.X, ByPatch(at), 0, OfWindows(at.Y), WithBias(at.Theta) with { Relu = relu });

    public override void Tangent(in StepPoint<T> at, MatrixView<T>? v, StepSignals<T> dx, MatrixBatch<T> dy)
    {
        RequireSmooth();
        var epilogue = relu ? new Epilogue<T> { Mask = at.Y.First.InRowsOf(_out) } : default;
        if (v is not { } along)
        {
            _ops.Convolution(patches, layer.Scale, dx.At(0), ByPatch(at), 0, OfWindows(dy), epilogue);
            return;
        }

        var direction = _kernels.ByPatch(_kernels.In(along, false), KernelOf.Direction);
        epilogue = WithBias(along) with { Mask = epilogue.Mask };
        _ops.Convolution(
            patches, layer.Scale, at.X, direction, 0, OfWindows(dy), epilogue, dx[0] is { } tangent ? (tangent, ByPatch(at)) : null);
    }

    public override void Adjoint(
        in StepPoint<T> at, MatrixBatch<T> adjoint, int input, in AdjointTarget<T> target, CurvatureTerm<T>? curvature)
    {
        var weights = _kernels.ByPlace(_kernels.In(at.Theta, isBinary), KernelOf.Weights);
        (MatrixBatch<T>, MatrixBatch<T>)? second = curvature is { } term
            ? (term.Adjoint, _kernels.ByPlace(_kernels.In(term.V!.Value, false), KernelOf.Direction))
            : null;
        _ops.ConvolutionBack(
            patches, layer.Scale, adjoint, weights, target.Beta, target.Signal.InRowsOf(patches.Channels),
            target.Epilogue.InRowsOf(patches.Channels), second);
        if (target.HasMasks)
        {
            target.ApplyMask(_ops);
        }
    }

    public override void ParameterAdjoint(
        in StepPoint<T> at, MatrixBatch<T> adjoint, MatrixView<T> gradient, double beta, CurvatureTerm<T>? curvature)
    {
        (MatrixBatch<T>, MatrixBatch<T>)? second = curvature is { } term ? (OfWindows(term.Adjoint), term.Dx.At(0)) : null;
        var (x, d) = (at.X, OfWindows(adjoint));
        _kernels.Collect(gradient, beta, (factor, sum) => _ops.ConvolutionWeights(patches, layer.Scale, d, x, factor, sum, second));
        for (int j = 0; layer.Bias && j < adjoint.Count; j++)
        {
            _ops.SumRows(d[j], beta, gradient.Row(j).Slice(_kernels.Count, _out));
        }
    }

    public override void Diagonal(
        in StepPoint<T> at, MatrixBatch<T> adjoint, VectorView<T> diagonal, double beta, DiagonalScratch<T> scratch)
    {
        var x = at.X.First;
        _kernels.Collect(diagonal.AsMatrix(1, diagonal.Length), beta, (factor, sum) =>
        {
            foreach (var (first, _, gradients) in Gradients(x, adjoint))
            {
                var all = gradients.AsVector();
                _ops.Times(1, all, all, all);
                _ops.SumRows(gradients, first ? factor : 1, sum.First.AsVector());
            }
        });
        if (layer.Bias)
        {
            _sums.AddSquares(adjoint, beta, diagonal.Slice(_kernels.Count, _out));
        }
    }

    public override int TraceParts(int count) => layer.Bias ? 2 * count : count;

    /// <summary>The squared norms of single samples' gradients.</summary>
    public override void Trace(in StepPoint<T> at, MatrixBatch<T> adjoint, VectorView<double> trace, DiagonalScratch<T> scratch)
    {
        long rows = at.X.First.Rows;
        var (squares, ones) = (scratch.Rows(0, rows), scratch.Rows(rows, rows));
        _ops.Fill(ones, 1);
        foreach (var (_, (factor, sample), gradients) in Gradients(at.X.First, adjoint))
        {
            _ops.RowSquares(gradients, squares.Slice(sample, gradients.Rows));
            if (sample + gradients.Rows == rows)
            {
                _ops.Dot(squares, ones, trace.Slice(factor, 1));
            }
        }

        for (int j = 0; layer.Bias && j < adjoint.Count; j++)
        {
            _ops.RowSquares(_sums.Of(adjoint[j]), squares);
            _ops.Dot(squares, ones, trace.Slice(adjoint.Count + j, 1));
        }
    }

    public void Dispose()
    {
        _kernels.Dispose();
        _sums.Dispose();
    }

    /// <summary>The gradients of single samples by the weights, by patch, a row each, for each adjoint and some samples at once.</summary>
    private IEnumerable<(bool IsFirst, (int Factor, long Sample) At, MatrixView<T> Gradients)> Gradients(MatrixView<T> x, MatrixBatch<T> adjoint)
    {
        long most = Math.Clamp(GradientsAtOnce / _kernels.Count, 1, x.Rows);
        for (int j = 0; j < adjoint.Count; j++)
        {
            var d = adjoint[j];
            for (long sample = 0; sample < x.Rows; sample += most)
            {
                int count = (int)Math.Min(most, x.Rows - sample);
                var gradients = _kernels.OfSamples((int)most) with { Count = count };
                _ops.ConvolutionWeights(
                    patches, layer.Scale, EachSample(d, sample, count).InRowsOf(_out), EachSample(x, sample, count), 0, gradients);
                yield return (j == 0 && sample == 0, (j, sample), gradients.Stacked().InRowsOf(_kernels.Count));
            }
        }
    }

    /// <summary>Some rows as a batch of a matrix each.</summary>
    private static MatrixBatch<T> EachSample(MatrixView<T> x, long first, int count) =>
        new(x.RowRange(first, 1), count, count == 1 ? 0 : x.Stride);

    private void RequireSmooth()
    {
        if (isBinary)
        {
            throw Unlinear();
        }
    }

    private MatrixBatch<T> ByPatch(in StepPoint<T> at) => _kernels.ByPatch(_kernels.In(at.Theta, isBinary), KernelOf.Weights);

    private MatrixBatch<T> OfWindows(MatrixBatch<T> y) => y.InRowsOf(_out);

    private Epilogue<T> WithBias(MatrixView<T> block) => layer.Bias
        ? new(new(block.Buffer, block.Offset + _kernels.Count, _out), block.Rows == 1 ? 0 : block.Stride, false, default)
        : default;
}
