using Quotient.Training.Starts;

namespace Quotient.Training;

/// <summary>Trains networks by mini-batch gradient steps.</summary>
public static class Trainer
{
    /// <summary>Trains in single precision.</summary>
    /// <inheritdoc cref="Run{T}"/>
    public static TrainingResult Run(
        Engine engine, Model model, Dataset train, Dataset? test = null, TrainingOptions? options = null,
        IProgress<TrainingProgress>? progress = null, CancellationToken cancellationToken = default) =>
        Run<float>(engine, model, train, test, options, progress, cancellationToken);

    /// <summary>
    /// Trains a model. The same seed, device, threads and options give the same bits, with or without interruption.
    /// </summary>
    /// <remarks>
    /// The data sets are held on the device where they fit. Within an epoch nothing waits for the device: the order of its
    /// samples is a pure function of the seed and the epoch's number, and is copied there at the beginning of the epoch.
    /// </remarks>
    /// <param name="engine">The device.</param>
    /// <param name="model">The network and where θ starts; it is not changed.</param>
    /// <param name="train">The samples to minimise the loss on.</param>
    /// <param name="test">Samples to evaluate on as well, if any.</param>
    /// <param name="options">How to train.</param>
    /// <param name="progress">Receives reports a few times a second and at the end of every epoch, on the thread that trains.</param>
    /// <param name="cancellationToken">Stops within a step; the last checkpoint remains.</param>
    /// <exception cref="QuotientException">
    /// An option is outside its range, the network and the data do not fit together, the checkpoint is of another training, or the
    /// loss is no longer finite.
    /// </exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static TrainingResult Run<T>(
        Engine engine, Model model, Dataset train, Dataset? test = null, TrainingOptions? options = null,
        IProgress<TrainingProgress>? progress = null, CancellationToken cancellationToken = default)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        using var pass = engine.Backend.Gate.Enter();
        options ??= new();
        if (options.Optimiser is Adversarial adversarial)
        {
            return AdversarialTraining.Run<T>(engine.Backend, model, train, test, options, adversarial, progress, cancellationToken);
        }

        using var run = new TrainingRun<T>(engine.Backend, model, train, test, options, cancellationToken: cancellationToken);
        return run.Run(progress, cancellationToken);
    }
}
