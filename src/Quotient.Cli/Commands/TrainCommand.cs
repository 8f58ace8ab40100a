using Quotient.Networks;
using Quotient.Reports;
using Quotient.Results;
using Quotient.Training;
using Quotient.Training.Starts;

namespace Quotient.Cli.Commands;

/// <summary>Trains a network.</summary>
internal sealed class TrainCommand() : EngineCommand(
    20, "train", "Train a ReLU or binary network, seeded and resumable.",
    "quotient train --arch 784-512-512-10 --data mnist:train --test mnist:test --epochs 10 --out net.safetensors")
{
    private static readonly OrderedDictionary<string, Initialisation> Initialisations = new()
    {
        ["he"] = Initialisation.He,
        ["glorot"] = Initialisation.GlorotUniform,
        ["pytorch"] = Initialisation.PyTorch,
    };

    private static readonly OrderedDictionary<string, BinaryWeights> Weights = new()
    {
        ["shadow"] = BinaryWeights.Shadow,
        ["signs"] = BinaryWeights.Signs,
        ["packed"] = BinaryWeights.Packed,
    };

    private readonly Option<string?> _arch = OptionOf.Text(
        "--arch", "NETWORK", "Widths of dense layers, such as 784-512-512-10, with ReLU between; or lenet, alexnet-small, vgg16, vgg16-bn or "
        + "resnet20, with options: lenet,no-bias,input=3x32x32,classes=5; or the input's shape and a word for each layer: "
        + "conv:1x28x28,16c5p2,relu,max2,32c3,bn,relu,gap,10. There 16c5s1p2 is a convolution to 16 channels, window 5, stride 1, padding 2 "
        + "(16c5s1p2n: without bias, which it has before bn too unless it says so); max3s2p1 and avg2 pool, gap takes the mean of each channel, bn is batch norm, 10 a dense layer (10n: without "
        + "bias), flatten goes without saying, and res(16c3p1,bn,relu,16c3p1,bn) adds what goes in to what comes out. Before all of these, "
        + "binary: makes weights and activations ±1; its options precede the colon: binary,relu:… (ReLU between), binary,real-first:… (a "
        + "first layer of real weights), binary,binary-input=0.5:… (inputs become ±1).");

    private readonly InputOption _model = OptionOf.Input(
        "--model", "FILE", "Start from this network (.safetensors or .onnx) in place of one that is drawn; --arch then says what a state_dict is.",
        false);

    private readonly Option<bool> _noBias = OptionOf.Flag("--no-bias", "Leave out the biases.");
    private readonly InputOption _data = OptionOf.Input("--data", "DATA", "The training data, such as mnist:train.");
    private readonly InputOption _test = OptionOf.Input(
        "--test", "DATA", "Data to test on after each epoch, such as mnist:test.", false);

    private readonly Option<string> _loss = ProblemOptions.NewLoss();
    private readonly Option<bool> _stop = OptionOf.Flag(
        "--stop-at-zero-error", "Stop after the first epoch without training error.");

    private readonly OptimiserOptions _optimiser = new();
    private readonly Option<string> _init = OptionOf.Choice("--init", "Distribution of the initial weights.", "he", [.. Initialisations.Keys]);
    private readonly OutputOption _checkpoint = OptionOf.Output(
        "--checkpoint", "Save the state of training here after each epoch.", beside: ".start");

    private readonly Option<bool> _resume = OptionOf.Flag("--resume", "Continue from --checkpoint, made with the same options and data.");
    private readonly Option<string> _weights = OptionOf.Choice(
        "--weights", "What the file stores of binary layers. shadow: the real weights behind the signs, needed for further training and "
        + "surrogates; signs: ±1; packed: one bit a weight.", "shadow", [.. Weights.Keys]);

    private readonly OutputOption _out = OptionOf.Output("--out", "Where to write the trained network: .onnx, or another name for safetensors.", true);

    protected override IReadOnlyList<Option> Own =>
        [_arch, _model, _noBias, _data, _test, _loss, .. _optimiser.All, _stop, _init, _checkpoint, _resume, _weights, _out];

    /// <summary>Shows how training goes.</summary>
    public static IProgress<TrainingProgress> Progress(Invocation run) => run.Begin<TrainingProgress>("training", at =>
    {
        string most = at.Stage is null ? "" : "at most ";
        return (at.Stage ?? "training", $", epoch {at.Epoch} of {most}{at.Epochs}{Last(at.Last)}", at.Done);
    });

    protected override Report Run(Invocation run)
    {
        var given = run.Get(_arch) is { } arch ? Network.Parse(arch, !run.Get(_noBias)) : null;
        var start = run.Get(_model) is { } file ? Model.Load(file, given) : null;
        var network = start?.Network ?? given ?? throw new QuotientException("train needs --arch NETWORK, or --model FILE to start from");
        var options = ReadOptions(run, network);
        CheckStart(run, start, options);
        var weights = ReadWeights(run, network);
        var model = start?.In(run.Precision) ?? Model.Initialise(network, options.Initialisation, run.Seed, run.Precision);
        model.CheckSavable(run.Get(_out)!);
        var train = run.OpenData(run.Get(_data)!);
        var test = run.Get(_test) is { } words ? run.OpenData(words) : null;
        var engine = run.Engine;
        run.StartClock();
        var result = engine.Train(model, train, test, options, run.Precision, Progress(run), run.Stop);
        run.Files.Add((run.Get(_out), (_, path) => result.Model.Save(path, binaryWeights: weights)));
        var (log, corrupted) = (result.Log, result.Log.Start);
        return new Report("training", "Training").Of(network, train)
            .Fact("lossName", null, log.Loss)
            .Fact("optimiser", null, log.Optimiser)
            .Fact("schedule", null, log.Schedule)
            .Fact("adversarialStart", corrupted is null ? null : "start", Describe.Plain(corrupted), Start(corrupted))
            .Fact("steps", "trained", result.Steps, $"{result.Steps} steps in {Figures.Duration(result.Seconds)}, {log.Optimiser}")
            .Fact(null, "model", run.Get(_out))
            .Training(result.Epochs);
    }

    /// <summary>What is drawn cannot be given too.</summary>
    private void CheckStart(Invocation run, Model? start, TrainingOptions options)
    {
        if (start is not null && (run.IsGiven(_init) || run.IsGiven(_noBias)))
        {
            throw new QuotientException("--init and --no-bias are of networks that are drawn, not of --model");
        }

        if (start is not null && options.Optimiser.Replicas > 1)
        {
            throw new QuotientException(
                $"{options.Optimiser.Replicas} replicas start from networks that are drawn; give --arch alone, without --model");
        }
    }

    private TrainingOptions ReadOptions(Invocation run, Network network)
    {
        string? checkpoint = run.Get(_checkpoint);
        if (run.Get(_resume) && checkpoint is null)
        {
            throw new QuotientException("--resume needs --checkpoint FILE, the file to continue from");
        }

        return _optimiser.Read(run, network) with
        {
            Loss = Loss.Parse(run.Get(_loss)),
            Seed = run.Seed,
            Initialisation = Initialisations[run.Get(_init)],
            StopAtZeroTrainError = run.Get(_stop),
            Checkpoint = checkpoint,
            Resume = run.Get(_resume),
        };
    }

    private BinaryWeights ReadWeights(Invocation run, Network network)
    {
        if (run.IsGiven(_weights) && !network.Tensors.Any(tensor => tensor.IsBinary))
        {
            throw new QuotientException($"--weights is about binary layers, and the network {network} has none");
        }

        return Weights[run.Get(_weights)];
    }

    private static string? Start(AdversarialStart? start) => start is null ? null
        : $"{Figures.Counted(start.Epochs, "epoch")} on corrupted copies, error {Figures.Share(start.Error)}"
        + (start.IsReached ? "" : $", short of the {Figures.Share(start.Wanted)} wanted");

    private static string Last(EpochRecord? last) => last is null ? ""
        : $", loss {Figures.Plain(last.TrainLoss, 3)}, error {Describe.Share(last.TrainError)}"
        + (last.TestError is { } error ? $", test error {Describe.Share(error)}" : "");
}
