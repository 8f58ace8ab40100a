using Quotient.Networks;
using Quotient.Results;

namespace Quotient.Training;

/// <summary>What training came to.</summary>
public sealed record TrainingResult
{
    /// <summary>
    /// The trained parameters, stored in the precision that they were trained in; its metadata carry the
    /// <see cref="TrainingLog"/>.
    /// </summary>
    public required Model Model { get; init; }

    /// <summary>
    /// What was trained how, and the evaluated epochs, those before a resumption included. Losses and errors are those of the
    /// whole set at the parameters of the epoch's end, not means over the epoch; a regression's errors are NaN.
    /// </summary>
    public required TrainingLog Log { get; init; }

    /// <summary>The evaluated epochs.</summary>
    public IReadOnlyList<EpochRecord> Epochs => Log.Epochs;

    /// <summary>The last epoch; fewer than asked for where there was no training error left.</summary>
    public required int LastEpoch { get; init; }

    /// <summary>Steps taken by this run.</summary>
    public required long Steps { get; init; }

    /// <summary>Wall-clock seconds of those steps alone, without loading, evaluations and checkpoints.</summary>
    public required double StepSeconds { get; init; }

    /// <summary>Wall-clock seconds in all.</summary>
    public required double Seconds { get; init; }
}

/// <summary>How far training has come.</summary>
/// <param name="Epoch">The epoch that it is in, from 1.</param>
/// <param name="Epochs">Epochs in all.</param>
/// <param name="Step">Steps of this epoch that are done.</param>
/// <param name="StepsPerEpoch">Steps in an epoch.</param>
/// <param name="RunningLoss">
/// The mean loss over the mini-batches of the last whole epoch, each before its own step; null in the first epoch.
/// </param>
/// <param name="Last">The last evaluation; null before the first.</param>
/// <param name="Stage">The part of training that this counts: the adversarial start, say; null where there is but one.</param>
public readonly record struct TrainingProgress(
    int Epoch, int Epochs, int Step, int StepsPerEpoch, double? RunningLoss, EpochRecord? Last, string? Stage = null)
{
    /// <summary>The share of all steps that is done, from 0 to 1.</summary>
    public double Done => (Epoch - 1 + ((double)Step / StepsPerEpoch)) / Epochs;
}
