using Quotient.Linearisation;
using Quotient.Measures;

namespace Quotient.Symmetry;

/// <summary>How parameters are perturbed at level σ, or p, by independent z_i ~ N(0, 1), or by flips.</summary>
public enum Noise
{
    /// <summary>
    /// θ + σ z ∘ θ: weights and biases, of the network with its batch norms folded into the layers before them. Given z, exactly invariant to
    /// positive scales of units, and so it needs no standard form; the last layer keeps the scale that the model gives it.
    /// </summary>
    Multiplicative,

    /// <summary>
    /// In standard form, u + σ r z/√dim on each sphere of dim weights and radius r: the incoming weights of a hidden unit, r = 1, and the
    /// whole last layer, r its norm at the model's own scale of logits. The mean squared displacement is (σr)² on each sphere. Euclidean
    /// parameters, biases among them, stay.
    /// </summary>
    Additive,

    /// <summary>Binary weights are negated with probability p; real parameters stay. See <see cref="FlipEnergy.Random{T}"/>.</summary>
    Flips,
}

/// <summary>How local energies are measured.</summary>
public sealed record LocalEnergyOptions
{
    /// <summary>How parameters are perturbed.</summary>
    public Noise Noise { get; init; }

    /// <summary>The levels: σ, each 0 or more; of flips p, each from 0 to 1.</summary>
    public IReadOnlyList<double> Levels { get; init; } = [0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5];

    /// <summary>Draws of z.</summary>
    public int Draws { get; init; } = 20;

    /// <summary>What z is drawn from.</summary>
    public ulong Seed { get; init; }

    /// <summary>The loss beside the error.</summary>
    public Loss Loss { get; init; } = Loss.CrossEntropy;

    internal void Check()
    {
        QuotientException.ThrowIf(!Enum.IsDefined(Noise), $"the noise is {(int)Noise}; it must be one of {string.Join(", ", Enum.GetNames<Noise>())}");
        double most = Noise == Noise.Flips ? 1 : double.MaxValue;
        QuotientException.ThrowIf(Levels.Count == 0, $"levels of noise must be given, but there are none");
        foreach (double level in Levels)
        {
            QuotientException.ThrowIf(
                !(level >= 0 && level <= most),
                $"a level of noise is {level}; it must be {(Noise == Noise.Flips ? "a probability of a flip, from 0 to 1" : "a number, 0 or more")}");
        }

        QuotientException.ThrowIf(Draws < 1, $"the number of draws is {Draws}; it must be 1 or more");
    }
}

/// <summary>How error and loss change on average with the size of perturbations.</summary>
/// <param name="Base">The network as it is, its batch norms folded.</param>
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
    /// <summary>δE(σ) = E_z[E(θ perturbed by z at level σ)] − E(θ), E the error, and the loss beside it; see <see cref="Noise"/>.</summary>
    /// <remarks>
    /// Draw d takes one vector z for all levels, the same on every device: estimates at different levels are correlated, which makes the
    /// curve smooth, and each level's standard error is that of its own independent draws. Flips are drawn for each probability apart.
    /// θ has the order of the network that is perturbed, whose batch norms are folded; so z goes with other parameters where they are not
    /// the same. Norms that no layer stands alone before stay, as affine maps, whose parameters are perturbed as others are.
    /// Source: Pittorino et al. (2022), section 3.
    /// </remarks>
    /// <param name="engine">The device.</param>
    /// <param name="model">The network.</param>
    /// <param name="data">The samples.</param>
    /// <param name="options">Noise, levels, draws and seed.</param>
    /// <param name="progress">Told the share of evaluations that are done.</param>
    /// <param name="cancellationToken">Stops it between two chunks of samples.</param>
    /// <exception cref="QuotientException">
    /// The network has binary weights but the noise is none of flips, or the reverse; or an option makes no sense.
    /// </exception>
    public static EnergyCurve Of<T>(
        Engine engine, Model model, Dataset data, LocalEnergyOptions? options = null, IProgress<double>? progress = null,
        CancellationToken cancellationToken = default) where T : unmanaged, IFloatingPointIeee754<T>
    {
        using var pass = engine.Backend.Gate.Enter();
        options ??= new();
        options.Check();
        if (options.Noise == Noise.Flips)
        {
            var (draws, seed, loss) = (options.Draws, options.Seed, options.Loss);
            var flips = FlipEnergy.Random<T>(
                engine, model, data, new() { Probabilities = options.Levels, Draws = draws, Seed = seed, Loss = loss }, progress, cancellationToken);
            return new(flips.Base, [.. flips.Points.Select(point => new EnergyPoint(point.Probability, point.Error, point.Loss))]);
        }

        Compatibility.Check(model.Network, data, options.Loss);
        QuotientException.ThrowIf(
            model.Network.Tensors.Any(tensor => tensor.IsBinary),
            $"the network {model.Network} has binary weights, which {options.Noise.ToString().ToLowerInvariant()} noise does not leave binary; use flips");
        using var noise = new NoiseEvaluator<T>(engine.Backend, NoiseScale.Of(model, options.Noise), data, options.Loss, cancellationToken);
        return noise.Run(options, progress, cancellationToken);
    }
}
