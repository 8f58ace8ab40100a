using Quotient.Backends;
using Quotient.Networks;

namespace Quotient.Linearisation.Layers;

/// <summary>
/// The same image with its channels together, as the passes of images have it, or apart, as θ, data and outputs do: what the plan puts
/// between layers that differ in this.
/// </summary>
/// <param name="ops">The device's.</param>
/// <param name="shape">The image.</param>
/// <param name="together">Whether channels lie together in the output, else in the input.</param>
internal sealed class TurnStage<T>(IOps<T> ops, Shape shape, bool together) : Stage<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly int _places = shape.Height * shape.Width;

    public override bool ReadsInputs => false;

    /// <summary>Whether there is a difference at all.</summary>
    public static bool IsNeeded(Shape shape) => shape.Channels > 1 && shape.IsImage;

    public override void Forward(in StepPoint<T> at)
    {
        for (int j = 0; j < at.Y.Count; j++)
        {
            Turn(at.X[j], 0, at.Y[j]);
        }
    }

    public override void Tangent(in StepPoint<T> at, MatrixView<T>? v, StepSignals<T> dx, MatrixBatch<T> dy) =>
        Turn(dx.At(0).Stacked(), 0, dy.Stacked());

    public override void Adjoint(
        in StepPoint<T> at, MatrixBatch<T> adjoint, int input, in AdjointTarget<T> target, CurvatureTerm<T>? curvature)
    {
        ops.Turn(adjoint.Stacked(), together ? _places : shape.Channels, target.Beta, target.Signal.Stacked());
        target.ApplyMask(ops);
    }

    private void Turn(MatrixView<T> x, double beta, MatrixView<T> y) => ops.Turn(x, together ? shape.Channels : _places, beta, y);
}
