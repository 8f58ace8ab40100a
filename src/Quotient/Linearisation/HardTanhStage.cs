using System.Numerics;
using Quotient.Backends;

namespace Quotient.Linearisation;

/// <summary>y = min(max(x, −1), 1); its derivative is taken as 1 where |x| ≤ 1, else 0.</summary>
internal sealed class HardTanhStage<T>(IOps<T> ops) : Stage<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public override long ParameterCount => 0;

    public override bool HasMask => false;

    public override long ProductCost => 0;

    public override void Forward(MatrixView<T> theta, MatrixBatch<T> x, MatrixBatch<T> y) =>
        EachMember(x, y, (from, to) => ops.Clamp(from, 1, to));

    public override void Tangent(
        MatrixView<T> theta, MatrixView<T>? v, MatrixBatch<T> x, MatrixBatch<T>? dx, MatrixBatch<T> y, MatrixBatch<T> dy) =>
        ops.MaskNear(x.First.AsVector(), 0, dx!.Value.AsVector(), dy.AsVector());

    public override void Adjoint(
        MatrixView<T> theta, MatrixBatch<T> x, MatrixBatch<T> adjoint, in AdjointTarget<T> target, CurvatureTerm<T>? curvature)
    {
        // Piecewise linear: no curvature away from the kinks.
        ops.MaskNear(x.AsVector(), 0, adjoint.AsVector(), adjoint.AsVector());
        target.Take(ops, adjoint);
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
}
