using Quotient.Reports;

namespace Quotient.Cli.Commands;

/// <summary>Evaluates a network on data.</summary>
internal sealed class EvaluateCommand() : EngineCommand(
    30, "evaluate", "Compute a network's loss and error on data, by forward passes alone.",
    "quotient evaluate --model net.safetensors --data mnist:test --json test.json")
{
    private readonly SubjectOptions _subject = new();

    protected override IReadOnlyList<Option> Own => _subject.All;

    protected override Report Run(Invocation run)
    {
        var model = _subject.Model(run);
        var (data, loss) = (_subject.Data(run), _subject.Loss(run));
        var found = run.Engine.Evaluate(model, data, loss, run.Precision, run.Begin("evaluating"), run.Stop);
        return new Report("evaluation", "Evaluation").Of(model.Network, data).Loss(loss.Name, found.Loss, found.Error)
            .Fact("count", null, found.Samples);
    }
}
