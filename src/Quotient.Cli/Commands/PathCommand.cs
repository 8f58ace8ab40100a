using Quotient.Reports;
using Quotient.Symmetry;
using Quotient.Training.Optimisers;

namespace Quotient.Cli.Commands;

/// <summary>Evaluates paths between two networks.</summary>
internal sealed class PathCommand() : EngineCommand(
    74, "path", "Follow the error and the loss along a path between two networks whose symmetries are removed, and measure its barrier.",
    "quotient path --model a.safetensors --to b.safetensors --data mnist:train --test mnist:test --bend --html path.html")
{
    private readonly SubjectOptions _subject = new();
    private readonly InputOption _to = OptionOf.Input("--to", "FILE", "The network that the path leads to, of the same architecture.");
    private readonly InputOption _test = OptionOf.Input("--test", "DATA", "Data to test on along the path, such as mnist:test.", false);
    private readonly Option<int?> _points = OptionOf.Whole("--points", "Points on the path, both ends among them.", 2, 25, 100_000);
    private readonly Option<string> _align = OptionOf.Choice(
        "--align", "The symmetries that are removed first. normalise: scales, by the standard form; match: permutations and flips; both: all.",
        "both", [.. Enum.GetNames<Alignment>().Select(name => name.ToLowerInvariant())]);

    private readonly Option<string> _method = OptionOf.Choice(
        "--method", "What units are matched by: their incoming weights, all weights that touch them, or their activations on --data.", "layerwise",
        "layerwise", "weights", "activations");

    private readonly Option<string> _geometry = OptionOf.Choice(
        "--geometry", "What the path is: straight, or great circles for the weights of each unit; of a binary network flips in random orders.",
        "geodesic", "linear", "geodesic");

    private readonly Option<int?> _orders = OptionOf.Whole("--orders", "Random orders of flips along the path of a binary network.", 1, 5);
    private readonly Option<string> _norms = OptionOf.Choice(
        "--batch-norm", "What is done with batch norms. fold: they become part of the weights; recompute: their statistics on --data are computed "
        + "anew at each point, the ends too.", "fold", "fold", "recompute");

    private readonly Option<bool> _all = OptionOf.Flag(
        "--all", "Compare all paths: each of --align with each of --geometry, in one table.");

    private readonly Option<bool> _bend = OptionOf.Flag(
        "--bend", "Also train a path with one bend, of two straight segments between the networks, matched where --align does so.");

    private readonly Option<int?> _epochs = OptionOf.Whole("--bend-epochs", "Passes over the data to train the bend.", 1, 20);
    private readonly Option<double?> _rate = OptionOf.Real(
        "--bend-rate", "Step size of the bend's training; if not given 0.05, or 100 for binary networks.", "a number above 0", rate => rate > 0);

    private readonly Option<int?> _batch = OptionOf.Whole("--bend-batch", "Samples in a step of the bend's training.", 1, 128);

    protected override IReadOnlyList<Option> Own =>
    [
        .. _subject.All, _to, _test, _points, _align, _method, _geometry, _orders, _norms, _all, _bend, _epochs, _rate, _batch,
    ];

    protected override Report Run(Invocation run)
    {
        CheckUse(run);
        var options = ReadOptions(run);
        var (a, b) = (_subject.Model(run), _subject.Model(run, _to));
        CheckUse(run, a.Network.Tensors.Any(tensor => tensor.IsBinary));
        var (data, test) = (_subject.Data(run), run.Get(_test) is { } words ? run.OpenData(words) : null);
        var engine = run.Engine;
        run.StartClock();
        var conditions = run.Get(_all)
            ? Paths.Conditions(engine, a, b, data, test, options, run.Precision, run.Begin("paths"), run.Stop)
            : [new(options.Alignment, Paths.Between(engine, a, b, data, test, options, run.Precision, run.Begin("path"), run.Stop))];
        var found = conditions.Select(condition => condition.Path.Transformation).FirstOrDefault(one => one is not null);
        var bend = !run.Get(_bend) ? null : Bends.Train(
            engine, a, b, data, test, ReadBend(run, options with { Transformation = found }, a), run.Precision, run.Begin("bend"), run.Stop);
        var (first, kind) = (conditions[0].Path.Points[0], options.Loss.Name);
        var report = new Report("path", "Path").Of(a.Network, data).Loss(kind, first.Loss.Mean, first.Error?.Mean)
            .Fact("to", "to", run.Get(_to)).Fact("method", found is null ? null : "matched by", found is null ? null : run.Get(_method));
        return run.Get(_all) ? PathReport.Conditions(report, conditions, bend) : PathReport.Of(report, conditions[0], bend);
    }

    /// <summary>An option that would change nothing is a mistake.</summary>
    private void CheckUse(Invocation run)
    {
        bool all = run.Get(_all), bend = run.Get(_bend);
        (Option Option, bool IsIdle, string Why)[] uses =
        [
            (_align, all && !bend, "beside --all"), (_geometry, all, "beside --all"), (_epochs, !bend, "without --bend"),
            (_rate, !bend, "without --bend"), (_batch, !bend, "without --bend"),
            (_method, !all && run.Get(_align) is "none" or "normalise", "where nothing is matched"),
        ];
        foreach (var (option, _, why) in uses.Where(use => use.IsIdle && run.IsGiven(use.Option)))
        {
            throw new QuotientException($"{option.Name} has no effect {why}");
        }

        if (bend && run.Get(_points) % 2 == 0)
        {
            throw new QuotientException($"--points is {run.Get(_points)}; beside --bend it must be odd, so that the bend is among the points");
        }
    }

    /// <summary>The same of options that real or binary networks alone have.</summary>
    private void CheckUse(Invocation run, bool isBinary)
    {
        string kind = isBinary ? "of binary networks, whose paths are orders of flips" : "of networks without binary weights";
        if (new Option[] { isBinary ? _geometry : _orders }.FirstOrDefault(run.IsGiven) is { } idle)
        {
            throw new QuotientException($"{idle.Name} has no effect on paths {kind}");
        }
    }

    private PathOptions ReadOptions(Invocation run) => new()
    {
        Points = run.Get(_points)!.Value,
        Alignment = Enum.Parse<Alignment>(run.Get(_align), ignoreCase: true),
        Geometry = Enum.Parse<Geometry>(run.Get(_geometry), ignoreCase: true),
        Matching = new() { Method = Enum.Parse<MatchingMethod>(run.Get(_method), ignoreCase: true), Seed = run.Seed },
        Loss = _subject.Loss(run),
        Orders = run.Get(_orders)!.Value,
        Seed = run.Seed,
        RecomputesNorms = run.Get(_norms) == "recompute",
    };

    private BendOptions ReadBend(Invocation run, PathOptions path, Model model)
    {
        bool isBinary = model.Network.Tensors.Any(tensor => tensor.IsBinary);
        return new()
        {
            Path = path,
            Epochs = run.Get(_epochs)!.Value,
            BatchSize = run.Get(_batch)!.Value,
            Optimiser = run.Get(_rate) is not { } rate ? null : isBinary ? new BinaryNet(rate) : new Sgd(rate),
        };
    }
}
