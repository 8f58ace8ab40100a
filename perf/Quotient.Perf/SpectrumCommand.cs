using System.Text.Json;
using Quotient.Results;
using Quotient.Spectra;

namespace Quotient.Perf;

/// <summary>
/// <c>spectrum [--widths W --samples N --epochs E --rounds R --peers 0|1]</c>: the top five to a residual of 1e-4, the trace, and the density
/// from 100 steps, beside PyHessian's algorithm at its defaults on PyTorch, in one run on
/// the same net, trained for E epochs, and the same data.
/// </summary>
internal static class SpectrumCommand
{
    public static void Run(Arguments arguments)
    {
        using var problem = new Workload(
            arguments.Text("widths", "784-512-512-10"), arguments.Number("samples", 10_000), arguments.Number("epochs", 3));
        using var engine = Engine.Open(arguments.Text("device", "auto"), arguments.Number("threads", 0));
        Console.WriteLine($"{problem.Widths}, {problem.Data.Name}, float32, {engine.Backend.Device.Features}");
        double ours = double.PositiveInfinity, recomputed = ours, retained = ours;
        for (int round = 0; round < arguments.Number("rounds", 1); round++)
        {
            ours = Math.Min(ours, Ours(engine, problem));
            if (arguments.Number("peers", 1) == 0)
            {
                continue;
            }

            recomputed = Math.Min(recomputed, Theirs(problem, "recompute", arguments.Number("batch", problem.Data.Count)));
            retained = Math.Min(retained, Theirs(problem, "retained", problem.Data.Count));
        }

        Console.WriteLine($"  PyHessian's algorithm, graphs recomputed / ours: {recomputed / ours:F2}x");
        Console.WriteLine($"  PyHessian's algorithm, one retained graph / ours: {retained / ours:F2}x");
    }

    private static double Ours(Engine engine, Workload problem)
    {
        SpectrumResult? result = null;
        double seconds = Timed.Once(() =>
        {
            using var at = engine.Linearise(problem.Model, problem.Data);
            result = SpectrumAnalysis.Run(at.Hessian, Request());
        });
        Console.WriteLine($"  ours: {seconds:F2} s, {result!.Products:F1} products, all converged: {result.Top.All(pair => pair.Converged)}");
        Console.WriteLine($"    top: {string.Join(", ", result.Top.Select(pair => $"{pair.Value:F5} ± {pair.Residual:g2}"))}");
        Console.WriteLine($"    trace: {result.Trace!.Value:F4} ± {result.Trace.StandardError:F4} ({result.Trace.Method})");
        return seconds;
    }

    /// <summary>The same question as the peer answers: one density probe of 100 steps, and no search for multiple eigenvalues.</summary>
    private static SpectrumRequest Request() => new()
    {
        Top = 5,
        Lanczos = new(Selection.Largest(5)) { Tolerance = 1e-4, FindMultiples = false },
        Trace = new(),
        Density = DensityConvention.PyHessian,
        Quadrature = new() { Steps = 100, Probes = 1 },
        Seed = 1,
    };

    private static double Theirs(Workload problem, string graph, int batch)
    {
        if (Peer.Run("pyhessian_algorithm.py", [.. problem.PeerArguments, "--graph", graph, "--batch", $"{batch}"]) is not { } figures)
        {
            return double.NaN;
        }

        double seconds = figures.GetProperty("seconds").GetDouble();
        var (top, trace) = (figures.GetProperty("top"), figures.GetProperty("trace"));
        int products = new[] { "top", "trace", "density" }.Sum(part => figures.GetProperty(part).GetProperty("products").GetInt32());
        Console.WriteLine($"  PyHessian's algorithm, {graph}: {seconds:F2} s, {products} products");
        Console.WriteLine($"    top: {List(top, "values", "F5")}; true residuals {List(top, "residuals", "g2")}");
        Console.WriteLine($"    trace: {trace.GetProperty("value").GetDouble():F4}, standard error {trace.GetProperty("standardError")}");
        return seconds;
    }

    private static string List(JsonElement figures, string name, string format) =>
        string.Join(", ", figures.GetProperty(name).EnumerateArray().Select(value => value.GetDouble().ToString(format)));
}
