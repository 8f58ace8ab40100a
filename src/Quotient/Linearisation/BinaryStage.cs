using System.Numerics;
using Quotient.Backends;
using Quotient.Networks;

namespace Quotient.Linearisation;

/// <summary>
/// z = s·sign(W) a with a the input, or its sign where a <see cref="Sign"/> before it is fused: then activations are bits and never
/// written as numbers. The gradient is taken at sign(W) and passes straight through the sign where |input − threshold| ≤ 1.
/// </summary>
internal sealed class BinaryStage<T>(IBackend backend, BinaryDense layer, Sign? sign) : UnlinearStage<T>, IDisposable
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly IOps<T> _ops = backend.Ops<T>();
    private readonly BitSpace _weights = new(backend), _inputs = new(backend);

    public override long ParameterCount => (long)layer.Inputs * layer.Outputs;

    public override bool HasMask => false;

    public override long ProductCost => ParameterCount;

    public override void Forward(MatrixView<T> theta, MatrixBatch<T> x, MatrixBatch<T> y)
    {
        for (int j = 0; j < y.Count; j++)
        {
            var weights = Pack(_weights, Transpose.No, Weight(theta)[j], 0);
            if (sign is null)
            {
                _ops.MixedProduct(Transpose.No, layer.Scale, x[j], weights, 0, y[j]);
            }
            else
            {
                _ops.SignProduct(layer.Scale, Pack(_inputs, Transpose.No, x[j], sign.Threshold), weights, y[j]);
            }
        }
    }

    public override void Adjoint(
        MatrixView<T> theta, MatrixBatch<T> x, MatrixBatch<T> adjoint, in AdjointTarget<T> target, CurvatureTerm<T>? curvature)
    {
        for (int j = 0; j < adjoint.Count; j++)
        {
            var weights = Pack(_weights, Transpose.Yes, Weight(theta)[j], 0);
            _ops.MixedProduct(Transpose.No, layer.Scale, adjoint[j], weights, target.Beta, target.Signal[j]);
            if (sign is not null)
            {
                // The sign has no other reader, so that all of the signal came through it.
                _ops.MaskNear(x[j].AsVector(), sign.Threshold, target.Signal[j].AsVector(), target.Signal[j].AsVector());
            }
        }

        target.ApplyMask(_ops);
    }

    public override void ParameterAdjoint(
        MatrixBatch<T> adjoint, MatrixBatch<T> x, MatrixView<T> gradient, double beta, CurvatureTerm<T>? curvature)
    {
        for (int j = 0; j < adjoint.Count; j++)
        {
            if (sign is null)
            {
                _ops.Gemm(Transpose.Yes, Transpose.No, layer.Scale, adjoint[j], x[j], beta, Weight(gradient)[j]);
            }
            else
            {
                var inputs = Pack(_inputs, Transpose.Yes, x[j], sign.Threshold);
                _ops.MixedProduct(Transpose.Yes, layer.Scale, adjoint[j], inputs, beta, Weight(gradient)[j]);
            }
        }
    }

    public void Dispose()
    {
        _weights.Dispose();
        _inputs.Dispose();
    }

    private BitMatrix Pack(BitSpace space, Transpose transpose, MatrixView<T> x, double threshold)
    {
        var (rows, columns) = transpose == Transpose.No ? (x.Rows, x.Columns) : (x.Columns, x.Rows);
        var bits = space.Take(rows, columns);
        _ops.PackSigns(transpose, x, threshold, bits);
        return bits;
    }

    private MatrixBatch<T> Weight(MatrixView<T> block) =>
        new(new(block.Buffer, block.Offset, layer.Outputs, layer.Inputs, layer.Inputs), (int)block.Rows, block.Rows == 1 ? 0 : block.Stride);

    /// <summary>Room for bits, kept and grown as needed.</summary>
    private sealed class BitSpace(IBackend backend) : IDisposable
    {
        private DeviceBuffer<ulong>? _words;

        public BitMatrix Take(long rows, long columns)
        {
            long length = rows * BitMatrix.WordsFor(columns);
            if (_words is null || _words.Length < length)
            {
                _words?.Dispose();
                _words = null;
                _words = backend.Allocate<ulong>(length);
            }

            return new(_words, rows, columns);
        }

        public void Dispose() => _words?.Dispose();
    }
}

/// <summary>y = sign(x − threshold) where no binary layer could take it in.</summary>
internal sealed class SignStage<T>(IOps<T> ops, Sign layer) : UnlinearStage<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public override long ParameterCount => 0;

    public override bool HasMask => false;

    public override long ProductCost => 0;

    public override void Forward(MatrixView<T> theta, MatrixBatch<T> x, MatrixBatch<T> y) =>
        EachMember(x, y, (from, to) => ops.Sign(from, layer.Threshold, to));

    public override void Adjoint(
        MatrixView<T> theta, MatrixBatch<T> x, MatrixBatch<T> adjoint, in AdjointTarget<T> target, CurvatureTerm<T>? curvature)
    {
        ops.MaskNear(x.AsVector(), layer.Threshold, adjoint.AsVector(), adjoint.AsVector());
        target.Take(ops, adjoint);
    }

    public override void ParameterAdjoint(
        MatrixBatch<T> adjoint, MatrixBatch<T> x, MatrixView<T> gradient, double beta, CurvatureTerm<T>? curvature)
    {
        // No parameters.
    }
}

/// <summary>A stage that has gradients of a kind, passed straight through, but no derivative: its loss is piecewise constant.</summary>
internal abstract class UnlinearStage<T> : Stage<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public override void Tangent(
        MatrixView<T> theta, MatrixView<T>? v, MatrixBatch<T> x, MatrixBatch<T>? dx, MatrixBatch<T> y, MatrixBatch<T> dy) =>
        throw Unlinear();

    public override void Diagonal(
        MatrixBatch<T> adjoint, MatrixBatch<T> x, VectorView<T> diagonal, double beta, DiagonalScratch<T> scratch) => throw Unlinear();

    public override void Trace(MatrixBatch<T> adjoint, MatrixBatch<T> x, VectorView<double> trace, DiagonalScratch<T> scratch) =>
        throw Unlinear();

    public override int TraceParts(int count) => ParameterCount == 0 ? 0 : throw Unlinear();

    private static InvalidOperationException Unlinear() => new("A network of signs has no derivatives; linearise its surrogate.");
}
