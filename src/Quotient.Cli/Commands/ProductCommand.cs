using System.CommandLine;

namespace Quotient.Cli.Commands;

/// <summary>Multiplies a vector by a curvature matrix.</summary>
internal sealed class ProductCommand : EngineCommand
{
    private readonly ProblemOptions _problem = new();
    private readonly Option<string> _operator = ProblemOptions.Operator();
    private readonly InputOption _vector = OptionOf.Input("--vector", "FILE", "The vector to multiply, flat, in PyTorch's order (.npy).");
    private readonly OutputOption _out = OptionOf.Output("--out", "Where to write the product (.npy).", true);

    public ProductCommand(CommonOptions common, Terminal terminal) : base(
        "product", "Multiply a vector by the Hessian or one of its relatives, over a whole data set.",
        "quotient product --operator hessian --model net.safetensors --data mnist:train --loss ce --vector v.npy --out hv.npy",
        common, terminal) =>
        Add([_operator, .. _problem.All, _vector, _out]);

    protected override void Run(Invocation run)
    {
    }
}
