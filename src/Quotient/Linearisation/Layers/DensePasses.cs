using Quotient.Backends;
using Quotient.Networks;
using Quotient.Networks.Layers;

namespace Quotient.Linearisation.Layers;

/// <summary>The passes of <see cref="Dense"/>, with the ReLU behind it.</summary>
internal sealed class DensePasses() : LayerPasses([typeof(Dense)], [typeof(Dense), typeof(Relu)])
{
    public override bool ReadsChannelsApart => true;

    public override Stage<T> Start<T>(IReadOnlyList<Layer> run, Shape input, IBackend backend) =>
        new DenseStage<T>(backend.Ops<T>(), (Dense)run[0], run.Count > 1);

    [ModuleInitializer]
    internal static void Register() => Register(new DensePasses());
}

/// <summary>
/// y = σ(s·x Wᵀ + b) with σ the identity or the ReLU that follows, fused. Where the layer's weight lies as inputs × outputs, products take it
/// the other way round.
/// </summary>
internal sealed class DenseStage<T>(IOps<T> ops, Dense layer, bool relu) : Stage<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly int _in = layer.Inputs, _out = layer.Outputs;
    private readonly double _scale = layer.Scale;
    private readonly Transpose _toOutputs = layer.InputsFirst ? Transpose.No : Transpose.Yes;
    private readonly Transpose _toInputs = layer.InputsFirst ? Transpose.Yes : Transpose.No;
    private readonly long _weights = (long)layer.Inputs * layer.Outputs;

    public override long ParameterCount => _weights + (layer.Bias ? _out : 0);

    public override bool HasMask => relu;

    public override SecondOrder SecondOrder => SecondOrder.Bilinear;

    public override long ProductCost => _weights;

    public override void Forward(in StepPoint<T> at) =>
        ops.Gemm(Transpose.No, _toOutputs, _scale, at.X, Weight(at.Theta), 0, at.Y, WithBias(at.Theta) with { Relu = relu });

    public override void Tangent(in StepPoint<T> at, MatrixView<T>? v, StepSignals<T> dx, MatrixBatch<T> dy)
    {
        var epilogue = relu ? new Epilogue<T> { Mask = at.Y.First } : default;
        if (v is not { } along)
        {
            ops.Gemm(Transpose.No, _toOutputs, _scale, dx.At(0), Weight(at.Theta), 0, dy, epilogue);
            return;
        }

        epilogue = WithBias(along) with { Mask = epilogue.Mask };
        if (dx[0] is { } tangent)
        {
            ops.GemmPair(Transpose.No, _toOutputs, _scale, at.X, Weight(along), tangent, Weight(at.Theta), 0, dy, epilogue);
        }
        else
        {
            ops.Gemm(Transpose.No, _toOutputs, _scale, at.X, Weight(along), 0, dy, epilogue);
        }
    }

    public override void Adjoint(
        in StepPoint<T> at, MatrixBatch<T> adjoint, int input, in AdjointTarget<T> target, CurvatureTerm<T>? curvature)
    {
        if (curvature is { } term)
        {
            ops.GemmPair(
                Transpose.No, _toInputs, _scale, adjoint, Weight(at.Theta), term.Adjoint, Weight(term.V!.Value), target.Beta, target.Signal,
                target.Epilogue);
        }
        else
        {
            ops.Gemm(Transpose.No, _toInputs, _scale, adjoint, Weight(at.Theta), target.Beta, target.Signal, target.Epilogue);
        }

        if (target.HasMasks)
        {
            target.ApplyMask(ops);
        }
    }

    public override void ParameterAdjoint(
        in StepPoint<T> at, MatrixBatch<T> adjoint, MatrixView<T> gradient, double beta, CurvatureTerm<T>? curvature)
    {
        var (left, right) = InWeightsOrder(adjoint, at.X);
        if (curvature is { } term)
        {
            var (secondLeft, secondRight) = InWeightsOrder(term.Adjoint, term.Dx.At(0));
            ops.GemmPair(Transpose.Yes, Transpose.No, _scale, left, right, secondLeft, secondRight, beta, Weight(gradient));
        }
        else
        {
            ops.Gemm(Transpose.Yes, Transpose.No, _scale, left, right, beta, Weight(gradient));
        }

        for (int j = 0; layer.Bias && j < adjoint.Count; j++)
        {
            ops.SumRows(adjoint[j], beta, gradient.Row(j).Slice(_weights, _out));
        }
    }

    public override void Diagonal(
        in StepPoint<T> at, MatrixBatch<T> adjoint, VectorView<T> diagonal, double beta, DiagonalScratch<T> scratch)
    {
        long rows = at.X.First.Rows;
        var squares = scratch.Squares(rows, _out);
        var inputs = scratch.Inputs(rows, _in);
        ops.Fill(squares.AsVector(), 0);
        for (int j = 0; j < adjoint.Count; j++)
        {
            ops.AddSquares(adjoint[j].AsVector(), squares.AsVector());
        }

        ops.Fill(inputs.AsVector(), 0);
        ops.AddSquares(at.X.First.AsVector(), inputs.AsVector());
        var (left, right) = InWeightsOrder(squares, inputs);
        ops.Gemm(Transpose.Yes, Transpose.No, _scale * _scale, left, right, beta, Weight(diagonal.AsMatrix(1, diagonal.Length)).First);
        if (layer.Bias)
        {
            ops.SumRows(squares, beta, diagonal.Slice(_weights, _out));
        }
    }

    public override int TraceParts(int count) => layer.Bias ? 2 * count : count;

    /// <summary>Σ_n ‖δ_n‖²·(s²‖x_n‖² + 1): no product of matrices at all.</summary>
    public override void Trace(in StepPoint<T> at, MatrixBatch<T> adjoint, VectorView<double> trace, DiagonalScratch<T> scratch)
    {
        long rows = at.X.First.Rows;
        var inputs = scratch.Rows(0, rows);
        ops.RowSquares(at.X.First, inputs);
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
        layer.InputsFirst ? Matrices(block, 0, _in, _out) : Matrices(block, 0, _out, _in);

    /// <summary>What belongs to outputs and to inputs, in the order in which the weight has them.</summary>
    private (TMatrix Rows, TMatrix Columns) InWeightsOrder<TMatrix>(TMatrix outputs, TMatrix inputs) =>
        layer.InputsFirst ? (inputs, outputs) : (outputs, inputs);

    private Epilogue<T> WithBias(MatrixView<T> block) => layer.Bias
        ? new(new(block.Buffer, block.Offset + _weights, _out), block.Rows == 1 ? 0 : block.Stride, false, default)
        : default;
}
