using Quotient.Backends;
using Quotient.Networks;
using Quotient.Networks.Layers;

namespace Quotient.Linearisation.Layers;

/// <summary>The passes of <see cref="Sum"/>, with the ReLU behind it.</summary>
internal sealed class SumPasses() : LayerPasses([typeof(Sum)], [typeof(Sum), typeof(Relu)])
{
    public override Stage<T> Start<T>(IReadOnlyList<Layer> run, Shape input, IBackend backend) => new SumStage<T>(backend.Ops<T>(), run.Count > 1);

    [ModuleInitializer]
    internal static void Register() => Register(new SumPasses());
}

/// <summary>y = σ(x₁ + x₂ + …) with σ the identity or the ReLU that follows, fused.</summary>
internal sealed class SumStage<T>(IOps<T> ops, bool relu) : Stage<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public override bool HasMask => relu;

    public override bool ReadsInputs => false;

    public override void Forward(in StepPoint<T> at)
    {
        AddUp(at.Inputs, at.Y);
        if (relu)
        {
            ops.Relu(at.Y.AsVector(), at.Y.AsVector());
        }
    }

    public override void Tangent(in StepPoint<T> at, MatrixView<T>? v, StepSignals<T> dx, MatrixBatch<T> dy)
    {
        AddUp(dx, dy);
        if (relu)
        {
            ops.Mask(at.Y.First.AsVector(), dy.AsVector(), dy.AsVector());
        }
    }

    public override void Adjoint(
        in StepPoint<T> at, MatrixBatch<T> adjoint, int input, in AdjointTarget<T> target, CurvatureTerm<T>? curvature) =>
        target.Take(ops, adjoint);

    /// <summary>y ← the sum of the signals that are not zero.</summary>
    private void AddUp(StepSignals<T> signals, MatrixBatch<T> y)
    {
        bool isFirst = true;
        for (int i = 0; i < signals.Count; i++)
        {
            if (signals[i] is { } signal)
            {
                EachMember(signal, y, isFirst ? ops.Copy : (x, sum) => ops.Axpy(1, x, sum));
                isFirst = false;
            }
        }
    }
}
