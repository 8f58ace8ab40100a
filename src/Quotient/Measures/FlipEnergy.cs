using Quotient.Linearisation;

namespace Quotient.Measures;

/// <summary>
/// The discrete curvature of a network with binary weights: how much error and loss change when weights flip. Nothing is
/// differentiated, so it is of the network itself, whatever its activations, and no surrogate is needed.
/// </summary>
public static class FlipEnergy
{
    /// <summary>
    /// δE(p) = E_z[E(w ∘ z)] − E(w), with independent z_i = −1 of probability p and +1 else, over the binary weights; real parameters
    /// stay. E is the error, and the loss beside it.
    /// </summary>
    /// <remarks>Draw d of probability number i flips the same weights on every device. Source: Pittorino et al. (2022).</remarks>
    /// <param name="engine">The device.</param>
    /// <param name="model">The network; binary weights count by their signs.</param>
    /// <param name="data">The samples.</param>
    /// <param name="options">Probabilities, draws and seed.</param>
    /// <param name="progress">Told the share of draws that are done.</param>
    /// <param name="cancellationToken">Stops it between two chunks of samples.</param>
    /// <exception cref="QuotientException">The network has no binary weights, or an option makes no sense.</exception>
    public static RandomFlips Random<T>(
        Engine engine, Model model, Dataset data, RandomFlipOptions? options = null, IProgress<double>? progress = null,
        CancellationToken cancellationToken = default) where T : unmanaged, IFloatingPointIeee754<T>
    {
        using var pass = engine.Backend.Gate.Enter();
        options ??= new();
        options.Check();
        using var flips = new FlipEvaluator<T>(engine.Backend, model, data, options.Loss, isOfSingles: false, cancellationToken);
        return flips.Random(options, progress, cancellationToken);
    }

    /// <summary>
    /// E(w with weight i flipped) − E(w) for single weights: all of them, or as many as asked for, drawn without replacement.
    /// </summary>
    /// <remarks>
    /// What comes before a flipped weight's layer is computed once. A flip next to a sign changes nothing wherever it leaves every sign
    /// as it is, so that most energies of a wide net are exactly 0.
    /// </remarks>
    /// <param name="engine">The device.</param>
    /// <param name="model">The network; binary weights count by their signs.</param>
    /// <param name="data">The samples.</param>
    /// <param name="options">How many weights, and the seed.</param>
    /// <param name="progress">Told the share of flips that are done.</param>
    /// <param name="cancellationToken">Stops it between two batches of flips.</param>
    /// <exception cref="QuotientException">The network has no binary weights, or an option makes no sense.</exception>
    public static SingleFlips Single<T>(
        Engine engine, Model model, Dataset data, SingleFlipOptions? options = null, IProgress<double>? progress = null,
        CancellationToken cancellationToken = default) where T : unmanaged, IFloatingPointIeee754<T>
    {
        using var pass = engine.Backend.Gate.Enter();
        options ??= new();
        options.Check();
        using var flips = new FlipEvaluator<T>(engine.Backend, model, data, options.Loss, isOfSingles: true, cancellationToken);
        return flips.Single(options, progress, cancellationToken);
    }
}

/// <summary>How random flips are drawn.</summary>
public sealed record RandomFlipOptions
{
    /// <summary>The probabilities p, each from 0 to 1.</summary>
    public IReadOnlyList<double> Probabilities { get; init; } = [0.005, 0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35];

    /// <summary>Draws of z for each probability.</summary>
    public int Draws { get; init; } = 20;

    /// <summary>What z is drawn from.</summary>
    public ulong Seed { get; init; }

    /// <summary>The loss beside the error.</summary>
    public Loss Loss { get; init; } = Loss.CrossEntropy;

    internal void Check()
    {
        QuotientException.ThrowIf(
            Probabilities.Count == 0 || Probabilities.Any(p => p is not (>= 0 and <= 1)),
            $"probabilities of a flip must be given, each from 0 to 1");
        QuotientException.ThrowIf(Draws < 1, $"the number of draws is {Draws}; it must be 1 or more");
    }
}

/// <summary>Which single weights are flipped.</summary>
public sealed record SingleFlipOptions
{
    /// <summary>How many weights; all where there are no more.</summary>
    public int Count { get; init; } = 1000;

    /// <summary>What they are drawn from.</summary>
    public ulong Seed { get; init; }

    /// <summary>The loss beside the error.</summary>
    public Loss Loss { get; init; } = Loss.CrossEntropy;

    internal void Check() => QuotientException.ThrowIf(Count < 1, $"the number of flips is {Count}; it must be 1 or more");
}

/// <summary>A mean over draws and its standard error, s/√n; the error of a single draw is NaN.</summary>
public readonly record struct EnergyEstimate(double Mean, double StandardError);

/// <summary>Energies of random flips.</summary>
/// <param name="Base">The network as it is.</param>
/// <param name="Points">A point for each probability, in the order asked for.</param>
public sealed record RandomFlips(Evaluation Base, IReadOnlyList<RandomFlipPoint> Points);

/// <summary>δE(p).</summary>
/// <param name="Probability">p.</param>
/// <param name="Draws">The number of draws.</param>
/// <param name="Error">Change of the error; null where the data has no classes.</param>
/// <param name="Loss">Change of the mean loss.</param>
public sealed record RandomFlipPoint(double Probability, int Draws, EnergyEstimate? Error, EnergyEstimate Loss);

/// <summary>Energies of single flips.</summary>
/// <param name="Base">The network as it is.</param>
/// <param name="Flips">A flip each, by index.</param>
public sealed record SingleFlips(Evaluation Base, IReadOnlyList<SingleFlip> Flips);

/// <summary>The energy of one flip.</summary>
/// <param name="Index">The weight's place in θ.</param>
/// <param name="Layer">Its layer's name.</param>
/// <param name="Error">Change of the error; null where the data has no classes.</param>
/// <param name="Loss">Change of the mean loss.</param>
public sealed record SingleFlip(long Index, string Layer, double? Error, double Loss);
