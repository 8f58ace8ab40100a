using Quotient.Backends;
using Quotient.Networks;
using Quotient.Networks.Layers;

namespace Quotient.Linearisation.Layers;

/// <summary>The passes of a <see cref="Relu"/> that no step before it takes in.</summary>
internal sealed class ReluPasses() : LayerPasses([typeof(Relu)])
{
    public override Stage<T> Start<T>(IReadOnlyList<Layer> run, Shape input, IBackend backend) => new ReluStage<T>(backend.Ops<T>());

    [ModuleInitializer]
    internal static void Register() => Register(new ReluPasses());
}

/// <summary>y = max(x, 0).</summary>
internal sealed class ReluStage<T>(IOps<T> ops) : Stage<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public override bool HasMask => true;

    public override bool ReadsInputs => false;

    public override void Forward(in StepPoint<T> at) => EachMember(at.X, at.Y, ops.Relu);

    public override void Tangent(in StepPoint<T> at, MatrixView<T>? v, StepSignals<T> dx, MatrixBatch<T> dy) =>
        ops.Mask(at.Y.First.AsVector(), dx.At(0).AsVector(), dy.AsVector());

    /// <remarks>The adjoint is masked already.</remarks>
    public override void Adjoint(
        in StepPoint<T> at, MatrixBatch<T> adjoint, int input, in AdjointTarget<T> target, CurvatureTerm<T>? curvature) =>
        target.Take(ops, adjoint);
}
