using Quotient.Data;

namespace Quotient.Experiments;

/// <summary>How an experiment is run.</summary>
public sealed record ExperimentOptions
{
    /// <summary>Its extent, one of <see cref="Experiment.Sizes"/>.</summary>
    public string Size { get; init; } = "small";

    /// <summary>The data sets, one of <see cref="Experiment.DataSets"/> each.</summary>
    public IReadOnlyList<string> DataSets { get; init; } = ["mnist", "fashion-mnist"];

    /// <summary>Nets trained alike, from different seeds; null: as many as the size has.</summary>
    public int? Seeds { get; init; }

    /// <summary>What everything random is drawn from.</summary>
    public ulong Seed { get; init; }

    /// <summary>Where data sets are kept.</summary>
    public DataOptions Data { get; init; } = new();
}

/// <summary>
/// A study of a paper, which ends in a verdict on each of its statements. A kind is one file: a class derived from this one that registers
/// itself in <see cref="All"/>. Everything is kept in a folder, so that a run which was stopped goes on where it was.
/// </summary>
/// <param name="name">Its name on the command line.</param>
/// <param name="help">What it is, as a sentence.</param>
public abstract class Experiment(string name, string help) : INamed
{
    /// <summary>All experiments, by name.</summary>
    public static Registry<Experiment> All { get; } = new("experiment");

    /// <inheritdoc/>
    public string Name => name;

    /// <summary>What it is.</summary>
    public string Help => help;

    /// <summary>Its extents, the smallest first.</summary>
    public abstract IReadOnlyList<string> Sizes { get; }

    /// <summary>The data sets that it knows.</summary>
    public abstract IReadOnlyList<string> DataSets { get; }

    /// <summary>Runs it, or goes on with it where the folder holds a part of it.</summary>
    /// <param name="engine">The device.</param>
    /// <param name="folder">Where nets and results are kept; it is made where it does not exist.</param>
    /// <param name="options">How it is run.</param>
    /// <param name="precision">The arithmetic's precision.</param>
    /// <param name="progress">Told how far it has come.</param>
    /// <param name="cancellationToken">Stops it; the folder keeps what was done.</param>
    /// <exception cref="QuotientException">
    /// An option makes no sense, or the folder holds something else: another experiment, one with other options, or other files.
    /// </exception>
    public ExperimentResult Run(
        Engine engine, string folder, ExperimentOptions? options = null, Precision precision = Precision.Single,
        IProgress<ExperimentProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        using var pass = engine.Backend.Gate.Enter();
        options ??= new();
        Check(options);
        ExperimentFolder.Open(folder, new()
        {
            ["experiment"] = Name,
            ["size"] = options.Size,
            ["data sets"] = string.Join(", ", options.DataSets),
            ["seeds"] = options.Seeds?.ToString(CultureInfo.InvariantCulture) ?? "as the size has",
            ["seed"] = options.Seed.ToString(CultureInfo.InvariantCulture),
            ["precision"] = precision == Precision.Double ? "double" : "single",
        });
        return Run(new(engine, folder, precision, progress, cancellationToken), options);
    }

    /// <summary>Runs it in a folder that is its own.</summary>
    private protected abstract ExperimentResult Run(ExperimentRun run, ExperimentOptions options);

    private void Check(ExperimentOptions options)
    {
        QuotientException.ThrowIf(
            !Sizes.Contains(options.Size), $"the size of {Name} is {Text.Quote(options.Size)}; it must be {Sentence.Or(Sizes)}");
        QuotientException.ThrowIf(
            options.Seeds is < 2, $"the number of seeds is {options.Seeds}; it must be 2 or more, since there are no pairs of one net");
        QuotientException.ThrowIf(options.DataSets.Count == 0, $"{Name} needs a data set; choose {Sentence.Or(DataSets)}");
        foreach (string unknown in options.DataSets.Except(DataSets))
        {
            throw new QuotientException($"the data set {Text.Quote(unknown)} is not one of {Name}; choose {Sentence.Or(DataSets)}");
        }
    }
}

/// <summary>How far an experiment has come.</summary>
/// <param name="Stage">What is done: <c>mnist/relu: training sgd-3</c>.</param>
/// <param name="Done">The share of all work that is done, from 0 to 1, as estimated from passes over the data.</param>
public readonly record struct ExperimentProgress(string Stage, double Done);

/// <summary>What an experiment runs with.</summary>
internal sealed record ExperimentRun(
    Engine Engine, string Folder, Precision Precision, IProgress<ExperimentProgress>? Progress, CancellationToken CancellationToken)
{
    private double _done;

    /// <summary>The work in all, in any unit.</summary>
    public double Work { get; set; } = 1;

    /// <summary>Begins a part of the work, which is told the share of it that is done.</summary>
    public IProgress<double> Begin(string stage, double work)
    {
        double before = _done;
        _done += work;
        CancellationToken.ThrowIfCancellationRequested();
        var share = new Relay<double>(part => Progress?.Report(new(stage, Math.Min(1, (before + (part * work)) / Work))));
        share.Report(0);
        return share;
    }
}
