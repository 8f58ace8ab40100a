using Quotient.Experiments;
using Quotient.Reports;
using Quotient.Symmetry;

namespace Quotient.Cli.Commands;

/// <summary>Measures the error landscape around and between the nets of a folder.</summary>
internal sealed class LandscapeCommand() : EngineCommand(
    76, "landscape", "Measure flatness, distances and barriers around and between trained nets, with and without their symmetries.",
    "quotient landscape nets --data mnist:train --test mnist:test --html landscape.html")
{
    private static readonly OrderedDictionary<string, MatchingMethod> Methods = new()
    {
        ["layerwise"] = MatchingMethod.Layerwise,
        ["weights"] = MatchingMethod.Weights,
        ["activations"] = MatchingMethod.Activations,
    };

    private static readonly OrderedDictionary<string, PairSelection> Selections = new()
    {
        ["all"] = PairSelection.All,
        ["within"] = PairSelection.Within,
    };

    private readonly Argument<string> _folder = new("DIR")
    {
        Description = "The folder of nets, .safetensors or .onnx, all of one architecture. A net's group is its file's name up to the last "
            + "hyphen, or without the number at its end: rsgd-1.safetensors is in group rsgd, as rsgd1.safetensors is.",
    };

    private readonly Option<string?> _arch = OptionOf.Text("--arch", "ARCH", "What the nets are, as 'quotient train' takes it, where files do not say.");
    private readonly InputOption _data = OptionOf.Input("--data", "DATA", "The training data, such as mnist:train.");
    private readonly InputOption _test = OptionOf.Input("--test", "DATA", "The test data, such as mnist:test.");
    private readonly Option<int?> _points = OptionOf.Whole("--points", "Points of each path, both ends among them.", 2, 11, 1001);
    private readonly Option<string> _pairs = OptionOf.Choice(
        "--pairs", "Between which nets paths are laid: all, or those within a group.", "all", [.. Selections.Keys]);

    private readonly Option<string?> _levels = OptionOf.Text(
        "--levels", "X,X,…", "Levels of noise: of real nets, as multiples of each weight, 0.1,0.2,0.3,0.4,0.5 if not given; of binary ones, "
        + "probabilities of flips, 0.01,0.02,0.05,0.1,0.2.");

    private readonly Option<double?> _flatness = OptionOf.Real(
        "--flatness-level", "The level whose rise of error is called the flatness; 0.5 of real and 0.1 of binary nets, or the last, if not given.",
        "a number above 0", value => value > 0);

    private readonly Option<int?> _draws = OptionOf.Whole("--draws", "Random draws of noise at each level.", 1, 20);
    private readonly Option<int?> _orders = OptionOf.Whole("--orders", "Random orders of flips along each path, of binary nets.", 1, 5);
    private readonly Option<string> _method = OptionOf.Choice(
        "--method", "What units are matched by: incoming weights, layer by layer; all weights that touch them; activations on the training data.",
        "layerwise", [.. Methods.Keys]);

    private readonly Option<string> _loss = SubjectOptions.NewLoss();

    protected override IReadOnlyList<Argument> Places => [_folder];

    protected override IReadOnlyList<Option> Own =>
        [_arch, _data, _test, _points, _pairs, _levels, _flatness, _draws, _orders, _method, _loss];

    protected override Report Run(Invocation run)
    {
        var options = new LandscapeOptions
        {
            Points = run.Get(_points)!.Value,
            Pairs = Selections[run.Get(_pairs)],
            Levels = run.Get(_levels) is { } words ? ReadLevels(words) : null,
            FlatnessLevel = run.Get(_flatness),
            Draws = run.Get(_draws)!.Value,
            Orders = run.Get(_orders)!.Value,
            Method = Methods[run.Get(_method)],
            Loss = Loss.Parse(run.Get(_loss)),
            Seed = run.Seed,
        };
        run.Outputs.AddRead(_folder.Name, NetFolder.FilesOf(run.Get(_folder)));
        var nets = NetFolder.Read(run.Get(_folder), run.Get(_arch) is { } architecture ? Network.Parse(architecture) : null);
        var (train, test) = (run.OpenData(run.Get(_data)!), run.OpenData(run.Get(_test)!));
        var shown = run.Begin("landscape");
        var progress = new Relay<LandscapeProgress>(at =>
        {
            shown.Name = at.Stage;
            shown.Report(at.Done);
        });
        return LandscapeReport.Of(Landscape.Of(run.Engine, nets, train, test, options, run.Precision, progress, run.Stop));
    }

    private static List<double> ReadLevels(string words) =>
    [
        .. from word in words.Split(',')
           select double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out double level) && level > 0 && double.IsFinite(level)
               ? level
               : throw new QuotientException($"--levels has '{word}'; it must be numbers above 0, separated by commas"),
    ];
}
