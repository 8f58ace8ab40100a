using Quotient.Training;
using Quotient.Training.Optimisers;

namespace Quotient.Perf;

/// <summary>
/// <c>training [--widths W --samples N --rounds R --threads T]</c>: steps a second of SGD with Nesterov's momentum and mini-batches of 128, in
/// turns with PyTorch.
/// </summary>
internal static class TrainingCommand
{
    public static void Run(Arguments arguments)
    {
        foreach (string widths in arguments.Text("widths", "784-512-512-10,784-128-64-10").Split(','))
        {
            using var problem = new Workload(widths, arguments.Number("samples", 20_000));
            using var engine = Engine.Open(arguments.Text("device", "auto"), arguments.Number("threads", 0));
            double ours = double.PositiveInfinity, theirs = ours;
            for (int round = 0; round < arguments.Number("rounds", 3); round++)
            {
                // A mean over three epochs, against the least of theirs.
                var result = Trainer.Run(
                    engine, problem.Model, problem.Data, null, new() { Epochs = 3, Optimiser = new Sgd(0.05), EvaluateEvery = 3 });
                ours = Math.Min(ours, result.StepSeconds / result.Steps);
                if (Peer.Run("train_steps.py", problem.PeerArguments) is { } figures)
                {
                    theirs = Math.Min(theirs, figures.Seconds("epoch") / figures.GetProperty("steps").GetInt32());
                }
            }

            Console.WriteLine($"{widths}, {problem.Data.Count} samples, mini-batches of 128, {engine.Backend.Device.Features}");
            Console.WriteLine($"  ours    {1 / ours,8:F0} steps a second");
            Console.WriteLine($"  PyTorch {1 / theirs,8:F0} steps a second; ours / PyTorch {theirs / ours:F2}x");
        }
    }
}
