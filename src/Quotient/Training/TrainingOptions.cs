using Quotient.Results;
using Quotient.Training.Optimisers;

namespace Quotient.Training;

/// <summary>How a network is trained.</summary>
public sealed record TrainingOptions
{
    /// <summary>The loss to minimise; each step takes the gradient of its mean over the mini-batch.</summary>
    public Loss Loss { get; init; } = Loss.CrossEntropy;

    /// <summary>Passes over the training set, including those before a resumption; 0 does not train.</summary>
    public int Epochs { get; init; } = 10;

    /// <summary>Samples in a mini-batch. The last of an epoch may have fewer; a size above that of the set means the whole set.</summary>
    public int BatchSize { get; init; } = 128;

    /// <summary>The optimiser and its constants.</summary>
    public Optimiser Optimiser { get; init; } = new Sgd();

    /// <summary>The factor of the learning rate by epoch.</summary>
    public Schedule Schedule { get; init; } = Schedule.Constant;

    /// <summary>The seed of the epochs' orders and of all other random choices.</summary>
    public ulong Seed { get; init; }

    /// <summary>How the starting points of replicas are drawn, except that of the first, which is the model.</summary>
    public Initialisation Initialisation { get; init; } = Initialisation.He;

    /// <summary>
    /// Whether each epoch visits the samples in a new random order. If not, it keeps the order of the data set, so that steps can
    /// be compared with those of other programs.
    /// </summary>
    public bool Shuffled { get; init; } = true;

    /// <summary>
    /// Epochs from one evaluation to the next. An evaluation runs forward passes over the whole training and test sets, at the
    /// parameters at the end of the epoch, and makes an <see cref="EpochRecord"/>; it costs about a third of an epoch. The last
    /// epoch is always evaluated.
    /// </summary>
    public int EvaluateEvery { get; init; } = 1;

    /// <summary>Whether to stop at the first evaluation without a misclassified training sample.</summary>
    public bool StopAtZeroTrainError { get; init; }

    /// <summary>The training error to stop at, once an evaluation finds none greater; null for none.</summary>
    internal double? StopAtTrainError { get; init; }

    /// <summary>The name of this part of the training in its progress; null where it is the whole.</summary>
    internal string? Stage { get; init; }

    /// <summary>A file to keep the state of training in; null for none. It is replaced whole, never half-written.</summary>
    public string? Checkpoint { get; init; }

    /// <summary>Epochs from one checkpoint to the next; the last epoch is always kept.</summary>
    public int CheckpointEvery { get; init; } = 1;

    /// <summary>
    /// Whether to continue from the checkpoint, to exactly the parameters of a run without interruption. Of the starting model
    /// only the architecture counts then.
    /// </summary>
    public bool Resume { get; init; }

    /// <summary>
    /// Bytes that each data set may take on the device. What does not fit is copied there batch by batch, with the same results.
    /// 0 means half of the device's free memory.
    /// </summary>
    public long MemoryBudget { get; init; }

    /// <summary>Throws a <see cref="QuotientException"/> that names the first option outside its range.</summary>
    internal void Check()
    {
        Optimiser.Require(Epochs >= 0, "number of epochs", Epochs, "0 or more");
        Optimiser.Require(BatchSize >= 1, "batch size", BatchSize, "1 or more");
        Optimiser.Require(EvaluateEvery >= 1, "number of epochs between evaluations", EvaluateEvery, "1 or more");
        Optimiser.Require(CheckpointEvery >= 1, "number of epochs between checkpoints", CheckpointEvery, "1 or more");
        Optimiser.Require(MemoryBudget >= 0, "memory budget", MemoryBudget, "0 (half of what is free) or more bytes");
        Optimiser.Check();
        // A schedule built with senseless numbers is found out by reading its own text.
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
        // Checked now rather than found after the first epoch.
        string folder = Path.GetDirectoryName(Path.GetFullPath(Checkpoint))!;
        Optimiser.Require(Directory.Exists(folder), "checkpoint", $"'{Checkpoint}'", "a file in a folder that exists");
    }
}
