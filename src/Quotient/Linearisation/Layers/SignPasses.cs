using Quotient.Backends;
using Quotient.Networks;
using Quotient.Networks.Layers;

namespace Quotient.Linearisation.Layers;

/// <summary>The passes of a <see cref="Sign"/> that no binary layer takes in, and of the <see cref="HardTanh"/> that stands for one.</summary>
internal sealed class SignPasses() : LayerPasses([typeof(Sign)], [typeof(HardTanh)])
{
    public override Stage<T> Start<T>(IReadOnlyList<Layer> run, Shape input, IBackend backend) => new SignStage<T>(backend.Ops<T>(), run[0] as Sign);

    [ModuleInitializer]
    internal static void Register() => Register(new SignPasses());
}

/// <summary>
/// y = sign(x − threshold), or y = min(max(x, −1), 1) where there is no sign. The derivative is taken as 1 where |x − threshold| ≤ 1, else 0:
/// so it is for the hard tanh, and so gradients pass straight through the sign, which has no tangents.
/// </summary>
internal sealed class SignStage<T>(IOps<T> ops, Sign? sign) : Stage<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly double _threshold = sign?.Threshold ?? 0;

    public override void Forward(in StepPoint<T> at) =>
        EachMember(at.X, at.Y, sign is null ? (x, y) => ops.Clamp(x, 1, y) : (x, y) => ops.Sign(x, _threshold, y));

    public override void Tangent(in StepPoint<T> at, MatrixView<T>? v, StepSignals<T> dx, MatrixBatch<T> dy)
    {
        if (sign is not null)
        {
            throw Unlinear();
        }

        ops.MaskNear(at.X.First.AsVector(), 0, dx.At(0).AsVector(), dy.AsVector());
    }

    public override void Adjoint(
        in StepPoint<T> at, MatrixBatch<T> adjoint, int input, in AdjointTarget<T> target, CurvatureTerm<T>? curvature)
    {
        ops.MaskNear(at.X.AsVector(), _threshold, adjoint.AsVector(), adjoint.AsVector());
        target.Take(ops, adjoint);
    }
}
