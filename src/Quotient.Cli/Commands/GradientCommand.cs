using Quotient.Data;
using Quotient.Reports;

namespace Quotient.Cli.Commands;

/// <summary>Writes the gradient of the loss.</summary>
internal sealed class GradientCommand() : EngineCommand(
    40, "gradient", "Write the gradient of the loss over a whole data set.",
    "quotient gradient --model net.safetensors --data mnist:train --loss ce --out g.npy")
{
    private readonly ProblemOptions _problem = new();
    private readonly OutputOption _out = OptionOf.Output("--out", "Where to write the gradient, a flat vector (.npy).", true);

    protected override IReadOnlyList<Option> Own => [.. _problem.All, _out];

    protected override Report Run(Invocation run)
    {
        using var problem = _problem.Pose(run, _problem.Model(run));
        double[] gradient = problem.Gradient(run.Begin("gradient"), run.Stop);
        run.Files.Add((run.Get(_out), (_, path) => Npy.WriteVector(path, gradient, run.Precision)));
        double norm = Problem.Norm(gradient);
        double? error = problem.GradientError(gradient, run.Begin("gradient in double"), run.Stop);
        return new Report("gradient", "Gradient").Of(problem)
            .Fact(new("gradientNorm", "gradient norm", norm) { Quantity = new(norm, error ?? 0) })
            .Fact("gradientError", null, error);
    }
}
