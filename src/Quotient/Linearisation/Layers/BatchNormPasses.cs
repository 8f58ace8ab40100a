using Quotient.Backends;
using Quotient.Networks;
using Quotient.Networks.Layers;

namespace Quotient.Linearisation.Layers;

/// <summary>The passes of <see cref="BatchNorm"/>, with the ReLU behind it.</summary>
internal sealed class BatchNormPasses() : LayerPasses([typeof(BatchNorm)], [typeof(BatchNorm), typeof(Relu)])
{
    public override Stage<T> Start<T>(IReadOnlyList<Layer> run, Shape input, IBackend backend) =>
        new BatchNormStage<T>(backend, (BatchNorm)run[0], input.Size / input.Channels, run.Count > 1);

    [ModuleInitializer]
    internal static void Register() => Register(new BatchNormPasses());
}

/// <summary>
/// y = σ(γ x̂ + β), x̂ = r (x − μ), r = 1/√(σ² + ε), channel by channel. x̂ is saved. With running statistics μ and r do not depend on θ: then it
/// is bilinear in γ and x. With those of the mini-batch x̂ depends on all its samples: ∂L/∂x = γ r (δ − mean δ − x̂ · mean(δ x̂)).
/// </summary>
internal sealed class BatchNormStage<T>(IBackend backend, BatchNorm layer, int places, bool relu) : Stage<T>, IDisposable
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private enum Of
    {
        Scale,
        Shift,
        Factor,
        Sum,
        Product,
    }

    private readonly IOps<T> _ops = backend.Ops<T>();
    private readonly Rooms<T> _rooms = new(backend);
    private readonly ChannelSums<T> _sums = new(backend, layer.Channels, places);
    private readonly int _channels = layer.Channels;

    public override long ParameterCount => 2L * _channels;

    public override long BufferCount => 2L * _channels;

    public override bool HasMask => relu;

    public override bool ReadsInputs => false;

    public override int SavedWidth => places * _channels;

    public override bool NeedsWholeBatch => true;

    public override SecondOrder SecondOrder => SecondOrder.Bilinear;

    public override long ProductCost => SavedWidth;

    public override void Forward(in StepPoint<T> at)
    {
        bool isRunning = at.Statistics == Statistics.Running;
        if (isRunning)
        {
            UseRunning(at.Buffers);
        }

        for (int j = 0; j < at.Y.Count; j++)
        {
            var (x, normal, y) = (OfChannels(at.X[j]), OfChannels(at.Saved[j]), OfChannels(at.Y[j]));
            if (isRunning)
            {
                _ops.ScaleColumns(x, Scale(0), Vector(Of.Shift), 0, normal);
            }
            else
            {
                UseBatch(x, normal, Scale(j), at.Statistics == Statistics.BatchAndRecord ? at.Buffers : null);
            }

            _ops.ScaleColumns(normal, Gamma(at.Theta, j), Beta(at.Theta, j), 0, y);
        }

        if (relu)
        {
            _ops.Relu(at.Y.AsVector(), at.Y.AsVector());
        }
    }

    /// <summary>dy = γ r dx + v_γ x̂ + v_β.</summary>
    public override void Tangent(in StepPoint<T> at, MatrixView<T>? v, StepSignals<T> dx, MatrixBatch<T> dy)
    {
        var factor = RunningFactor(at);
        var normal = OfChannels(at.Saved[0]);
        for (int j = 0; j < dy.Count; j++)
        {
            var target = OfChannels(dy[j]);
            if (dx[0] is { } tangent)
            {
                _ops.ScaleColumns(OfChannels(tangent[j]), factor, default, 0, target);
            }

            if (v is { } along)
            {
                _ops.ScaleColumns(normal, Gamma(along, j), Beta(along, j), dx[0] is null ? 0 : 1, target);
            }
        }

        if (relu)
        {
            _ops.Mask(at.Y.First.AsVector(), dy.AsVector(), dy.AsVector());
        }
    }

    public override void Adjoint(
        in StepPoint<T> at, MatrixBatch<T> adjoint, int input, in AdjointTarget<T> target, CurvatureTerm<T>? curvature)
    {
        VectorView<T>? running = at.Statistics == Statistics.Running ? RunningFactor(at) : null;
        for (int j = 0; j < adjoint.Count; j++)
        {
            var (d, signal) = (OfChannels(adjoint[j]), OfChannels(target.Signal[j]));
            if (running is { } factor)
            {
                _ops.ScaleColumns(d, factor, default, target.Beta, signal);
            }
            else
            {
                BatchAdjoint(at, d, j, target.Beta, signal);
            }

            if (curvature is { } term)
            {
                // The derivative of γ r δ along γ.
                _ops.Times(1, Gamma(term.V!.Value, j), Scale(0), Vector(Of.Product));
                _ops.ScaleColumns(OfChannels(term.Adjoint[0]), Vector(Of.Product), default, 1, signal);
            }
        }

        target.ApplyMask(_ops);
    }

    public override void ParameterAdjoint(
        in StepPoint<T> at, MatrixBatch<T> adjoint, MatrixView<T> gradient, double beta, CurvatureTerm<T>? curvature)
    {
        if (curvature is not null)
        {
            UseRunning(at.Buffers);
        }

        for (int j = 0; j < adjoint.Count; j++)
        {
            var d = OfChannels(adjoint[j]);
            var gamma = Gamma(gradient, j);
            _ops.ColumnDots(d, OfChannels(at.Saved[at.Saved.Count == 1 ? 0 : j]), beta, gamma);
            _ops.SumRows(d, beta, Beta(gradient, j));
            if (curvature is { } term)
            {
                // The derivative of δ x̂ along x, which is δ r dx.
                _ops.ColumnDots(OfChannels(term.Adjoint[0]), OfChannels(term.Dx.At(0)[j]), 0, Vector(Of.Sum));
                _ops.Times(1, Vector(Of.Sum), Scale(0), Vector(Of.Sum));
                _ops.Axpy(1, Vector(Of.Sum), gamma);
            }
        }
    }

    public override void Diagonal(
        in StepPoint<T> at, MatrixBatch<T> adjoint, VectorView<T> diagonal, double beta, DiagonalScratch<T> scratch)
    {
        for (int j = 0; j < adjoint.Count; j++)
        {
            double factor = j == 0 ? beta : 1;
            _sums.AddSquares(ByScale(at, adjoint[j], scratch), factor, diagonal.Slice(0, _channels));
            _sums.AddSquares(adjoint[j], factor, diagonal.Slice(_channels, _channels));
        }
    }

    public override int TraceParts(int count) => 2 * count;

    public override void Trace(in StepPoint<T> at, MatrixBatch<T> adjoint, VectorView<double> trace, DiagonalScratch<T> scratch)
    {
        for (int j = 0; j < adjoint.Count; j++)
        {
            var byScale = _sums.Of(ByScale(at, adjoint[j], scratch)).AsVector();
            _ops.Dot(byScale, byScale, trace.Slice(2 * j, 1));
            var byShift = _sums.Of(adjoint[j]).AsVector();
            _ops.Dot(byShift, byShift, trace.Slice((2 * j) + 1, 1));
        }
    }

    public void Dispose()
    {
        _rooms.Dispose();
        _sums.Dispose();
    }

    /// <summary>δ x̂, value by value.</summary>
    private MatrixView<T> ByScale(in StepPoint<T> at, MatrixView<T> adjoint, DiagonalScratch<T> scratch)
    {
        var products = scratch.Squares(adjoint.Rows, adjoint.Columns);
        _ops.Times(1, adjoint.AsVector(), at.Saved.First.AsVector(), products.AsVector());
        return products;
    }

    /// <summary>r and −r μ of the running statistics.</summary>
    private void UseRunning(VectorView<T> running)
    {
        _ops.InverseRoot(running.Slice(_channels, _channels), layer.Epsilon, Scale(0));
        _ops.Times(-1, running.Slice(0, _channels), Scale(0), Vector(Of.Shift));
    }

    /// <summary>
    /// x̂ and r of a mini-batch, by a pass for its mean and one for its variance; the running statistics move towards these. That there are two
    /// values of a channel or more is known before training begins.
    /// </summary>
    private void UseBatch(MatrixView<T> x, MatrixView<T> normal, VectorView<T> scale, VectorView<T>? running)
    {
        var (minusMean, variance, ones) = (Vector(Of.Sum), Vector(Of.Product), Vector(Of.Factor));
        _ops.Fill(ones, 1);
        _ops.SumRows(x, 0, minusMean);
        _ops.Scale(-1.0 / x.Rows, minusMean);
        _ops.ScaleColumns(x, ones, minusMean, 0, normal);
        _ops.ColumnDots(normal, normal, 0, variance);
        _ops.Scale(1.0 / x.Rows, variance);
        _ops.InverseRoot(variance, layer.Epsilon, scale);
        _ops.ScaleColumns(normal, scale, default, 0, normal);
        if (running is { } kept)
        {
            _ops.Scale(1 - layer.Momentum, kept);
            _ops.Axpy(-layer.Momentum, minusMean, kept.Slice(0, _channels));
            _ops.Axpy(layer.Momentum * x.Rows / (x.Rows - 1), variance, kept.Slice(_channels, _channels));
        }
    }

    private void BatchAdjoint(in StepPoint<T> at, MatrixView<T> d, int member, double beta, MatrixView<T> signal)
    {
        var (normal, gamma) = (OfChannels(at.Saved[member]), Gamma(at.Theta, member));
        var (factor, sum, product) = (Vector(Of.Factor), Vector(Of.Sum), Vector(Of.Product));
        _ops.Times(1, gamma, Scale(member), factor);
        _ops.SumRows(d, 0, sum);
        _ops.Times(-1.0 / d.Rows, sum, factor, sum);
        _ops.ColumnDots(d, normal, 0, product);
        _ops.Times(-1.0 / d.Rows, product, factor, product);
        _ops.ScaleColumns(d, factor, sum, beta, signal);
        _ops.ScaleColumns(normal, product, default, 1, signal);
    }

    /// <summary>γ r, with r of the running statistics.</summary>
    private VectorView<T> RunningFactor(in StepPoint<T> at)
    {
        UseRunning(at.Buffers);
        _ops.Times(1, Gamma(at.Theta, 0), Scale(0), Vector(Of.Factor));
        return Vector(Of.Factor);
    }

    /// <summary>r, of the mini-batch of each member from its forward pass to the one back.</summary>
    private VectorView<T> Scale(int member) => Vector(Of.Scale, member);

    private VectorView<T> Vector(Of of, int member = 0) => _rooms.Take((member * 8) + (int)of, _channels);

    private VectorView<T> Gamma(MatrixView<T> block, int member) => Part(block, member, 0);

    private VectorView<T> Beta(MatrixView<T> block, int member) => Part(block, member, _channels);

    private VectorView<T> Part(MatrixView<T> block, int member, long offset) => block.Row(block.Rows == 1 ? 0 : member).Slice(offset, _channels);

    private MatrixView<T> OfChannels(MatrixView<T> images) => images.InRowsOf(_channels);
}
