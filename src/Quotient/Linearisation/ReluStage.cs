using System.Numerics;
using Quotient.Backends;

namespace Quotient.Linearisation;

/// <summary>y = max(x, 0) where it could not be fused into the layer before it.</summary>
internal sealed class ReluStage<T>(IOps<T> ops) : Stage<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public override long ParameterCount => 0;

    public override bool HasMask => true;

    public override long ProductCost => 0;

    public override void Forward(MatrixView<T> theta, MatrixBatch<T> x, MatrixBatch<T> y) => EachMember(x, y, ops.Relu);

    public override void Tangent(
        MatrixView<T> theta, MatrixView<T>? v, MatrixBatch<T> x, MatrixBatch<T>? dx, MatrixBatch<T> y, MatrixBatch<T> dy) =>
        ops.Mask(y.First.AsVector(), dx!.Value.AsVector(), dy.AsVector());

    /// <remarks>The adjoint is masked already; piecewise linear, so no curvature away from the kinks.</remarks>
    public override void Adjoint(
        MatrixView<T> theta, MatrixBatch<T> x, MatrixBatch<T> adjoint, in AdjointTarget<T> target, CurvatureTerm<T>? curvature) =>
        target.Take(ops, adjoint);

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
}
