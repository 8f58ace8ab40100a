using Quotient.Backends;
using Quotient.Networks;
using Quotient.Networks.Layers;

namespace Quotient.Linearisation.Layers;

/// <summary>The passes of <see cref="BinaryDense"/>, with the <see cref="Sign"/> before it that nobody else reads.</summary>
internal sealed class BinaryDensePasses() : LayerPasses([typeof(BinaryDense)], [typeof(Sign), typeof(BinaryDense)])
{
    /// <remarks>The signal that comes back is masked where it is added up, so that all of it must come through the sign.</remarks>
    public override bool OwnsInput => true;

    public override bool ReadsChannelsApart => true;

    public override Stage<T> Start<T>(IReadOnlyList<Layer> run, Shape input, IBackend backend) =>
        new BinaryStage<T>(backend, (BinaryDense)run[^1], run[0] as Sign);

    [ModuleInitializer]
    internal static void Register() => Register(new BinaryDensePasses());
}

/// <summary>
/// z = s·sign(W) a with a the input, or its sign where a <see cref="Sign"/> before it is fused: then activations are bits and never
/// written as numbers. The gradient is taken at sign(W) and passes straight through the sign where |input − threshold| ≤ 1.
/// </summary>
internal sealed class BinaryStage<T>(IBackend backend, BinaryDense layer, Sign? sign) : Stage<T>, IDisposable
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly IOps<T> _ops = backend.Ops<T>();
    private readonly SignBits _weights = new(backend), _inputs = new(backend);

    public override long ParameterCount => (long)layer.Inputs * layer.Outputs;

    public override long ProductCost => ParameterCount;

    public override void Forward(in StepPoint<T> at)
    {
        var (x, y) = (at.X, at.Y);
        for (int j = 0; j < y.Count; j++)
        {
            var weights = _weights.Of(Weight(at.Theta)[j], Transpose.No, 0);
            if (sign is null)
            {
                _ops.MixedProduct(Transpose.No, layer.Scale, x[j], weights, 0, y[j]);
            }
            else
            {
                _ops.SignProduct(layer.Scale, _inputs.Of(x[j], Transpose.No, sign.Threshold), weights, y[j]);
            }
        }
    }

    public override void Tangent(in StepPoint<T> at, MatrixView<T>? v, StepSignals<T> dx, MatrixBatch<T> dy) => throw Unlinear();

    public override void Adjoint(
        in StepPoint<T> at, MatrixBatch<T> adjoint, int input, in AdjointTarget<T> target, CurvatureTerm<T>? curvature)
    {
        for (int j = 0; j < adjoint.Count; j++)
        {
            var weights = _weights.Of(Weight(at.Theta)[j], Transpose.Yes, 0);
            _ops.MixedProduct(Transpose.No, layer.Scale, adjoint[j], weights, target.Beta, target.Signal[j]);
            if (sign is not null)
            {
                // The sign has no other reader, so that all of the signal came through it.
                _ops.MaskNear(at.X[j].AsVector(), sign.Threshold, target.Signal[j].AsVector(), target.Signal[j].AsVector());
            }
        }

        target.ApplyMask(_ops);
    }

    public override void ParameterAdjoint(
        in StepPoint<T> at, MatrixBatch<T> adjoint, MatrixView<T> gradient, double beta, CurvatureTerm<T>? curvature)
    {
        for (int j = 0; j < adjoint.Count; j++)
        {
            if (sign is null)
            {
                _ops.Gemm(Transpose.Yes, Transpose.No, layer.Scale, adjoint[j], at.X[j], beta, Weight(gradient)[j]);
            }
            else
            {
                var inputs = _inputs.Of(at.X[j], Transpose.Yes, sign.Threshold);
                _ops.MixedProduct(Transpose.Yes, layer.Scale, adjoint[j], inputs, beta, Weight(gradient)[j]);
            }
        }
    }

    public void Dispose()
    {
        _weights.Dispose();
        _inputs.Dispose();
    }

    private MatrixBatch<T> Weight(MatrixView<T> block) => Matrices(block, 0, layer.Outputs, layer.Inputs);

    /// <summary>The signs of one matrix after the other, in room that grows as needed.</summary>
    private sealed class SignBits(IBackend backend) : IDisposable
    {
        private DeviceBuffer<ulong>? _words;

        /// <summary>The signs of x − threshold, or of its transpose.</summary>
        public BitMatrix Of(MatrixView<T> x, Transpose transpose, double threshold)
        {
            var (rows, columns) = transpose == Transpose.No ? (x.Rows, x.Columns) : (x.Columns, x.Rows);
            long length = rows * BitMatrix.WordsFor(columns);
            if (_words is null || _words.Length < length)
            {
                _words?.Dispose();
                _words = null;
                _words = backend.Allocate<ulong>(length);
            }

            var bits = new BitMatrix(_words, rows, columns);
            backend.Ops<T>().PackSigns(transpose, x, threshold, bits);
            return bits;
        }

        public void Dispose() => _words?.Dispose();
    }
}
