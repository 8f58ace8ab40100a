using Quotient.Backends;
using Quotient.Linearisation;

namespace Quotient.Perf;

/// <summary>
/// <c>products [--widths W --samples N --repeats R --rounds R --chunk N --peers 0|1]</c>: a gradient and a Hessian product, beside PyTorch's gradient, double
/// backward and retained graph, all in one run and in turns.
/// </summary>
internal static class ProductsCommand
{
    public static void Run(Arguments arguments)
    {
        using var problem = new Workload(arguments.Text("widths", "784-512-512-10"), arguments.Number("samples", 10_000));
        int repeats = arguments.Number("repeats", 7), rounds = arguments.Number("rounds", 2);
        using var engine = Engine.Open(arguments.Text("device", "auto"), arguments.Number("threads", 0));
        Console.WriteLine($"{problem.Widths}, {problem.Data.Count} samples, float32, {engine.Backend.Device.Features}");
        var best = new Dictionary<string, double>();
        for (int round = 0; round < rounds; round++)
        {
            Ours(engine, problem, repeats, arguments.Number("chunk", 0), best);
            if (arguments.Number("peers", 1) > 0)
            {
                Theirs(problem, repeats, best);
            }
        }

        Print(best, problem);
    }

    private static void Ours(Engine engine, Workload problem, int repeats, int chunk, Dictionary<string, double> best)
    {
        using var at = engine.Linearise(problem.Model, problem.Data, options: new() { ChunkSize = chunk });
        using var v = engine.Backend.Allocate<float>(at.Dimension);
        using var hv = engine.Backend.Allocate<float>(at.Dimension);
        engine.Backend.Ops<float>().Normal(1, 0, v.All);
        var (row, result) = (v.Matrix(1, at.Dimension), hv.Matrix(1, at.Dimension));
        Keep(best, "ours: gradient at a new point", Timed.Least(() => GradientAgain(at, problem, hv.All), repeats));
        var hessian = at.Hessian;
        Keep(best, "ours: Hessian product", Timed.Least(() => Synchronised(engine.Backend, () => hessian.ApplyBlock(row, result)), repeats));
        Keep(best, "ours: exact trace", Timed.Least(() => hessian.Trace(), Math.Min(repeats, 5)));
    }

    private static void GradientAgain(Linearisation<float> at, Workload problem, VectorView<float> gradient)
    {
        at.MoveTo(problem.Model);
        at.Gradient(gradient);
        at.Backend.Synchronise();
    }

    private static void Synchronised(IBackend backend, Action work)
    {
        work();
        backend.Synchronise();
    }

    private static void Theirs(Workload problem, int repeats, Dictionary<string, double> best)
    {
        string[] arguments = [.. problem.PeerArguments, "--repeats", $"{repeats}"];
        if (Peer.Run("gradient.py", arguments) is { } gradient)
        {
            Keep(best, "PyTorch: gradient", gradient.Seconds("gradient"));
        }

        if (Peer.Run("hvp.py", arguments) is { } product)
        {
            Keep(best, "PyTorch: double backward", product.Seconds("doubleBackward"));
            Keep(best, "PyTorch: retained graph", product.Seconds("retainedGraph"));
        }
    }

    private static void Keep(Dictionary<string, double> best, string what, double seconds) =>
        best[what] = Math.Min(seconds, best.GetValueOrDefault(what, double.PositiveInfinity));

    private static void Print(Dictionary<string, double> best, Workload problem)
    {
        foreach (var (what, seconds) in best)
        {
            Console.WriteLine($"  {what,-30} {seconds * 1e3,10:F3} ms");
        }

        double flops = Floor.HessianProduct(problem.Model.Network) * problem.Data.Count;
        Console.WriteLine($"  Hessian product: {flops / best["ours: Hessian product"] / 1e9:F0} GFLOP/s of {flops / 1e9:F1} GFLOP");
        Ratio(best, "gradient", "PyTorch: gradient", "ours: gradient at a new point");
        Ratio(best, "Hessian product against double backward", "PyTorch: double backward", "ours: Hessian product");
        Ratio(best, "Hessian product against the retained graph", "PyTorch: retained graph", "ours: Hessian product");
    }

    private static void Ratio(Dictionary<string, double> best, string what, string theirs, string ours)
    {
        if (best.TryGetValue(theirs, out double seconds))
        {
            Console.WriteLine($"  {what}: {seconds / best[ours]:F2}x");
        }
    }
}
