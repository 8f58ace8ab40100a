using System.CommandLine;
using System.Numerics;
using Quotient.Linearisation;
using Quotient.Networks;

namespace Quotient.Cli.Commands;

/// <summary>Evaluates a network on data.</summary>
internal sealed class EvaluateCommand : EngineCommand
{
    private readonly InputOption _model = ProblemOptions.NewModel();
    private readonly InputOption _data = ProblemOptions.NewData();
    private readonly Option<string> _loss = ProblemOptions.NewLoss();

    public EvaluateCommand(CommonOptions common, Terminal terminal) : base(
        "evaluate", "Find a network's loss and error on data, by forward passes alone.",
        "quotient evaluate --model net.safetensors --data mnist:test --json test.json", common, terminal) =>
        Add([_model, _data, _loss]);

    protected override void Run(Invocation run)
    {
        var sheet = run.Precision == Precision.Double ? Evaluate<double>(run) : Evaluate<float>(run);
        sheet.Deliver(run);
    }

    private Sheet Evaluate<T>(Invocation run) where T : unmanaged, IFloatingPointIeee754<T>
    {
        using var progress = run.ShowProgress();
        var model = Model.Load(run.Get(_model)!);
        var data = run.OpenData(run.Get(_data)!, progress);
        progress.Begin("evaluating");
        using var engine = run.OpenEngine();
        var loss = Loss.Parse(run.Get(_loss));
        var found = Evaluation.Run<T>(engine, model, data, loss, run.Stop);
        Overflow.Check(found.Loss, "loss", run.Precision);
        var values = new
        {
            found.Loss,
            found.Error,
            Count = found.Samples,
            Network = model.Network.ToString(),
            Data = data.Name,
            LossName = loss.Name,
            Device = engine.Backend.Device.Id,
            Precision = run.PrecisionName,
            Command = run.CommandText,
        };
        List<string[]> rows =
        [
            ["network", $"{model.Network}, {Figure.Count(model.Network.ParameterCount, "parameter")}"],
            ["data", $"{data.Name}, {Figure.Count(data.Count, "sample")}"],
            [$"loss ({loss.Name})", Figure.Of(found.Loss)],
        ];
        if (found.Error is { } error)
        {
            rows.Add(["error", Figure.Share(error)]);
        }

        return new("Evaluation", values, Grid.Of(rows));
    }
}
