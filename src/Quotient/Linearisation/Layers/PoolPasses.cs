using Quotient.Backends;
using Quotient.Networks;
using Quotient.Networks.Layers;

namespace Quotient.Linearisation.Layers;

/// <summary>The passes of <see cref="MaxPool"/>, with the ReLU behind it.</summary>
internal sealed class MaxPoolPasses() : LayerPasses([typeof(MaxPool)], [typeof(MaxPool), typeof(Relu)])
{
    public override Stage<T> Start<T>(IReadOnlyList<Layer> run, Shape input, IBackend backend) =>
        new MaxPoolStage<T>(backend.Ops<T>(), ((MaxPool)run[0]).Window.OnPooled(input), run.Count > 1);

    [ModuleInitializer]
    internal static void Register() => Register(new MaxPoolPasses());
}

/// <summary>The passes of <see cref="AveragePool"/> and of <see cref="GlobalAveragePool"/>, whose window is the image.</summary>
internal sealed class AveragePoolPasses() : LayerPasses([typeof(AveragePool)], [typeof(GlobalAveragePool)])
{
    public override Stage<T> Start<T>(IReadOnlyList<Layer> run, Shape input, IBackend backend) => run[0] is AveragePool pool
        ? new AveragePoolStage<T>(backend.Ops<T>(), pool.Window.OnPooled(input), pool.CountsPadding)
        : new AveragePoolStage<T>(backend.Ops<T>(), new Window(input.Height, input.Width).On(input), false);

    [ModuleInitializer]
    internal static void Register() => Register(new AveragePoolPasses());
}

/// <summary>
/// y = σ(the largest value of each window). Where it was found, the route, is saved: like a mask of ReLU it stays as it is in the passes that
/// follow.
/// </summary>
internal sealed class MaxPoolStage<T>(IOps<T> ops, Patches patches, bool relu) : Stage<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public override bool HasMask => relu;

    public override bool ReadsInputs => false;

    public override int SavedWidth => (int)patches.Windows * patches.Channels;

    public override void Forward(in StepPoint<T> at)
    {
        for (int j = 0; j < at.Y.Count; j++)
        {
            ops.MaxPool(patches, at.X[j], relu, at.Y[j], at.Saved[j]);
        }
    }

    public override void Tangent(in StepPoint<T> at, MatrixView<T>? v, StepSignals<T> dx, MatrixBatch<T> dy)
    {
        ops.TakeRoutes(patches, dx.At(0).Stacked(), at.Saved.Stacked(), dy.Stacked());
        if (relu)
        {
            ops.Mask(at.Y.First.AsVector(), dy.AsVector(), dy.AsVector());
        }
    }

    public override void Adjoint(
        in StepPoint<T> at, MatrixBatch<T> adjoint, int input, in AdjointTarget<T> target, CurvatureTerm<T>? curvature)
    {
        ops.FollowRoutes(patches, adjoint.Stacked(), at.Saved.Stacked(), target.Beta, target.Signal.Stacked());
        target.ApplyMask(ops);
    }
}

/// <summary>y = the mean of what each window sees.</summary>
internal sealed class AveragePoolStage<T>(IOps<T> ops, Patches patches, bool countsPadding) : Stage<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public override bool ReadsInputs => false;

    public override void Forward(in StepPoint<T> at)
    {
        for (int j = 0; j < at.Y.Count; j++)
        {
            ops.AveragePool(patches, countsPadding, at.X[j], at.Y[j]);
        }
    }

    public override void Tangent(in StepPoint<T> at, MatrixView<T>? v, StepSignals<T> dx, MatrixBatch<T> dy) =>
        ops.AveragePool(patches, countsPadding, dx.At(0).Stacked(), dy.Stacked());

    public override void Adjoint(
        in StepPoint<T> at, MatrixBatch<T> adjoint, int input, in AdjointTarget<T> target, CurvatureTerm<T>? curvature)
    {
        ops.AveragePoolBack(patches, countsPadding, adjoint.Stacked(), target.Beta, target.Signal.Stacked());
        target.ApplyMask(ops);
    }
}
