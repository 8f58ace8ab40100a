using Quotient;

// Not within Quotient's namespaces, whose names would then need no using.
namespace Readme;

internal static class BottomThree
{
    public static void Run()
    {
        using var engine = Engine.Open("cpu");
        var model = Model.Load("net.safetensors");
        using var at = engine.Linearise<double>(model, Dataset.Open("mnist:train[0:1000]"), Loss.CrossEntropy);
        foreach (var pair in at.Hessian.Bottom(3))
            Console.WriteLine($"{pair.Value} ± {pair.Residual}, converged: {pair.Converged}");
    }
}
