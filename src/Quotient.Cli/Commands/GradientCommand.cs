using System.Numerics;
using Quotient.Data;
using Quotient.Networks;

namespace Quotient.Cli.Commands;

/// <summary>Writes the gradient of the loss.</summary>
internal sealed class GradientCommand : EngineCommand
{
    private readonly ProblemOptions _problem = new();
    private readonly OutputOption _out = OptionOf.Output("--out", "Where to write the gradient, a flat vector (.npy).", true);

    public GradientCommand(CommonOptions common, Terminal terminal) : base(
        "gradient", "Write the gradient of the loss over a whole data set.",
        "quotient gradient --model net.safetensors --data mnist:train --loss ce --out g.npy", common, terminal) =>
        Add([.. _problem.All, _out]);

    protected override void Run(Invocation run)
    {
        var sheet = run.Precision == Precision.Double ? Compute<double>(run) : Compute<float>(run);
        sheet.Deliver(run);
    }

    private Sheet Compute<T>(Invocation run) where T : unmanaged, IFloatingPointIeee754<T>
    {
        using var progress = run.ShowProgress();
        var model = Model.Load(run.Get(_problem.Model)!);
        using var problem = Problem<T>.Open(run, _problem, model, progress);
        problem.ShowPass(progress.Begin("gradient"));
        var (gradient, norm) = problem.Gradient();
        Npy.WriteVector(run.Get(_out)!, gradient, run.Precision);
        var figures = Grid.Of([.. problem.Rows(), ["gradient norm", Figure.Of(norm)]]);
        var values = new
        {
            problem.Surrogate,
            problem.At.Loss,
            problem.At.Error,
            GradientNorm = norm,
            Parameters = problem.At.Dimension,
            problem.At.Samples,
            problem.Seconds,
            Device = problem.Device.Id,
            DeviceName = problem.Device.Name,
            Precision = run.PrecisionName,
            run.Seed,
            Command = run.CommandText,
        };
        return new("Gradient", values, figures);
    }
}
