using System.Diagnostics;
using Quotient.Reports;
using Quotient.Symmetry;

namespace Quotient.Cli.Commands;

/// <summary>Brings the units of one network into the places of another's.</summary>
internal sealed class MatchCommand() : EngineCommand(
    75, "match", "Bring the units of one network into the places of another's, its function unchanged.",
    "quotient match --model a.safetensors --to b.safetensors --out b2.safetensors --method weights")
{
    private static readonly string[] Methods = ["layerwise", "weights", "activations"];

    private readonly ModelOptions _model = new();
    private readonly InputOption _to = OptionOf.Input("--to", "FILE", "The network whose units change places, of the same architecture.");
    private readonly OutputOption _out = OptionOf.Output("--out", "Where to write that network, its units in their new places.", true);
    private readonly Option<string> _method = OptionOf.Choice(
        "--method", "What units are compared by. layerwise: their incoming weights; weights: all weights that touch them; activations: what they do on --data.",
        Methods[0], Methods);

    private readonly Option<int?> _starts = OptionOf.Whole("--starts", "Random starts of the method 'weights', beside that from the layerwise matching.", 0, 0);
    private readonly InputOption _data = OptionOf.Input(
        "--data", "DATA", "Data for the method 'activations', and to compare the outputs on; if not given, 256 normal inputs for that.", false);

    protected override IReadOnlyList<Option> Own => [.. _model.All, _to, _out, _method, _starts, _data];

    protected override Report Run(Invocation run)
    {
        string method = run.Get(_method), path = run.Get(_out)!;
        var kind = (MatchingMethod)Array.IndexOf(Methods, method);
        Check(run, method);
        var a = _model.Load(run);
        var b = _model.Load(run, run.Get(_to)!);
        b.CheckSavable(path);
        var data = run.Get(_data) is { } words ? run.OpenData(words) : null;
        var engine = run.Engine;
        run.StartClock();
        long start = Stopwatch.GetTimestamp();
        var options = new MatchingOptions { Method = kind, Starts = run.Get(_starts)!.Value, Seed = run.Seed, Data = data };
        var matching = Matcher.Match(engine, a, b, options, run.Begin("matching"), run.Stop);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        var moved = matching.Transformation.ApplyTo(b);
        var comparison = OutputComparison.Of(engine, b, moved, data, run.Seed, run.Begin("comparing outputs"), run.Stop);
        run.Files.Add((path, (_, file) => moved.Save(file)));
        return MatchingReport.Of(a, b, moved, matching, method, comparison, seconds).Fact("output", "model", path);
    }

    private void Check(Invocation run, string method)
    {
        if (method == "activations" && run.Get(_data) is null)
        {
            throw new QuotientException("--method is 'activations', which needs --data to compare activations on");
        }

        if (method != "weights" && run.Get(_starts) > 0)
        {
            throw new QuotientException($"--starts is {run.Get(_starts)}, but --method is '{method}'; random starts are of 'weights'");
        }
    }
}
