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
    }
}
