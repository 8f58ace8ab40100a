using Quotient;

// Not within Quotient's namespaces, whose names would then need no using.
namespace Readme;

internal static class TopFive
{
    public static void Run()
    {
        using var engine = Engine.Open();
        using var problem = engine.Pose("net.safetensors", "mnist:train[0:1000]", loss: "ce");
        foreach (var pair in problem.Spectrum("hessian", new() { Top = 5 }).Top)
            Console.WriteLine($"{pair.Value} ± {pair.Residual}, converged: {pair.Converged}");
    }
}
