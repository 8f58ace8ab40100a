namespace Quotient.Training.Optimisers;

/// <summary>
/// Sharpness-aware minimisation: the gradient of a step is ∇L(θ + ε) with ε = ρ·g/‖g‖ and g = ∇L(θ), both of the same
/// mini-batch; another optimiser, usually SGD, makes the step from it at θ.
/// </summary>
/// <remarks>Source: Foret, Kleiner, Mobahi, Neyshabur (2021), algorithm 1. Weight decay has no part in ε.</remarks>
/// <param name="Each">The optimiser that is given the gradient.</param>
/// <param name="Radius">ρ.</param>
public sealed record Sam(Optimiser Each, double Radius = 0.05) : Optimiser(Each.Rate)
{
    /// <inheritdoc/>
    public override string Text => FormattableString.Invariant($"sam radius={Radius} {Each.Text}");

    /// <inheritdoc/>
    public override int Replicas => Each.Replicas;

    /// <inheritdoc/>
    public override void Check()
    {
        CheckInner(Each);
        Require(double.IsFinite(Radius) && Radius > 0, "radius of sam", Radius, "a number above 0");
    }

    /// <summary>The setting of ρ, with its default.</summary>
    internal static Setting RadiusSetting(double standard) => new(
        "rho", standard, value => value > 0, "a number above 0", "How far from the parameters the gradient is taken");

    [ModuleInitializer]
    internal static void Register() => Kinds.Register(new(
        "sam", "sharpness-aware", [.. Sgd.Settings, RadiusSetting(0.05)], values => new Sam(Sgd.From(values), values["rho"])));

    /// <inheritdoc/>
    public override IOptimiser<T> Start<T>(OptimiserContext<T> context) =>
        new PerturbedSteps<T>(Each, context, Radius, (_, gradient, square, direction) =>
        {
            context.Ops.Dot(gradient, gradient, square);
            context.Ops.DivideByRoot(gradient, square, direction);
        });
}
