namespace Quotient.Training.Optimisers;

/// <summary>
/// Stochastic gradient descent: g = ∇L + λθ; m ← μm + g; θ ← θ − η·(g + μm) with Nesterov's momentum, θ − ηm without.
/// As torch.optim.SGD with dampening 0; λ applies to weights and biases alike.
/// </summary>
/// <remarks>Source: Sutskever, Martens, Dahl, Hinton (2013), in PyTorch's parametrisation, where m does not hold η.</remarks>
/// <param name="Rate">η.</param>
/// <param name="Momentum">μ; 0 for none.</param>
/// <param name="Nesterov">Whether the gradient's step is taken from where momentum leads.</param>
/// <param name="WeightDecay">λ.</param>
public sealed record Sgd(double Rate = 0.1, double Momentum = 0.9, bool Nesterov = true, double WeightDecay = 0) : Optimiser(Rate)
{
    /// <inheritdoc/>
    public override string Text => FormattableString.Invariant(
        $"sgd rate={Rate} momentum={Momentum} nesterov={(Nesterov ? "yes" : "no")} weight-decay={WeightDecay}");

    /// <inheritdoc/>
    public override void Check()
    {
        base.Check();
        Require(Momentum is >= 0 and < 1, "momentum", Momentum, "a number from 0 to below 1");
        Require(double.IsFinite(WeightDecay) && WeightDecay >= 0, "weight decay", WeightDecay, "a number, 0 or more");
    }

    /// <summary>The numbers that it is made from, here and within other optimisers.</summary>
    internal static IReadOnlyList<Setting> Settings { get; } = [RateSetting(0.1), MomentumSetting(0.9), DecaySetting];

    internal static Sgd From(IReadOnlyDictionary<string, double> values) =>
        new(values["learning-rate"], values["momentum"], WeightDecay: values["weight-decay"]);

    [ModuleInitializer]
    internal static void Register() => Kinds.Register(new("sgd", "with Nesterov momentum", Settings, From));

    /// <inheritdoc/>
    public override IOptimiser<T> Start<T>(OptimiserContext<T> context) => new GradientSteps<T>(
        context, ["momentum"], (theta, gradient, memory, place) =>
            context.Ops.MomentumStep(theta, gradient, memory[0].All, place.Rate, Momentum, WeightDecay, Nesterov));
}
