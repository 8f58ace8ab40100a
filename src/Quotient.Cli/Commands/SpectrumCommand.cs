using Quotient.Reports;
using Quotient.Results;
using Quotient.Spectra;
using Quotient.Training;

namespace Quotient.Cli.Commands;

/// <summary>Analyses the spectrum of a curvature matrix.</summary>
internal sealed class SpectrumCommand() : EngineCommand(
    60, "spectrum", "Compute extreme eigenvalues of the Hessian or a relative, each with an error bound; trace, density, log determinant.",
    "quotient spectrum --model net.safetensors --data mnist:train --top 5 --bottom 3 --trace --density --html report.html")
{
    private readonly ProblemOptions _problem = new();
    private readonly Option<string> _operator = ProblemOptions.NewOperator();
    private readonly Option<int?> _top = OptionOf.Whole("--top", "Number of largest eigenvalues.", 1, 5, helpName: "K");
    private readonly Option<int?> _bottom = OptionOf.Whole(
        "--bottom", "Number of smallest (most negative) eigenvalues; none if not given.", 1, helpName: "K");

    private readonly Option<double?> _tolerance = OptionOf.Real(
        "--tolerance", "An eigenvalue counts as converged when its residual, divided by its size, is below this.",
        "a number above 0 and below 1", value => value is > 0 and < 1, 1e-4);

    private readonly Option<int?> _maxProducts = OptionOf.Whole(
        "--max-products", "Most products to spend on the eigenvalues of each operator; those not converged by then are marked.", 1);

    private readonly Option<bool> _trace = OptionOf.Flag("--trace", "Also compute the trace, exactly where possible.");
    private readonly Option<bool> _density = OptionOf.Flag("--density", "Also estimate the density of eigenvalues.");
    private readonly Option<int?> _densitySteps = OptionOf.Whole(
        "--density-steps", "Lanczos steps per random probe of the density and the log determinant.", 2, 100, 10_000);

    private readonly Option<int?> _densityProbes = OptionOf.Whole("--density-probes", "Random probes of the density and the log determinant; if not given, 2, or 8 with --log-det.", 1, null, 10_000);
    private readonly Option<string> _densityConvention = OptionOf.Choice(
        "--density-convention", "Whose rule sets the width of the smoothing kernel.", "pyhessian", "pyhessian", "papyan");

    private readonly Option<bool> _logDet = OptionOf.Flag("--log-det", "Also estimate the log determinant.");
    private readonly Option<bool> _perLayer = OptionOf.Flag(
        "--per-layer", "Also compute the largest eigenvalues (with --trace, the trace) of each layer's diagonal block.");

    private readonly Option<bool> _verify = OptionOf.Flag(
        "--verify", "In double precision, measure each residual with one more product instead of using its bound; in single it is always measured, in double.");

    protected override IReadOnlyList<Option> Own =>
    [
        .. _problem.All, _operator, _top, _bottom, _tolerance, _maxProducts, _trace, _density, _densitySteps, _densityProbes,
        _densityConvention, _logDet, _perLayer, _verify,
    ];

    /// <summary>Answers a request about a curvature matrix, and about each layer's block of it where asked for.</summary>
    public static Report Analyse(
        Invocation run, Problem problem, string matrix, SpectrumRequest request, bool perLayer, IReadOnlyList<EpochRecord> training)
    {
        var (loss, gradientNorm) = problem.LossAndGradientNorm(run.Begin("gradient"), run.Stop);
        var progress = run.Begin<SpectrumProgress>("eigenvalues", at => (at.Stage, "", at.Fraction));
        var whole = problem.Spectrum(matrix, request, progress, run.Stop);
        var layers = perLayer ? problem.LayerSpectra(matrix, request, progress, run.Stop) : [];
        var provenance = new Provenance("", Products: whole.Products + layers.Sum(layer => layer.Products));
        return SpectrumReport.Of(new(
            provenance, problem.Network, problem.Parameters, problem.Data, problem.Samples, problem.LossName, loss, gradientNorm, whole)
        {
            Surrogate = problem.Surrogate,
            Error = problem.Error,
            Layers = layers,
            Training = training,
        });
    }

    protected override Report Run(Invocation run)
    {
        var request = ReadRequest(run);
        var model = _problem.Model(run);
        CheckCounts(request, model);
        var training = TrainingOf(model, _problem.File(run));
        using var problem = _problem.Pose(run, model);
        return Analyse(run, problem, run.Get(_operator), request, run.Get(_perLayer), training);
    }

    /// <summary>The training that a model's file tells of.</summary>
    private static IReadOnlyList<EpochRecord> TrainingOf(Model model, string file)
    {
        try
        {
            return TrainingLog.Of(model)?.Epochs ?? [];
        }
        catch (QuotientException error)
        {
            throw new QuotientException($"{file}: {error.Message}", error);
        }
    }

    private SpectrumRequest ReadRequest(Invocation run)
    {
        bool density = run.Get(_density), logDet = run.Get(_logDet);
        CheckUse(run, density, _densityConvention, "--density");
        CheckUse(run, density || logDet, _densitySteps, "--density or --log-det");
        CheckUse(run, density || logDet, _densityProbes, "--density or --log-det");
        var lanczos = new LanczosOptions(Selection.Largest(1)) { Tolerance = run.Get(_tolerance)!.Value, Verify = run.Get(_verify) };
        return new()
        {
            Top = run.Get(_top)!.Value,
            Bottom = run.Get(_bottom) ?? 0,
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
            throw new QuotientException($"{option.Name} has no effect without {needed}");
        }
    }

    private static void CheckCounts(SpectrumRequest request, Model model)
    {
        long wanted = (long)request.Top + request.Bottom, parameters = model.Network.ParameterCount;
        if (wanted > parameters)
        {
            throw new QuotientException(
                $"--top and --bottom ask for {request.Top} and {request.Bottom} eigenvalues, but the network {model.Network} has only "
                + $"{parameters} parameters; ask for at most as many");
        }

        if (request.Lanczos.MaxProducts < wanted)
        {
            throw new QuotientException($"--max-products is {request.Lanczos.MaxProducts}, too few for {wanted} eigenvalues; allow at least as many");
        }
    }
}
