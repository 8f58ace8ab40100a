using System.Numerics;
using Quotient.Backends;

namespace Quotient.Linearisation;

/// <summary>y = max(x, 0) where it could not be fused into the layer before it.</summary>
internal sealed class ReluStage<T>(IOps<T> ops) : Stage<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public override long ParameterCount => 0;

    public override bool HasMask => true;

    public override long ProductCost => 0;

    public override void Forward(MatrixView<T> theta, MatrixBatch<T> x, MatrixBatch<T> y) =>
        ops.Relu(x.First.AsVector(), y.First.AsVector());

    public override void Tangent(
        MatrixView<T> theta, MatrixView<T>? v, MatrixBatch<T> x, MatrixBatch<T>? dx, MatrixBatch<T> y, MatrixBatch<T> dy) =>
        ops.Mask(y.First.AsVector(), All(dx!.Value), All(dy));

    public override void Adjoint(
        MatrixView<T> theta, MatrixBatch<T> adjoint, in AdjointTarget<T> target, CurvatureTerm<T>? curvature)
    {
        // Piecewise linear: no curvature away from the kinks.
        var (from, to) = (All(adjoint), All(target.Signal));
        if (target.Beta == 0)
        {
            ops.Copy(from, to);
        }
        else
        {
            ops.Axpy(1, from, to);
        }

        if (target.Mask is { } mask)
        {
            ops.Mask(mask.AsVector(), to, to);
        }
    }

    public override void ParameterAdjoint(
        MatrixBatch<T> adjoint, MatrixBatch<T> x, MatrixView<T> gradient, double beta, CurvatureTerm<T>? curvature)
    {
        // No parameters.
    }

    public override void Diagonal(
        MatrixBatch<T> adjoint, MatrixBatch<T> x, VectorView<T> diagonal, double beta, DiagonalScratch<T> scratch)
    {
        // No parameters.
    }

    public override void Trace(MatrixBatch<T> adjoint, MatrixBatch<T> x, VectorView<double> trace, DiagonalScratch<T> scratch)
    {
        // No parameters.
    }

    public override int TraceParts(int count) => 0;

    private static VectorView<T> All(MatrixBatch<T> batch) =>
        new(batch.First.Buffer, batch.First.Offset, batch.Count * batch.First.Rows * batch.First.Columns);
}
