using Quotient.Linearisation;
using Quotient.Measures;

namespace Quotient.Symmetry;

/// <summary>How parameters are perturbed.</summary>
public enum Noise
{
    /// <summary>w + σ z ∘ w with z ~ N(0, I).</summary>
    Multiplicative,

    /// <summary>On the standard form, u + σ z/√dim on each sphere of dim weights, σ times its norm elsewhere… see <see cref="LocalEnergy"/>.</summary>
    Additive,

    /// <summary>Binary weights are negated with probability p.</summary>
    Flips,
}

/// <summary>How local energies are measured.</summary>
public sealed record LocalEnergyOptions
{
    /// <summary>How parameters are perturbed.</summary>
    public Noise Noise { get; init; }

    /// <summary>The levels σ, or p.</summary>
    public IReadOnlyList<double> Levels { get; init; } = [0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5];

    /// <summary>Draws of z.</summary>
    public int Draws { get; init; } = 20;

    /// <summary>What z is drawn from.</summary>
    public ulong Seed { get; init; }

    /// <summary>The loss beside the error.</summary>
    public Loss Loss { get; init; } = Loss.CrossEntropy;
}

/// <summary>How error and loss change on average with the size of perturbations.</summary>
/// <param name="Base">The network as it is.</param>
/// <param name="Points">A point for each level, in the order asked for.</param>
public sealed record EnergyCurve(Evaluation Base, IReadOnlyList<EnergyPoint> Points);

/// <summary>δE at one level.</summary>
/// <param name="Level">σ or p.</param>
/// <param name="Error">Change of the error; null where the data has no classes.</param>
/// <param name="Loss">Change of the mean loss.</param>
public sealed record EnergyPoint(double Level, EnergyEstimate? Error, EnergyEstimate Loss);

/// <summary>Local energy: the flatness of a minimum as the mean rise of error and loss under random perturbations.</summary>
public static class LocalEnergy
{
    /// <summary>δE(σ) = E_z[E(θ perturbed by z at level σ)] − E(θ).</summary>
    public static EnergyCurve Of<T>(
        Engine engine, Model model, Dataset data, LocalEnergyOptions? options = null, IProgress<double>? progress = null,
        CancellationToken cancellationToken = default) where T : unmanaged, IFloatingPointIeee754<T> => throw new NotImplementedException();
}
