using System.CommandLine;
using System.Globalization;
using System.Numerics;
using Quotient.Measures;
using Quotient.Networks;

namespace Quotient.Cli.Commands;

/// <summary>Measures the discrete curvature of a binary network.</summary>
internal sealed class FlipsCommand : EngineCommand
{
    private readonly InputOption _model = ProblemOptions.NewModel();
    private readonly InputOption _data = ProblemOptions.NewData();
    private readonly Option<string> _loss = ProblemOptions.NewLoss();
    private readonly Option<string?> _probabilities = OptionOf.Text(
        "--probabilities", "P,P,…", "Probabilities with which each binary weight flips.", "0.005,0.01,0.02,0.05,0.1,0.15,0.2,0.25,0.3,0.35");

    private readonly Option<int?> _draws = OptionOf.Whole("--draws", "Draws of flips for each probability.", 1, 20);
    private readonly Option<int?> _single = OptionOf.Whole(
        "--single", "Single weights to flip, drawn at random; 0 for none.", 0, 1000);

    public FlipsCommand(CommonOptions common, Terminal terminal) : base(
        "flips", "Measure how error and loss of a binary network change when weights flip.",
        "quotient flips --model binary.safetensors --data mnist:test --probabilities 0.01,0.1,0.3", common, terminal) =>
        Add([_model, _data, _loss, _probabilities, _draws, _single]);

    protected override void Run(Invocation run)
    {
        var sheet = run.Precision == Precision.Double ? Measure<double>(run) : Measure<float>(run);
        sheet.Deliver(run);
    }

    private Sheet Measure<T>(Invocation run) where T : unmanaged, IFloatingPointIeee754<T>
    {
        var loss = Loss.Parse(run.Get(_loss));
        var options = new RandomFlipOptions
        {
            Probabilities = ReadProbabilities(run.Get(_probabilities)!),
            Draws = run.Get(_draws)!.Value,
            Seed = run.Seed,
            Loss = loss,
        };
        int count = run.Get(_single)!.Value;
        using var progress = run.ShowProgress();
        var model = Model.Load(run.Get(_model)!);
        var data = run.OpenData(run.Get(_data)!, progress);
        using var engine = run.OpenEngine();
        var random = FlipEnergy.Random<T>(engine, model, data, options, Relay(progress.Begin("random flips")), run.Stop);
        var single = count == 0 ? null : FlipEnergy.Single<T>(
            engine, model, data, new() { Count = count, Seed = run.Seed, Loss = loss }, Relay(progress.Begin("single flips")), run.Stop);
        var values = new
        {
            Network = model.Network.ToString(),
            Data = data.Name,
            Samples = data.Count,
            LossName = loss.Name,
            random.Base.Loss,
            random.Base.Error,
            Random = random.Points,
            Single = single?.Flips,
            Device = engine.Backend.Device.Id,
            Precision = run.PrecisionName,
            run.Seed,
            Command = run.CommandText,
        };
        return new("Energies of flips", values, Subject(model, data.Name, random.Base), RandomGrid(random), SingleGrid(single));
    }

    private static Relay<double> Relay(ProgressStage stage) => new(stage.Report);

    private static List<double> ReadProbabilities(string words)
    {
        var read = new List<double>();
        foreach (string word in words.Split(','))
        {
            if (!double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out double p) || p is not (>= 0 and <= 1))
            {
                throw new QuotientException($"--probabilities has '{word}'; it must be numbers from 0 to 1 with commas between");
            }

            read.Add(p);
        }

        return read;
    }

    private static Grid Subject(Model model, string data, Linearisation.Evaluation at)
    {
        List<string[]> rows =
        [
            ["network", $"{model.Network}, {Figure.Count(model.Network.ParameterCount, "parameter")}"],
            ["data", $"{data}, {Figure.Count(at.Samples, "sample")}"],
            ["loss", Figure.Of(at.Loss)],
        ];
        if (at.Error is { } error)
        {
            rows.Add(["error", Figure.Share(error)]);
        }

        return Grid.Of(rows);
    }

    private static Grid RandomGrid(RandomFlips random) => new(
        ["flipped with probability", "change of error", "standard error", "change of loss", "standard error"],
        [.. random.Points.Select(point => new[]
        {
            Figure.Of(point.Probability), Figure.Share(point.Error?.Mean ?? double.NaN), Figure.Share(point.Error?.StandardError ?? double.NaN),
            Figure.Of(point.Loss.Mean), Figure.Of(point.Loss.StandardError),
        })]);

    private static Grid SingleGrid(SingleFlips? single) => new(
        ["layer", "single flips", "without effect", "mean change of loss", "largest", "most negative", "mean change of error"],
        [.. (single?.Flips ?? []).GroupBy(flip => flip.Layer).Select(layer => new[]
        {
            layer.Key, Figure.Count(layer.Count()), Figure.Share(layer.Average(flip => flip.Loss == 0 ? 1.0 : 0)),
            Figure.Of(layer.Average(flip => flip.Loss)), Figure.Of(layer.Max(flip => flip.Loss)), Figure.Of(layer.Min(flip => flip.Loss)),
            Figure.Share(layer.Average(flip => flip.Error) ?? double.NaN),
        })]);
}
