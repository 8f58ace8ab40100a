namespace Quotient.Training.Optimisers;

/// <summary>
/// Adam: g = ∇L + λθ; m ← β₁m + (1 − β₁)g; v ← β₂v + (1 − β₂)g²; θ ← θ − η·m̂/(√v̂ + ε), with m̂ = m/(1 − β₁ᵗ) and
/// v̂ = v/(1 − β₂ᵗ) at step t ≥ 1. As torch.optim.Adam: the decay is part of the gradient.
/// </summary>
/// <remarks>Source: Kingma, Ba (2015), algorithm 1.</remarks>
/// <param name="Rate">η.</param>
/// <param name="Beta1">β₁.</param>
/// <param name="Beta2">β₂.</param>
/// <param name="Epsilon">ε.</param>
/// <param name="WeightDecay">λ.</param>
public sealed record Adam(
    double Rate = 0.001, double Beta1 = 0.9, double Beta2 = 0.999, double Epsilon = 1e-8, double WeightDecay = 0) : Optimiser(Rate)
{
    /// <inheritdoc/>
    public override string Text => FormattableString.Invariant(
        $"adam rate={Rate} beta1={Beta1} beta2={Beta2} epsilon={Epsilon} weight-decay={WeightDecay}");

    /// <inheritdoc/>
    public override void Check()
    {
        base.Check();
        Require(Beta1 is >= 0 and < 1, "beta1 of adam", Beta1, "a number from 0 to below 1");
        Require(Beta2 is >= 0 and < 1, "beta2 of adam", Beta2, "a number from 0 to below 1");
        Require(double.IsFinite(Epsilon) && Epsilon > 0, "epsilon of adam", Epsilon, "a number above 0");
        Require(double.IsFinite(WeightDecay) && WeightDecay >= 0, "weight decay", WeightDecay, "a number, 0 or more");
    }

    [ModuleInitializer]
    internal static void Register() => Kinds.Register(new(
        "adam", "", [RateSetting(0.001), DecaySetting],
        values => new Adam(values["learning-rate"], WeightDecay: values["weight-decay"])));

    /// <inheritdoc/>
    public override IOptimiser<T> Start<T>(OptimiserContext<T> context) => new GradientSteps<T>(
        context, ["m", "v"], (theta, gradient, memory, place) => context.Ops.AdamStep(
            theta, gradient, memory[0].All, memory[1].All, new(place.Rate, Beta1, Beta2, Epsilon, WeightDecay), place.Number));
}
