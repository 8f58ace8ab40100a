using System.Diagnostics;
using Quotient.Backends.Cpu;
using Quotient.Cases.Ops;

namespace Quotient.Perf;

/// <summary>The operations that memory bounds, next to the rate at which this machine copies.</summary>
public static class OpsCommand
{
    private const long Parameters = 669_706;

    private static readonly OpCase[] Cases =
    [
        new VectorCase(VectorOperation.Copy, 20_000_000),
        new VectorCase(VectorOperation.Axpy, Parameters),
        new VectorCase(VectorOperation.Dot, Parameters),
        new VectorCase(VectorOperation.Rademacher, Parameters),
        new VectorCase(VectorOperation.Normal, Parameters),
        new VectorCase(VectorOperation.NesterovStep, Parameters),
        new VectorCase(VectorOperation.AdamStep, Parameters),
        new ProjectCase(100, Parameters),
        new DeflateCase(100, Parameters),
        new RotateCase(100, 50, Parameters),
        new SumRowsCase(10_000, 512, 0),
        new LossCase(LossOperation.SoftmaxCrossEntropy, 10_000, 10),
        new LossCase(LossOperation.SoftmaxHessian, 10_000, 10),
        new VectorCase(VectorOperation.Axpy, 2_410),
        new VectorCase(VectorOperation.Dot, 2_410),
        new LossCase(LossOperation.SoftmaxHessian, 256, 10),
        new SumRowsCase(256, 32, 0),
    ];

    /// <summary>Prints the table. An argument is the number of rounds.</summary>
    public static void Run(string[] arguments)
    {
        int rounds = arguments.Length > 0 ? int.Parse(arguments[0], System.Globalization.CultureInfo.InvariantCulture) : 10;
        using CpuBackend one = new(1), all = new(0);
        Console.WriteLine("| operation | 1 thread, µs | all threads, µs | GB/s |");
        Console.WriteLine("|---|--:|--:|--:|");
        foreach (var item in Cases)
        {
            using OpBench<float> first = new(one, 1, ragged: false), second = new(all, 1, ragged: false);
            Action single = item.Prepare(first), threaded = item.Prepare(second);
            double best = double.PositiveInfinity, bestOfAll = double.PositiveInfinity;
            for (int round = 0; round < rounds; round++)
            {
                best = Math.Min(best, Seconds(single));
                bestOfAll = Math.Min(bestOfAll, Seconds(threaded));
            }

            string rate = item.Elements > 0 ? $"{item.Elements * sizeof(float) / bestOfAll / 1e9:F1}" : "";
            Console.WriteLine($"| {item} | {best * 1e6:F1} | {bestOfAll * 1e6:F1} | {rate} |");
        }
    }

    private static double Seconds(Action call)
    {
        call();
        long start = Stopwatch.GetTimestamp();
        int calls = 0;
        for (; calls == 0 || Stopwatch.GetElapsedTime(start).TotalSeconds < 0.01; calls++)
        {
            call();
        }

        return Stopwatch.GetElapsedTime(start).TotalSeconds / calls;
    }
}
