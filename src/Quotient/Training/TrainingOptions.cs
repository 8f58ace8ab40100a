using Quotient.Networks;
using Quotient.Training.Optimisers;
using Quotient.Results;

namespace Quotient.Training;

/// <summary>How a network is trained.</summary>
public sealed record TrainingOptions
{
    /// <summary>The loss that is made small; the gradient of a step is that of its mean over the mini-batch.</summary>
    public Loss Loss { get; init; } = Loss.CrossEntropy;

    /// <summary>Passes over the training set, those before a resumption included; 0 trains nothing.</summary>
    public int Epochs { get; init; } = 10;

    /// <summary>Samples in a mini-batch. The last one of an epoch has what is left; one larger than the set is the set.</summary>
    public int BatchSize { get; init; } = 128;

    /// <summary>The optimiser and its constants.</summary>
    public Optimiser Optimiser { get; init; } = new Sgd();

    /// <summary>The factor of the learning rate by epoch.</summary>
    public Schedule Schedule { get; init; } = Schedule.Constant;

    /// <summary>What the orders of the epochs, and whatever else an optimiser leaves to chance, are drawn from.</summary>
    public ulong Seed { get; init; }

    /// <summary>How the starting points of replicas are drawn; the first one starts from the model.</summary>
    public Initialisation Initialisation { get; init; } = Initialisation.He;

    /// <summary>
    /// Whether each epoch visits the samples in a new random order; without, in their own order, so that a step can be compared
    /// with one taken elsewhere.
    /// </summary>
    public bool Shuffled { get; init; } = true;

    /// <summary>
    /// Epochs from one evaluation to the next. An evaluation takes forward passes over the whole training and test sets, at the
    /// parameters of the epoch's end, and makes an <see cref="EpochRecord"/>; it costs about a third of an epoch. The last epoch is
    /// always evaluated.
    /// </summary>
    public int EvaluateEvery { get; init; } = 1;

    /// <summary>Whether to stop as soon as an evaluation finds no training sample classified wrongly.</summary>
    public bool StopAtZeroTrainError { get; init; }

    /// <summary>The training error at which to stop, as soon as an evaluation finds no greater one; null for none.</summary>
    internal double? StopAtTrainError { get; init; }

    /// <summary>What training is called in its progress, where it is only a part of what was asked for.</summary>
    internal string? Stage { get; init; }

    /// <summary>A file to keep the state of training in; null for none. It is replaced whole, never half-written.</summary>
    public string? Checkpoint { get; init; }

    /// <summary>Epochs from one checkpoint to the next; the last epoch is always kept.</summary>
    public int CheckpointEvery { get; init; } = 1;

    /// <summary>
    /// Whether to go on from the checkpoint, to the very parameters that a run without interruption would have found. The
    /// starting model then only says the architecture.
    /// </summary>
    public bool Resume { get; init; }

    /// <summary>
    /// Bytes that each data set may take on the device; what does not fit is brought there batch by batch, which changes no
    /// number. 0 takes half of what the device has free.
    /// </summary>
    public long MemoryBudget { get; init; }

    /// <summary>Throws a <see cref="QuotientException"/> that names the first option that makes no sense.</summary>
    internal void Check()
    {
        Optimiser.Require(Epochs >= 0, "number of epochs", Epochs, "0 or more");
        Optimiser.Require(BatchSize >= 1, "batch size", BatchSize, "1 or more");
        Optimiser.Require(EvaluateEvery >= 1, "number of epochs between evaluations", EvaluateEvery, "1 or more");
        Optimiser.Require(CheckpointEvery >= 1, "number of epochs between checkpoints", CheckpointEvery, "1 or more");
        Optimiser.Require(MemoryBudget >= 0, "memory budget", MemoryBudget, "0 (half of what is free) or more bytes");
        Optimiser.Check();
        // A schedule that its own text does not describe makes no sense either.
        Schedule.Parse(Schedule.Text);
        CheckCheckpoint();
    }

    private void CheckCheckpoint()
    {
        if (Checkpoint is null)
        {
            Optimiser.Require(!Resume, "checkpoint", "not given", "a file to resume from");
            return;
        }

        Optimiser.Require(Checkpoint.Length > 0 && !Directory.Exists(Checkpoint), "checkpoint", $"'{Checkpoint}'", "the name of a file");
        // Found out now rather than after the first epoch.
        string folder = Path.GetDirectoryName(Path.GetFullPath(Checkpoint))!;
        Optimiser.Require(Directory.Exists(folder), "checkpoint", $"'{Checkpoint}'", "a file in a folder that exists");
    }
}
