using System.Numerics;
using Quotient.Backends;
using Quotient.Networks;

namespace Quotient.Linearisation;

/// <summary>y = σ(s·x Wᵀ + b) with σ the identity or the ReLU that follows, fused.</summary>
internal sealed class DenseStage<T>(IOps<T> ops, Dense layer, bool relu) : Stage<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly int _in = layer.Inputs, _out = layer.Outputs;
    private readonly double _scale = layer.Scale;
    private readonly long _weights = (long)layer.Inputs * layer.Outputs;

    public override long ParameterCount => _weights + (layer.Bias ? _out : 0);

    public override bool HasMask => relu;

    public override long ProductCost => _weights;

    public override void Forward(MatrixView<T> theta, MatrixBatch<T> x, MatrixBatch<T> y) =>
        ops.Gemm(Transpose.No, Transpose.Yes, _scale, x, Weight(theta), 0, y, WithBias(theta) with { Relu = relu });

    public override void Tangent(
        MatrixView<T> theta, MatrixView<T>? v, MatrixBatch<T> x, MatrixBatch<T>? dx, MatrixBatch<T> y, MatrixBatch<T> dy)
    {
        var epilogue = relu ? new Epilogue<T> { Mask = y.First } : default;
        if (v is not { } along)
        {
            ops.Gemm(Transpose.No, Transpose.Yes, _scale, dx!.Value, Weight(theta), 0, dy, epilogue);
            return;
        }

        epilogue = WithBias(along) with { Mask = epilogue.Mask };
        if (dx is { } tangent)
        {
            ops.GemmPair(Transpose.No, Transpose.Yes, _scale, x, Weight(along), tangent, Weight(theta), 0, dy, epilogue);
        }
        else
        {
            ops.Gemm(Transpose.No, Transpose.Yes, _scale, x, Weight(along), 0, dy, epilogue);
        }
    }

    public override void Adjoint(
        MatrixView<T> theta, MatrixBatch<T> x, MatrixBatch<T> adjoint, in AdjointTarget<T> target, CurvatureTerm<T>? curvature)
    {
        if (curvature is { } term)
        {
            ops.GemmPair(
                Transpose.No, Transpose.No, _scale, adjoint, Weight(theta), term.Adjoint, Weight(term.V), target.Beta, target.Signal,
                target.Epilogue);
        }
        else
        {
            ops.Gemm(Transpose.No, Transpose.No, _scale, adjoint, Weight(theta), target.Beta, target.Signal, target.Epilogue);
        }

        if (target.HasMasks)
        {
            target.ApplyMask(ops);
        }
    }

    public override void ParameterAdjoint(
        MatrixBatch<T> adjoint, MatrixBatch<T> x, MatrixView<T> gradient, double beta, CurvatureTerm<T>? curvature)
    {
        if (curvature is { } term)
        {
            ops.GemmPair(Transpose.Yes, Transpose.No, _scale, adjoint, x, term.Adjoint, term.Dx, beta, Weight(gradient));
        }
        else
        {
            ops.Gemm(Transpose.Yes, Transpose.No, _scale, adjoint, x, beta, Weight(gradient));
        }

        for (int j = 0; layer.Bias && j < adjoint.Count; j++)
        {
            ops.SumRows(adjoint[j], beta, gradient.Row(j).Slice(_weights, _out));
        }
    }

    public override void Diagonal(
        MatrixBatch<T> adjoint, MatrixBatch<T> x, VectorView<T> diagonal, double beta, DiagonalScratch<T> scratch)
    {
        long rows = x.First.Rows;
        var squares = scratch.Squares(rows, _out);
        var inputs = scratch.Inputs(rows, _in);
        ops.Fill(squares.AsVector(), 0);
        for (int j = 0; j < adjoint.Count; j++)
        {
            ops.AddSquares(adjoint[j].AsVector(), squares.AsVector());
        }

        ops.Fill(inputs.AsVector(), 0);
        ops.AddSquares(x.First.AsVector(), inputs.AsVector());
        ops.Gemm(Transpose.Yes, Transpose.No, _scale * _scale, squares, inputs, beta, diagonal.Slice(0, _weights).AsMatrix(_out, _in));
        if (layer.Bias)
        {
            ops.SumRows(squares, beta, diagonal.Slice(_weights, _out));
        }
    }

    public override int TraceParts(int count) => layer.Bias ? 2 * count : count;

    /// <summary>Σ_n ‖δ_n‖²·(s²‖x_n‖² + 1): no product of matrices at all.</summary>
    public override void Trace(MatrixBatch<T> adjoint, MatrixBatch<T> x, VectorView<double> trace, DiagonalScratch<T> scratch)
    {
        long rows = x.First.Rows;
        var inputs = scratch.Rows(0, rows);
        ops.RowSquares(x.First, inputs);
        if (_scale != 1)
        {
            ops.Scale(_scale * _scale, inputs);
        }

        for (int j = 0; j < adjoint.Count; j++)
        {
            var squares = scratch.Rows(rows, rows);
            ops.RowSquares(adjoint[j], squares);
            ops.Dot(squares, inputs, trace.Slice(j, 1));
            if (layer.Bias)
            {
                var matrix = adjoint[j].AsVector();
                ops.Dot(matrix, matrix, trace.Slice(adjoint.Count + j, 1));
            }
        }
    }

    private MatrixBatch<T> Weight(MatrixView<T> block) =>
        new(new(block.Buffer, block.Offset, _out, _in, _in), (int)block.Rows, block.Rows == 1 ? 0 : block.Stride);

    private Epilogue<T> WithBias(MatrixView<T> block) => layer.Bias
        ? new(new(block.Buffer, block.Offset + _weights, _out), block.Rows == 1 ? 0 : block.Stride, false, default)
        : default;
}
