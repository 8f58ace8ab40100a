using Quotient.Experiments;
using Quotient.Reports;

namespace Quotient.Cli.Commands;

/// <summary>Runs the study of a paper and judges its statements; experiments register themselves in <see cref="Experiment.All"/>.</summary>
internal sealed class ExperimentCommand() : EngineCommand(
    78, "experiment", "Repeat the study of a paper at a size of your choice, and judge each of its statements by evidence.",
    "quotient experiment toroids --size small --out toroids --html toroids.html")
{
    private const string Both = "both";

    private readonly Argument<string> _name = new("NAME")
    {
        Description = string.Join(" ", Experiment.All.All.Select(experiment => $"{experiment.Name}: {experiment.Help}")),
    };

    private readonly Option<string> _size = OptionOf.Choice(
        "--size", "How much is trained: small takes two cores some half an hour; large wants a GPU and a day.", "small",
        [.. Experiment.All.All.SelectMany(experiment => experiment.Sizes).Distinct()]);

    private readonly Option<string> _data = OptionOf.Choice(
        "--data-set", "The data to train on.", Both, [.. Experiment.All.All.SelectMany(experiment => experiment.DataSets).Distinct(), Both]);

    private readonly Option<int?> _seeds = OptionOf.Whole("--seeds", "Nets of each kind, from different seeds; if not given, as many as the size has.", 2);
    private readonly Option<string?> _out = OptionOf.Text(
        "--out", "DIR", "The folder for nets and results. Where it holds a part of the same experiment, that is gone on with.", required: true);

    protected override IReadOnlyList<Argument> Places => [_name];

    protected override IReadOnlyList<Option> Own => [_size, _data, _seeds, _out];

    protected override Report Run(Invocation run)
    {
        var experiment = Experiment.All[run.Get(_name)];
        string folder = run.Get(_out)!, data = run.Get(_data);
        run.Outputs.ClaimTree(_out.Name, folder);
        var options = new ExperimentOptions
        {
            Size = run.Get(_size),
            DataSets = data == Both ? experiment.DataSets : [data],
            Seeds = run.Get(_seeds),
            Seed = run.Seed,
            Data = run.Data,
        };
        var shown = run.Begin(experiment.Name);
        var progress = new Relay<ExperimentProgress>(at =>
        {
            shown.Name = at.Stage;
            shown.Report(at.Done);
        });
        var found = experiment.Run(run.Engine, folder, options, run.Precision, progress, run.Stop);
        return ExperimentReport.Of(found, experiment.Help);
    }
}
