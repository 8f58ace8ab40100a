using System.CommandLine;
using System.Globalization;
using System.Numerics;
using Quotient.Networks;
using Quotient.Results;
using Quotient.Training;
using Quotient.Training.Starts;

namespace Quotient.Cli.Commands;

/// <summary>Trains a network.</summary>
internal sealed class TrainCommand : EngineCommand
{
    private readonly Option<string?> _arch = OptionOf.Text(
        "--arch", "WIDTHS", "Widths of the layers, such as 784-512-512-10, with ReLU between; binary:784-501-501-10: weights and "
        + "activations of ±1; binary,relu: or binary,real-first: or binary,binary-input=0.5: in part.");

    private readonly Option<bool> _noBias = OptionOf.Flag("--no-bias", "Layers without biases.");
    private readonly InputOption _data = OptionOf.Input("--data", "DATA", "The training data, such as mnist:train.");
    private readonly InputOption _test = OptionOf.Input(
        "--test", "DATA", "Data to test on after each epoch, such as mnist:test.", false);

    private readonly Option<string> _loss = ProblemOptions.NewLoss();
    private readonly Option<bool> _stop = OptionOf.Flag(
        "--stop-at-zero-error", "Stop after the first epoch that leaves no training error.");

    private readonly OptimiserOptions _optimiser = new();
    private readonly Option<string> _init = OptionOf.Choice("--init", "How weights start.", "he", "he", "glorot", "pytorch");
    private readonly OutputOption _checkpoint = OptionOf.Output(
        "--checkpoint", "Keep the state of training here after each epoch.");

    private readonly Option<bool> _resume = OptionOf.Flag("--resume", "Go on from --checkpoint.");
    private readonly Option<string> _weights = OptionOf.Choice(
        "--weights", "What the file keeps of binary layers: shadow: the real weights behind the signs, for further training and "
        + "surrogates; signs: ±1; packed: bits.", "shadow", "shadow", "signs", "packed");

    private readonly OutputOption _out = OptionOf.Output("--out", "Where to write the net (.safetensors).", true);

    public TrainCommand(CommonOptions common, Terminal terminal) : base(
        "train", "Train a ReLU or binary network, seeded and resumable.",
        "quotient train --arch 784-512-512-10 --data mnist:train --test mnist:test --epochs 10 --out net.safetensors",
        common, terminal)
    {
        _arch.Required = true;
        Add([_arch, _noBias, _data, _test, _loss, .. _optimiser.All, _stop, _init, _checkpoint, _resume, _weights, _out]);
    }

    protected override void Run(Invocation run)
    {
        var sheet = run.Precision == Precision.Double ? Train<double>(run) : Train<float>(run);
        sheet.Deliver(run);
    }

    private Sheet Train<T>(Invocation run) where T : unmanaged, IFloatingPointIeee754<T>
    {
        var network = Network.Parse(run.Get(_arch)!, !run.Get(_noBias));
        var options = ReadOptions(run, network);
        var weights = ReadWeights(run, network);
        var model = Model.Initialise(network, ReadInitialisation(run), run.Seed, run.Precision);
        using var progress = run.ShowProgress();
        var train = run.OpenData(run.Get(_data)!, progress);
        var test = run.Get(_test) is { } words ? run.OpenData(words, progress) : null;
        using var engine = run.OpenEngine();
        var result = Trainer.Run<T>(engine, model, train, test, options, TrainingStage.Begin(progress), run.Stop);
        result.Model.Save(run.Get(_out)!, binaryWeights: weights);
        var values = new
        {
            Network = network.ToString(),
            Parameters = network.ParameterCount,
            Data = train.Name,
            Samples = train.Count,
            result.Log.Optimiser,
            result.Log.Schedule,
            AdversarialStart = result.Log.Start,
            Training = result.Epochs,
            result.Steps,
            result.Seconds,
            Device = engine.Backend.Device.Id,
            Precision = run.PrecisionName,
            run.Seed,
            Command = run.CommandText,
        };
        string steps = string.Create(CultureInfo.InvariantCulture, $"{result.Steps} steps in {result.Seconds:0.0} s");
        return new("Training", values, Epochs(result.Epochs), Grid.Of(
        [
            ["network", $"{network}, {Figure.Count(network.ParameterCount, "parameter")}"],
            ["data", $"{train.Name}, {Figure.Count(train.Count, "sample")}"],
            .. Start(result.Log.Start),
            ["trained", $"{steps}, {result.Log.Optimiser}"],
            ["written", run.Get(_out)!],
        ]))
        {
            Training = result.Epochs,
        };
    }

    private TrainingOptions ReadOptions(Invocation run, Network network)
    {
        string? checkpoint = run.Get(_checkpoint);
        if (run.Get(_resume) && checkpoint is null)
        {
            throw new QuotientException("--resume needs --checkpoint FILE, the file to go on from");
        }

        return _optimiser.Read(run, network) with
        {
            Loss = Loss.Parse(run.Get(_loss)),
            Seed = run.Seed,
            Initialisation = ReadInitialisation(run),
            StopAtZeroTrainError = run.Get(_stop),
            Checkpoint = checkpoint,
            Resume = run.Get(_resume),
        };
    }

    private Initialisation ReadInitialisation(Invocation run) => run.Get(_init) switch
    {
        "glorot" => Initialisation.GlorotUniform,
        "pytorch" => Initialisation.PyTorch,
        _ => Initialisation.He,
    };

    private BinaryWeights ReadWeights(Invocation run, Network network)
    {
        if (run.IsGiven(_weights) && !network.Tensors.Any(tensor => tensor.IsBinary))
        {
            throw new QuotientException($"--weights says what a file keeps of binary layers, and the network {network} has none");
        }

        return run.Get(_weights) switch
        {
            "signs" => BinaryWeights.Signs,
            "packed" => BinaryWeights.Packed,
            _ => BinaryWeights.Shadow,
        };
    }

    /// <summary>Says where an adversarial start did not get as far as it should.</summary>
    private static IEnumerable<string[]> Start(AdversarialStart? start)
    {
        if (start is not null)
        {
            string end = start.IsReached ? "" : $", short of the {Figure.Share(start.Wanted)} wanted";
            yield return ["start", $"{Figure.Count(start.Epochs, "epoch")} on corrupted copies, error {Figure.Share(start.Error)}{end}"];
        }
    }

    private static Grid Epochs(IReadOnlyList<EpochRecord> epochs)
    {
        bool tested = epochs.Any(epoch => epoch.TestLoss is not null);
        string[] header = ["epoch", "train loss", "train error", .. tested ? new[] { "test loss", "test error" } : []];
        return new(header, [.. epochs.Select(epoch => Cells(epoch)[..header.Length])]);
    }

    private static string[] Cells(EpochRecord epoch) =>
    [
        epoch.Epoch.ToString(CultureInfo.InvariantCulture), Figure.Of(epoch.TrainLoss), Figure.Share(epoch.TrainError),
        Figure.Of(epoch.TestLoss ?? double.NaN), Figure.Share(epoch.TestError ?? double.NaN),
    ];
}
