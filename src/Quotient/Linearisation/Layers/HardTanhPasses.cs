using System.Numerics;
using System.Runtime.CompilerServices;
using Quotient.Backends;
using Quotient.Networks;
using Quotient.Networks.Layers;

namespace Quotient.Linearisation.Layers;

/// <summary>The passes of <see cref="HardTanh"/>.</summary>
internal sealed class HardTanhPasses : LayerPasses
{
    public override IReadOnlyList<Type[]> Runs => [[typeof(HardTanh)]];

    public override Stage<T> Start<T>(IReadOnlyList<Layer> run, IBackend backend) => new HardTanhStage<T>(backend.Ops<T>());

    [ModuleInitializer]
    internal static void Register() => Register(new HardTanhPasses());
}

/// <summary>y = min(max(x, −1), 1); its derivative is taken as 1 where |x| ≤ 1, else 0.</summary>
internal sealed class HardTanhStage<T>(IOps<T> ops) : Stage<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public override void Forward(in StepPoint<T> at) => EachMember(at.X, at.Y, (from, to) => ops.Clamp(from, 1, to));

    public override void Tangent(in StepPoint<T> at, MatrixView<T>? v, StepSignals<T> dx, MatrixBatch<T> dy) =>
        ops.MaskNear(at.X.First.AsVector(), 0, dx.At(0).AsVector(), dy.AsVector());

    public override void Adjoint(
        in StepPoint<T> at, MatrixBatch<T> adjoint, int input, in AdjointTarget<T> target, CurvatureTerm<T>? curvature)
    {
        ops.MaskNear(at.X.AsVector(), 0, adjoint.AsVector(), adjoint.AsVector());
        target.Take(ops, adjoint);
    }
}
