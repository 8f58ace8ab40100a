using Quotient.Backends;
using Quotient.Networks;
using Quotient.Networks.Layers;

namespace Quotient.Linearisation.Layers;

/// <summary>
/// A <see cref="Convolution"/> with the <see cref="BatchNorm"/> behind it that alone reads it, and a ReLU: one convolution, with other weights.
/// </summary>
/// <remarks>
/// For outputs alone. Derivatives are by the parameters that the network has; through the folded weights they would be of third degree, and
/// the two layers' blocks of a Hessian could not be told apart.
/// </remarks>
internal sealed class FoldedNormPasses()
    : LayerPasses([typeof(Convolution), typeof(BatchNorm)], [typeof(Convolution), typeof(BatchNorm), typeof(Relu)])
{
    public override bool ComputesOutputsAlone => true;

    public override Stage<T> Start<T>(IReadOnlyList<Layer> run, Shape input, IBackend backend) => new FoldedNormStage<T>(
        backend, (Convolution)run[0], (BatchNorm)run[1], ((Convolution)run[0]).Window.On(input), run.Count > 2);

    [ModuleInitializer]
    internal static void Register() => Register(new FoldedNormPasses());
}

/// <summary>y = σ(a ∘ s·P(x) Wᵀ + c) with a = γ/√(σ² + ε) and c = β + a ∘ (b − μ).</summary>
internal sealed class FoldedNormStage<T>(IBackend backend, Convolution layer, BatchNorm norm, Patches patches, bool relu) : Stage<T>, IDisposable
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private enum Of
    {
        Factor,
        Shift,
        Ones,
        Factors,
        Weights,
    }

    private readonly IOps<T> _ops = backend.Ops<T>();
    private readonly KernelOrders<T> _kernels = new(backend, layer);
    private readonly Rooms<T> _rooms = new(backend);
    private readonly int _out = layer.Outputs;
    private readonly long _ofOutput = patches.PatchSize;

    public override long ParameterCount => _kernels.Count + (_out * (layer.Bias ? 3L : 2));

    public override long BufferCount => 2L * _out;

    public override long ProductCost => _kernels.Count * patches.Windows;

    public override void Forward(in StepPoint<T> at)
    {
        for (int j = 0; j < at.Y.Count; j++)
        {
            var (weights, shift) = Fold(at.Theta.RowRange(at.Theta.Rows == 1 ? 0 : j, 1), at.Buffers);
            _ops.Convolution(
                patches, layer.Scale, at.X[j], weights, 0, at.Y[j].InRowsOf(_out), new Epilogue<T> { Bias = shift, Relu = relu });
        }
    }

    public override void Tangent(in StepPoint<T> at, MatrixView<T>? v, StepSignals<T> dx, MatrixBatch<T> dy) => throw Unlinear();

    public override void Adjoint(
        in StepPoint<T> at, MatrixBatch<T> adjoint, int input, in AdjointTarget<T> target, CurvatureTerm<T>? curvature) => throw Unlinear();

    public void Dispose()
    {
        _kernels.Dispose();
        _rooms.Dispose();
    }

    /// <summary>a ∘ W, by patch, and c.</summary>
    private (MatrixBatch<T> Weights, VectorView<T> Shift) Fold(MatrixView<T> theta, VectorView<T> buffers)
    {
        var (factor, shift) = (Vector(Of.Factor), Vector(Of.Shift));
        var own = theta.Row(0);
        var (gamma, beta) = (own.Slice(ParameterCount - (2 * _out), _out), own.Slice(ParameterCount - _out, _out));
        _ops.InverseRoot(buffers.Slice(_out, _out), norm.Epsilon, factor);
        _ops.Times(1, gamma, factor, factor);
        _ops.Times(-1, buffers.Slice(0, _out), factor, shift);
        _ops.Axpy(1, beta, shift);
        if (layer.Bias)
        {
            var scaled = Vector(Of.Ones);
            _ops.Times(1, own.Slice(_kernels.Count, _out), factor, scaled);
            _ops.Axpy(1, scaled, shift);
        }

        var (ones, factors, weights) = (Room(Of.Ones, 1, _ofOutput), Room(Of.Factors, _out, _ofOutput), Room(Of.Weights, _out, _ofOutput));
        _ops.Fill(ones.AsVector(), 1);
        _ops.Gemm(Transpose.No, Transpose.No, 1, factor.AsMatrix(_out, 1), ones, 0, factors);
        var byPatch = _kernels.ByPatch(_kernels.In(theta, false), KernelOf.Weights).First;
        _ops.Times(1, byPatch.AsVector(), factors.AsVector(), weights.AsVector());
        return (weights, shift);
    }

    private VectorView<T> Vector(Of of) => _rooms.Take((int)of, _out);

    private MatrixView<T> Room(Of of, long rows, long columns) => _rooms.Take((int)of, 1, rows, columns).First;
}
