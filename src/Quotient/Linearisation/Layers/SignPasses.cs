using System.Numerics;
using System.Runtime.CompilerServices;
using Quotient.Backends;
using Quotient.Networks;
using Quotient.Networks.Layers;

namespace Quotient.Linearisation.Layers;

/// <summary>The passes of a <see cref="Sign"/> that no binary layer takes in.</summary>
internal sealed class SignPasses : LayerPasses
{
    public override IReadOnlyList<Type[]> Runs => [[typeof(Sign)]];

    public override Stage<T> Start<T>(IReadOnlyList<Layer> run, IBackend backend) => new SignStage<T>(backend.Ops<T>(), (Sign)run[0]);

    [ModuleInitializer]
    internal static void Register() => Register(new SignPasses());
}

/// <summary>y = sign(x − threshold); gradients pass straight through where |x − threshold| ≤ 1.</summary>
internal sealed class SignStage<T>(IOps<T> ops, Sign layer) : Stage<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public override void Forward(in StepPoint<T> at) => EachMember(at.X, at.Y, (from, to) => ops.Sign(from, layer.Threshold, to));

    public override void Tangent(in StepPoint<T> at, MatrixView<T>? v, StepSignals<T> dx, MatrixBatch<T> dy) => throw Unlinear();

    public override void Adjoint(
        in StepPoint<T> at, MatrixBatch<T> adjoint, int input, in AdjointTarget<T> target, CurvatureTerm<T>? curvature)
    {
        ops.MaskNear(at.X.AsVector(), layer.Threshold, adjoint.AsVector(), adjoint.AsVector());
        target.Take(ops, adjoint);
    }
}
