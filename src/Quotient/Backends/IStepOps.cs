using System.Numerics;

namespace Quotient.Backends;

/// <summary>Steps of optimisers, fused so that a step touches memory once.</summary>
public interface IStepOps<T> : IOpFamily where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>
    /// g' = g + λθ; m ← μm + g'; θ ← θ − η·(nesterov ? g' + μm : m). As torch.optim.SGD with dampening 0 does it.
    /// </summary>
    void MomentumStep(
        VectorView<T> theta, VectorView<T> gradient, VectorView<T> momentum, double rate, double mu, double decay, bool nesterov);

    /// <summary>
    /// g' = g + λθ; m ← β₁m + (1−β₁)g'; v ← β₂v + (1−β₂)g'²; θ ← θ − η·m̂/(√v̂ + ε) with bias correction at step t ≥ 1.
    /// As torch.optim.Adam does it.
    /// </summary>
    void AdamStep(
        VectorView<T> theta, VectorView<T> gradient, VectorView<T> m, VectorView<T> v, AdamCoefficients coefficients, long t);
}

/// <summary>The constants of Adam: η, β₁, β₂, ε, and the weight decay λ.</summary>
public readonly record struct AdamCoefficients(double Rate, double Beta1, double Beta2, double Epsilon, double Decay);
