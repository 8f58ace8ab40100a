using System.CommandLine;
using System.Numerics;
using Quotient.Networks;
using Quotient.Reports;
using Quotient.Spectra;

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
        "--max-products", "Products spent on the eigenvalues of each operator at most; what has not converged by then is marked so.", 1);

    private readonly Option<bool> _trace = OptionOf.Flag("--trace", "Also the trace, exact where an identity gives it.");
    private readonly Option<bool> _density = OptionOf.Flag("--density", "Also the density of eigenvalues.");
    private readonly Option<int?> _densitySteps = OptionOf.Whole(
        "--density-steps", "Lanczos steps of each probe of the density and log det.", 2, 100, 10_000);

    private readonly Option<int?> _densityProbes = OptionOf.Whole("--density-probes", "Random probes of the density and log det; 2, or 8 with --log-det, unless given.", 1, null, 10_000);
    private readonly Option<string> _densityConvention = OptionOf.Choice(
        "--density-convention", "Whose convention sets the width of the smoothing.", "pyhessian", "pyhessian", "papyan");

    private readonly Option<bool> _logDet = OptionOf.Flag("--log-det", "Also the log determinant.");
    private readonly Option<bool> _perLayer = OptionOf.Flag(
        "--per-layer", "Also the largest eigenvalues, and with --trace the trace, of each layer's diagonal block.");

    private readonly Option<bool> _verify = OptionOf.Flag(
        "--verify", "Measure each residual with one more product instead of bounding it.");

    public SpectrumCommand(CommonOptions common, Terminal terminal) : base(
        "spectrum", "Find extreme eigenvalues of the Hessian or a relative, each with its residual; trace, density, log det.",
        "quotient spectrum --model net.safetensors --data mnist:train --top 5 --bottom 3 --trace --density --html report.html",
        common, terminal) =>
        Add(
            [.. _problem.All, _operator, _top, _bottom, _tolerance, _maxProducts, _trace, _density, _densitySteps, _densityProbes,
            _densityConvention, _logDet, _perLayer, _verify]);

    protected override void Run(Invocation run)
    {
        var analysis = run.Precision == Precision.Double ? Analyse<double>(run) : Analyse<float>(run);
        run.Deliver(analysis);
    }

    private Analysis Analyse<T>(Invocation run) where T : unmanaged, IFloatingPointIeee754<T>
    {
        var analyser = new Analyser(run.Get(_operator), ReadRequest(run), run.Get(_perLayer));
        string file = run.Get(_problem.Model)!;
        using var progress = run.ShowProgress();
        var model = Model.Load(file);
        CheckCounts(analyser.Request, model);
        var training = Analyser.TrainingOf(model, file);
        using var problem = Problem<T>.Open(run, _problem, model, progress);
        return analyser.Run(run, problem, progress, training);
    }

    private SpectrumRequest ReadRequest(Invocation run)
    {
        bool density = run.Get(_density), logDet = run.Get(_logDet);
        CheckUse(run, density, _densityConvention, "--density");
        CheckUse(run, density || logDet, _densitySteps, "--density or --log-det");
        CheckUse(run, density || logDet, _densityProbes, "--density or --log-det");
        int top = run.Get(_top)!.Value, bottom = run.Get(_bottom) ?? 0;
        var lanczos = new LanczosOptions(Selection.Largest(1))
        {
            Tolerance = run.Get(_tolerance)!.Value,
            Verify = run.Get(_verify),
        };
        return new()
        {
            Top = top,
            Bottom = bottom,
            Lanczos = run.Get(_maxProducts) is { } most ? lanczos with { MaxProducts = most } : lanczos,
            Trace = run.Get(_trace) ? new() : null,
            Density = !density ? null
                : run.Get(_densityConvention) == "papyan" ? DensityConvention.Papyan : DensityConvention.PyHessian,
            LogDet = logDet,
            Quadrature = new() { Steps = run.Get(_densitySteps)!.Value, Probes = run.Get(_densityProbes) ?? (logDet ? QuadratureOptions.LogDetProbes : 2) },
            Seed = run.Seed,
        };
    }

    /// <summary>An option that would change nothing is a mistake.</summary>
    private static void CheckUse(Invocation run, bool used, Option option, string needed)
    {
        if (!used && run.IsGiven(option))
        {
            throw new QuotientException($"{option.Name} changes nothing without {needed}");
        }
    }

    private static void CheckCounts(SpectrumRequest request, Model model)
    {
        long parameters = model.Network.ParameterCount;
        Require(request.Top <= parameters, $"--top is {request.Top}");
        Require((long)request.Top + request.Bottom <= parameters, $"--top and --bottom are {request.Top} and {request.Bottom}");
        void Require(bool holds, string seen)
        {
            if (!holds)
            {
                throw new QuotientException(
                    $"{seen}, but the network {model.Network} has only {parameters} parameters; ask for at most as many");
            }
        }

        if (request.Lanczos.MaxProducts < request.Top + request.Bottom)
        {
            throw new QuotientException(
                $"--max-products is {request.Lanczos.MaxProducts}, too few for {request.Top + request.Bottom} eigenvalues; "
                + "allow at least as many");
        }
    }
}
