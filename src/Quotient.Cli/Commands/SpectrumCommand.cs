using System.CommandLine;

namespace Quotient.Cli.Commands;

/// <summary>Analyses the spectrum of a curvature matrix.</summary>
internal sealed class SpectrumCommand : EngineCommand
{
    private readonly ProblemOptions _problem = new();
    private readonly Option<string> _operator = ProblemOptions.Operator();
    private readonly Option<int?> _top = OptionOf.Whole("--top", "How many of the largest eigenvalues.", 1, 5, helpName: "K");
    private readonly Option<int?> _bottom = OptionOf.Whole(
        "--bottom", "How many of the smallest (most negative) eigenvalues; none unless given.", 1, helpName: "K");

    private readonly Option<double?> _tolerance = OptionOf.Real(
        "--tolerance", "An eigenvalue has converged when its residual is below this share of it.",
        "a number above 0 and below 1", value => value is > 0 and < 1, 1e-4);

    private readonly Option<int?> _maxProducts = OptionOf.Whole(
        "--max-products", "Give up after this many products; what has not converged by then is marked so.", 1);

    private readonly Option<bool> _trace = OptionOf.Flag("--trace", "Also the trace, exact where an identity gives it.");
    private readonly Option<bool> _density = OptionOf.Flag("--density", "Also the density of eigenvalues.");
    private readonly Option<int?> _densitySteps = OptionOf.Whole("--density-steps", "Lanczos steps of each density probe.", 2, 100);
    private readonly Option<int?> _densityProbes = OptionOf.Whole("--density-probes", "Random probes of the density.", 1, 2);
    private readonly Option<string> _densityConvention = OptionOf.Choice(
        "--density-convention", "Whose convention sets the width of the smoothing.", "pyhessian", "pyhessian", "papyan");

    private readonly Option<bool> _logDet = OptionOf.Flag("--log-det", "Also the log determinant.");
    private readonly Option<bool> _perLayer = OptionOf.Flag("--per-layer", "Also each layer's own diagonal block.");
    private readonly Option<bool> _verify = OptionOf.Flag("--verify", "Measure each residual with one more product instead of bounding it.");

    public SpectrumCommand(CommonOptions common, Terminal terminal) : base(
        "spectrum", "Find extreme eigenvalues of the Hessian or a relative, each with its residual; trace, density, log det.",
        "quotient spectrum --model net.safetensors --data mnist:train --loss ce --top 5 --bottom 3 --trace --density --html report.html",
        common, terminal) =>
        Add(
            [.. _problem.All, _operator, _top, _bottom, _tolerance, _maxProducts, _trace, _density, _densitySteps, _densityProbes,
            _densityConvention, _logDet, _perLayer, _verify]);

    protected override void Run(Invocation run)
    {
    }
}
