using System.CommandLine;

namespace Quotient.Cli.Commands;

/// <summary>Trains a network.</summary>
internal sealed class TrainCommand : EngineCommand
{
    private readonly Option<string?> _arch = OptionOf.Text(
        "--arch", "WIDTHS", "Widths of the layers, input to output, such as 784-512-512-10; ReLU between.");

    private readonly Option<bool> _noBias = OptionOf.Flag("--no-bias", "Layers without biases.");
    private readonly InputOption _data = OptionOf.Input("--data", "DATA", "The training data, such as mnist:train.");
    private readonly InputOption _test = OptionOf.Input("--test", "DATA", "Data to test on after each epoch, such as mnist:test.", false);
    private readonly Option<int?> _epochs = OptionOf.Whole("--epochs", "Passes over the data; 0 writes the initialised net.", 0, 10);
    private readonly Option<string> _optimiser = OptionOf.Choice("--optimiser", "SGD with Nesterov momentum, or Adam.", "sgd", "sgd", "adam");
    private readonly Option<double?> _rate = OptionOf.Real(
        "--learning-rate", "Step size; 0.1 for sgd and 0.001 for adam unless given.", "a number above 0", value => value > 0);

    private readonly Option<double?> _momentum = OptionOf.Real(
        "--momentum", "Nesterov momentum of sgd; 0.9 unless given.", "a number from 0 to below 1", value => value is >= 0 and < 1);

    private readonly Option<double?> _decay = OptionOf.Real("--weight-decay", "L2 penalty.", "a number, 0 or more", value => value >= 0, 0);
    private readonly Option<int?> _batch = OptionOf.Whole("--batch", "Samples in a step.", 1, 128);
    private readonly Option<string?> _schedule = OptionOf.Text(
        "--schedule", "STEPS", "From which epoch to multiply the step size by what: 30:0.1,60:0.1 or step:30:0.1 for every 30.");

    private readonly Option<string> _init = OptionOf.Choice("--init", "How weights start.", "he", "he", "glorot", "pytorch");
    private readonly Option<string> _loss = OptionOf.Choice("--loss", "ce: cross-entropy on logits; mse: half the squared distance.", "ce", "ce", "mse");
    private readonly OutputOption _checkpoint = OptionOf.Output("--checkpoint", "Keep the state of training here after each epoch.");
    private readonly Option<bool> _resume = OptionOf.Flag("--resume", "Go on from --checkpoint.");
    private readonly OutputOption _out = OptionOf.Output("--out", "Where to write the net (.safetensors).", true);

    public TrainCommand(CommonOptions common, Terminal terminal) : base(
        "train", "Train a ReLU network, seeded and resumable.",
        "quotient train --arch 784-512-512-10 --data mnist:train --test mnist:test --epochs 10 --out net.safetensors", common, terminal)
    {
        _arch.Required = true;
        Add(
            _arch, _noBias, _data, _test, _epochs, _optimiser, _rate, _momentum, _decay, _batch, _schedule, _init, _loss, _checkpoint,
            _resume, _out);
    }

    protected override void Run(Invocation run)
    {
    }
}
