using Quotient.Backends;
using Quotient.Files;

namespace Quotient.Training.Starts;

/// <summary>The two trainings of <see cref="Adversarial"/>, one after the other.</summary>
internal static class AdversarialTraining
{
    public static TrainingResult Run<T>(
        IBackend backend, Model model, Dataset train, Dataset? test, TrainingOptions options, Adversarial adversarial,
        IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        string? startFile = options.Checkpoint is { } path ? path + ".start" : null;
        bool starting = startFile is not null && File.Exists(startFile);
        if (options.Resume && !starting && File.Exists(options.Checkpoint))
        {
            return Continue(model, options, null);
        }

        options.Check();
        adversarial.CheckNetwork(model.Network);
        QuotientException.ThrowIf(
            starting && !options.Resume,
            $"the file '{startFile}' is there already, where the state of the adversarial start would be kept; remove it, or resume from it");

        ulong seed = DerivedSeed.OfAdversarialStart(options.Seed);
        var copies = CorruptedSamples.Of(train, adversarial.Copies, adversarial.Zeroed, seed);
        var startOptions = options with
        {
            Optimiser = adversarial.First,
            Epochs = adversarial.MostEpochs,
            BatchSize = adversarial.BatchSize,
            Schedule = Schedule.Constant,
            Seed = seed,
            EvaluateEvery = 1,
            StopAtZeroTrainError = false,
            StopAtTrainError = adversarial.Error,
            Stage = "adversarial start",
            Checkpoint = startFile,
        };
        TrainingResult start;
        using (var run = new TrainingRun<T>(backend, model, copies, null, startOptions, cancellationToken: cancellationToken))
        {
            start = run.Run(progress, cancellationToken);
        }

        var reached = new AdversarialStart(start.LastEpoch, start.Epochs[^1].TrainError, adversarial.Error);
        return Continue(start.Model, options with { Resume = false }, reached);

        // The start is over; its file is removed only once there is something else to resume from.
        TrainingResult Continue(Model from, TrainingOptions how, AdversarialStart? before)
        {
            using var run = new TrainingRun<T>(backend, from, train, test, how, before, cancellationToken) { Saved = () => Remove(startFile!) };
            return run.Run(progress, cancellationToken);
        }
    }

    private static void Remove(string file)
    {
        try
        {
            File.Delete(file);
        }
        catch (Exception error) when (WholeFile.IsOfFiles(error))
        {
            throw new QuotientException(
                $"cannot remove the checkpoint '{file}' of the adversarial start, which is over: {error.Message}", error);
        }
    }
}
