using System.CommandLine;
using Quotient.Networks;
using Quotient.Training;

namespace Quotient.Cli;

/// <summary>The options that say how to step.</summary>
internal sealed class OptimiserOptions
{
    private const string Sgd = "sgd", Adam = "adam", Sam = "sam", Asam = "asam", Rsgd = "rsgd", Adv = "adv";
    private const string Binary = "binarynet", ReplicatedBinary = "rbinarynet", AdvBinary = "adv-binarynet";
    private const double SgdRate = 0.1;

    private readonly Option<string> _optimiser = Optional(OptionOf.Choice(
        "--optimiser", "sgd (with Nesterov momentum), adam, sam, asam, rsgd (replicated), adv (from an adversarial start); for "
        + "binary nets binarynet, rbinarynet, adv-binarynet. binarynet for a binary --arch and sgd for others unless given.", null,
        Sgd, Adam, Sam, Asam, Rsgd, Adv, Binary, ReplicatedBinary, AdvBinary));

    private readonly Option<string> _recipe = Optional(OptionOf.Choice(
        "--recipe", "Published settings of optimiser, rate, momentum, batch and epochs; what is given beside it goes first.", null,
        Recipe.Names));

    private readonly Option<double?> _rate = OptionOf.Real(
        "--learning-rate", $"Step size; 0.001 for adam, {new BinaryNet().Rate} for binary nets and 0.1 for others unless given.",
        "a number above 0", value => value > 0);

    private readonly Option<double?> _momentum = OptionOf.Real(
        "--momentum", "Momentum; 0 for adv and binary nets and 0.9 for others unless given.", "a number from 0 to below 1",
        value => value is >= 0 and < 1);

    private readonly Option<double?> _decay = OptionOf.Real(
        "--weight-decay", "Times the parameters is added to the gradient.", "a number, 0 or more", value => value >= 0, 0);

    private readonly Option<double?> _radius = OptionOf.Real(
        "--rho", "Radius of sam and asam; 0.05 and 0.5 unless given.", "a number above 0", value => value > 0);

    private readonly Option<int?> _replicas = OptionOf.Whole("--replicas", "Replicas of rsgd and rbinarynet.", 2, 3);
    private readonly Option<double?> _growth = OptionOf.Real(
        "--coupling-growth", "How many times stronger the coupling of replicas is in the last epoch than at the start.",
        "a number, 1 or more", value => value >= 1, 1e4);

    private readonly Option<int?> _copies = OptionOf.Whole(
        "--copies", "Corrupted copies of each sample that adv and adv-binarynet start on.", 1, 1);

    private readonly Option<int?> _startEpochs = OptionOf.Whole(
        "--start-epochs", "The most epochs on those copies; fewer where 99.99 % of them are learnt before.", 1, 200);

    private readonly Option<double?> _startRate = OptionOf.Real(
        "--start-rate", "Step size on those copies; the default of --learning-rate unless given.", "a number above 0",
        value => value > 0);

    private readonly Option<double?> _realFactor = OptionOf.Real(
        "--real-factor", "Times the step size is that of the real weights and biases of a binary net.", "a number, 0 or more",
        value => value >= 0, new BinaryNet().RealFactor);

    /// <summary>The factors of the step size.</summary>
    public Option<string?> Schedule { get; } = OptionOf.Text(
        "--schedule", "STEPS",
        "Factors of the step size: 30:0.1,60:0.1 (after epochs 30 and 60), step:30:0.1 (after every 30), cosine:90 or constant.",
        "constant");

    /// <summary>Passes over the data.</summary>
    public Option<int?> Epochs { get; } = OptionOf.Whole(
        "--epochs", "Passes over the data; 0 writes the net as it starts.", 0, 10);

    /// <summary>Samples in a mini-batch.</summary>
    public Option<int?> Batch { get; } = OptionOf.Whole("--batch", "Samples in a step.", 1, 128);

    /// <summary>All of them, in the order of the help page.</summary>
    public IReadOnlyList<Option> All =>
    [
        _recipe, Epochs, Batch, _optimiser, _rate, _momentum, _decay, Schedule, _radius, _replicas, _growth, _copies, _startEpochs,
        _startRate, _realFactor,
    ];

