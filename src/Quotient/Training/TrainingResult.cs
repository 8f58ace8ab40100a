using Quotient.Results;

namespace Quotient.Training;

/// <summary>The outcome of a training.</summary>
public sealed record TrainingResult
{
    /// <summary>
    /// The trained parameters, stored in the precision that they were trained in; its metadata carry the
    /// <see cref="TrainingLog"/>.
    /// </summary>
    public required Model Model { get; init; }

    /// <summary>
    /// How it was trained, and the evaluated epochs, including those before a resumption. Losses and errors are those of the
    /// whole set at the parameters at the end of the epoch, not means over the epoch; a regression's errors are NaN.
    /// </summary>
    public required TrainingLog Log { get; init; }

    /// <summary>The evaluated epochs.</summary>
    public IReadOnlyList<EpochRecord> Epochs => Log.Epochs;

    /// <summary>The last epoch; below the number asked for where training stopped at a training error.</summary>
    public required int LastEpoch { get; init; }

    /// <summary>Steps taken by this run.</summary>
    public required long Steps { get; init; }

    /// <summary>Wall-clock seconds of those steps alone, without loading, evaluations and checkpoints.</summary>
    public required double StepSeconds { get; init; }

    /// <summary>Wall-clock seconds in all.</summary>
    public required double Seconds { get; init; }
}

/// <summary>How far training has come.</summary>
/// <param name="Epoch">The current epoch, from 1.</param>
/// <param name="Epochs">Epochs in all.</param>
/// <param name="Step">Steps of this epoch that are done.</param>
/// <param name="StepsPerEpoch">Steps in an epoch.</param>
/// <param name="RunningLoss">
/// The mean loss over the mini-batches of the last whole epoch, each before its own step; null in the first epoch.
/// </param>
/// <param name="Last">The last evaluation; null before the first.</param>
/// <param name="Stage">The part of the training, such as the adversarial start; null where there is only one.</param>
public readonly record struct TrainingProgress(
    int Epoch, int Epochs, int Step, int StepsPerEpoch, double? RunningLoss, EpochRecord? Last, string? Stage = null)
{
    /// <summary>The share of all steps that is done, from 0 to 1.</summary>
    public double Done => (Epoch - 1 + ((double)Step / StepsPerEpoch)) / Epochs;
}
