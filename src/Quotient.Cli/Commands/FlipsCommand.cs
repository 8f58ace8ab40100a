using Quotient.Measures;
using Quotient.Reports;

namespace Quotient.Cli.Commands;

/// <summary>Measures the discrete curvature of a binary network.</summary>
internal sealed class FlipsCommand() : EngineCommand(
    70, "flips", "Measure how the error and the loss of a binary network change when weights flip.",
    "quotient flips --model binary.safetensors --data mnist:test --probabilities 0.01,0.1,0.3")
{
    private readonly SubjectOptions _subject = new();
    private readonly Option<string?> _probabilities = OptionOf.Text(
        "--probabilities", "P,P,…", "Probabilities with which each binary weight flips.", "0.005,0.01,0.02,0.05,0.1,0.15,0.2,0.25,0.3,0.35");

    private readonly Option<int?> _draws = OptionOf.Whole("--draws", "Random draws of flips for each probability.", 1, 20);
    private readonly Option<int?> _single = OptionOf.Whole(
        "--single", "Single weights to flip, drawn at random; 0 for none.", 0, 1000);

    protected override IReadOnlyList<Option> Own => [.. _subject.All, _probabilities, _draws, _single];

    protected override Report Run(Invocation run)
    {
        var loss = _subject.Loss(run);
        var options = new RandomFlipOptions
        {
            Probabilities = NumberList.Read("--probabilities", run.Get(_probabilities)!, "numbers from 0 to 1", p => p is >= 0 and <= 1),
            Draws = run.Get(_draws)!.Value,
            Seed = run.Seed,
            Loss = loss,
        };
        int count = run.Get(_single)!.Value;
        var model = _subject.Model(run);
        var data = _subject.Data(run);
        var random = run.Engine.RandomFlips(model, data, options, run.Precision, run.Begin("random flips"), run.Stop);
        var single = count == 0 ? null : run.Engine.SingleFlips(
            model, data, new() { Count = count, Seed = run.Seed, Loss = loss }, run.Precision, run.Begin("single flips"), run.Stop);
        return new Report("flips", "Energies of flips").Of(model.Network, data).Loss(loss.Name, random.Base.Loss, random.Base.Error)
            .Fact("random", null, random.Points.Select(FieldsOf))
            .Fact("single", null, single?.Flips.Select(FieldsOf))
            .Table(Random("random", null, random.Points))
            .Table(Random(null, "Random flips", random.Points))
            .Table(Single(single?.Flips ?? []));
    }

    private static Fields FieldsOf(RandomFlipPoint point) => new(
        ("probability", point.Probability), ("draws", point.Draws), ("error", FieldsOf(point.Error)), ("loss", FieldsOf(point.Loss)));

    private static Fields? FieldsOf(EnergyEstimate? energy) => energy is not { } known ? null : new(
        ("mean", known.Mean), ("standardError", Figures.Known(known.StandardError)));

    private static Fields FieldsOf(SingleFlip flip) =>
        new(("index", flip.Index), ("layer", flip.Layer), ("error", flip.Error), ("loss", flip.Loss));

    private static Table Random(string? key, string? title, IReadOnlyList<RandomFlipPoint> points) => Table.Of(
        key, title, points,
        new("probability", "probability", point => point.Probability),
        new("draws", null, point => point.Draws),
        new("error", "change of error", point => point.Error?.Mean, point => Describe.Share(point.Error?.Mean)),
        new(
            "errorStandardError", "standard error", point => Figures.Known(point.Error?.StandardError ?? double.NaN),
            point => Describe.Share(point.Error?.StandardError)),
        new("loss", "change of loss", point => point.Loss.Mean),
        new(
            "lossStandardError", "standard error", point => Figures.Known(point.Loss.StandardError),
            point => Figures.Plain(point.Loss.StandardError)));

    private static Table Single(IReadOnlyList<SingleFlip> flips) => Table.Of(
        null, "Single flips by layer", flips.GroupBy(flip => flip.Layer),
        new(null, "layer", layer => layer.Key),
        new(null, "flips", layer => layer.Count()),
        new(null, "without effect", layer => null, layer => Describe.Share(layer.Average(flip => flip.Loss == 0 ? 1.0 : 0))),
        new(null, "mean change of loss", layer => layer.Average(flip => flip.Loss)),
        new(null, "largest", layer => layer.Max(flip => flip.Loss)),
        new(null, "most negative", layer => layer.Min(flip => flip.Loss)),
        new(null, "mean change of error", layer => null, layer => Describe.Share(layer.Average(flip => flip.Error))));
}
