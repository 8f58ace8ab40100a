using Quotient.Spectra;

namespace Quotient.Perf;

/// <summary>
/// <c>scaling</c>: how the time of a Hessian product grows with samples and with parameters, and that of eigenvalues with their
/// number, each beside the least that its operation count allows.
/// </summary>
internal static class ScalingCommand
{
    public static void Run(Arguments arguments)
    {
        using var engine = Engine.Open(arguments.Text("device", "auto"), arguments.Number("threads", 0));
        double peak = Enumerable.Range(0, 20).Max(_ => FmaPeak.Measure()) * engine.Backend.Device.Threads;
        Console.WriteLine($"{engine.Backend.Device.Features}; peak {peak / 1e9:F0} GFLOP/s in float on all threads\n");
        Console.WriteLine("| net | parameters | samples | Hessian product, ms | floor, ms | share of the floor |");
        Console.WriteLine("|---|--:|--:|--:|--:|--:|");
        foreach (int samples in new[] { 1_000, 2_500, 5_000, 10_000, 20_000, 40_000 })
        {
            Product(engine, "784-512-512-10", samples, peak);
        }

        foreach (string widths in new[] { "784-32-10", "784-128-128-10", "784-256-256-10", "784-1024-1024-10", "784-2048-2048-10" })
        {
            Product(engine, widths, 5_000, peak);
        }

        Eigenvalues(engine, peak);
    }

    private static void Product(Engine engine, string widths, int samples, double peak)
    {
        using var problem = new Workload(widths, samples);
        using var at = engine.Linearise(problem.Model, problem.Data);
        using var v = engine.Backend.Allocate<float>(at.Dimension);
        using var hv = engine.Backend.Allocate<float>(at.Dimension);
        engine.Backend.Ops<float>().Normal(1, 0, v.All);
        var hessian = at.Hessian;
        double seconds = Timed.Least(() => hessian.ApplyBlock(v.Matrix(1, at.Dimension), hv.Matrix(1, at.Dimension)), 5);
        double floor = Floor.HessianProduct(problem.Model.Network) * samples / peak;
        Console.WriteLine($"| {widths} | {at.Dimension:N0} | {samples:N0} | {seconds * 1e3:F1} | {floor * 1e3:F1} | {floor / seconds:P0} |");
    }

    private static void Eigenvalues(Engine engine, double peak)
    {
        using var problem = new Workload("784-256-256-10", 5_000);
        using var at = engine.Linearise(problem.Model, problem.Data);
        double product = Floor.HessianProduct(problem.Model.Network) * 5_000 / peak;
        Console.WriteLine("\n| largest eigenvalues of 784-256-256-10, 5,000 samples | products | seconds | floor of its products, s |");
        Console.WriteLine("|--:|--:|--:|--:|");
        foreach (int k in new[] { 1, 2, 5, 10, 20, 50 })
        {
            int products = 0;
            double seconds = Timed.Once(() =>
            {
                using var pairs = Lanczos.Solve(at.Hessian, new(Selection.Largest(k)));
                products = pairs.Products;
            });
            Console.WriteLine($"| {k} | {products} | {seconds:F2} | {products * product:F2} |");
        }
    }
}