    private IReadOnlyList<(Option Option, string[] Of)> Owned =>
    [
        (_momentum, [Sgd, Sam, Asam, Rsgd, Adv, Binary, ReplicatedBinary, AdvBinary]),
        (_decay, [Sgd, Adam, Sam, Asam, Rsgd]),
        (_radius, [Sam, Asam]),
        (_replicas, [Rsgd, ReplicatedBinary]),
        (_growth, [Rsgd, ReplicatedBinary]),
        (_copies, [Adv, AdvBinary]),
        (_startEpochs, [Adv, AdvBinary]),
        (_startRate, [Adv, AdvBinary]),
        (_realFactor, [Binary, ReplicatedBinary, AdvBinary]),
    ];

    /// <summary>The optimiser, epochs and batch size asked for.</summary>
    /// <exception cref="QuotientException">An option was given that the optimiser does not have.</exception>
    public TrainingOptions Read(Invocation run, Network network)
    {
        var recipe = Recipe.Find(run.Get(_recipe));
        string name = run.Get(_optimiser) ?? recipe?.Optimiser ?? (network.Tensors.Any(tensor => tensor.IsBinary) ? Binary : Sgd);
        foreach (var (option, of) in Owned.Where(owned => run.IsGiven(owned.Option) && !owned.Of.Contains(name)))
        {
            throw new QuotientException(
                $"{option.Name} means nothing to --optimiser {name}; it is an option of {string.Join(", ", of)}");
        }

        int epochs = run.IsGiven(Epochs) ? run.Get(Epochs)!.Value : recipe?.Epochs ?? run.Get(Epochs)!.Value;
        return new()
        {
            Optimiser = Make(run, name, epochs, recipe?.Optimiser == name ? recipe : null),
            Epochs = epochs,
            BatchSize = run.IsGiven(Batch) ? run.Get(Batch)!.Value : recipe?.Batch ?? run.Get(Batch)!.Value,
            Schedule = Training.Schedule.Parse(run.Get(Schedule)!),
        };
    }

    private Optimiser Make(Invocation run, string name, int epochs, Recipe? recipe)
    {
        double? rate = run.Get(_rate) ?? recipe?.Rate, momentum = run.Get(_momentum) ?? recipe?.Momentum;
        var adam = new Adam(rate ?? new Adam().Rate, WeightDecay: run.Get(_decay)!.Value);
        // The published settings are those of plain momentum.
        var sgd = new Sgd(rate ?? SgdRate, momentum ?? 0.9, recipe is null, run.Get(_decay)!.Value);
        var binary = new BinaryNet(rate ?? new BinaryNet().Rate, momentum ?? 0, run.Get(_realFactor)!.Value);
        return name switch
        {
            Adam => adam,
            Sam => run.Get(_radius) is { } radius ? new Sam(sgd, radius) : new Sam(sgd),
            Asam => run.Get(_radius) is { } radius ? new Asam(sgd, radius) : new Asam(sgd),
            Rsgd => Replicate(run, sgd, epochs),
            Adv => StartBadly(run, new Sgd(run.Get(_startRate) ?? SgdRate, 0, false), sgd with { Momentum = momentum ?? 0 }),
            Binary => binary,
            ReplicatedBinary => Replicate(run, binary, epochs),
            AdvBinary => StartBadly(run, binary with { Rate = run.Get(_startRate) ?? new BinaryNet().Rate, Momentum = 0 }, binary),
            _ => sgd,
        };
    }

    private Replicated Replicate(Invocation run, Optimiser each, int epochs) =>
        new(each, epochs, run.Get(_replicas)!.Value, run.Get(_growth)!.Value);

    private Adversarial StartBadly(Invocation run, Optimiser first, Optimiser then) =>
        new(first, then, run.Get(_copies)!.Value, MostEpochs: run.Get(_startEpochs)!.Value);

    private static Option<string> Optional(Option<string> option)
    {
        option.Required = false;
        return option;
    }
}
