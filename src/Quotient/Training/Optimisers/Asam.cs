using Quotient.Backends;
using Quotient.Networks;

namespace Quotient.Training.Optimisers;

/// <summary>
/// Adaptive sharpness-aware minimisation: as <see cref="Sam"/>, but ε = ρ·T²g/‖Tg‖, where the diagonal T is |w| + η for weights
/// and 1 for biases, so that (but for η) the loss at θ + ε does not depend on how weights are scaled.
/// </summary>
/// <remarks>Source: Kwon, Kim, Park, Choi (2021), algorithm 1, and its authors' code, which leaves biases as they are.</remarks>
/// <param name="Each">The optimiser that is given the gradient.</param>
/// <param name="Radius">ρ.</param>
/// <param name="Floor">η.</param>
public sealed record Asam(Optimiser Each, double Radius = 0.5, double Floor = 0.01) : Optimiser(Each.Rate)
{
    /// <inheritdoc/>
    public override string Text => FormattableString.Invariant($"asam radius={Radius} floor={Floor} {Each.Text}");

    /// <inheritdoc/>
    public override int Replicas => Each.Replicas;

    /// <inheritdoc/>
    public override void Check()
    {
        CheckInner(Each);
        Require(double.IsFinite(Radius) && Radius > 0, "radius of asam", Radius, "a number above 0");
        Require(double.IsFinite(Floor) && Floor >= 0, "floor of asam", Floor, "a number, 0 or more");
    }

    [ModuleInitializer]
    internal static void Register() => Kinds.Register(new(
        "asam", "adaptive sam", [.. Sgd.Settings, Sam.RadiusSetting(0.5)], values => new Asam(Sgd.From(values), values["rho"])));

    /// <inheritdoc/>
    public override IOptimiser<T> Start<T>(OptimiserContext<T> context)
    {
        var (ops, weights) = (context.Ops, context.Network.Tensors.Where(tensor => tensor.Shape.Role != TensorRole.Bias).ToList());
        void Scale(VectorView<T> theta, VectorView<T> x)
        {
            foreach (var tensor in weights)
            {
                var part = x.Slice(tensor.Offset, tensor.Size);
                ops.ScaleByMagnitude(theta.Slice(tensor.Offset, tensor.Size), Floor, part, part);
            }
        }

        return new PerturbedSteps<T>(Each, context, Radius, (theta, gradient, square, direction) =>
        {
            ops.Copy(gradient, direction);
            Scale(theta, direction);
            ops.Dot(direction, direction, square);
            Scale(theta, direction);
            ops.DivideByRoot(direction, square, direction);
        });
    }
}
