using System.Diagnostics;
using Quotient.Backends;
using Quotient.Backends.Cpu;
using Quotient.Cases.Ops;

namespace Quotient.Perf;

/// <summary>
/// Dense products next to the peak of the arithmetic, measured in turns so that a noisy machine is noisy for both.
/// </summary>
public static class GemmCommand
{
    private static readonly GemmCase[] Shapes =
    [
        new(Transpose.No, Transpose.No, 2048, 2048, 2048),
        new(Transpose.No, Transpose.No, 1024, 1024, 1024),
        new(Transpose.No, Transpose.Yes, 2000, 512, 784),
        new(Transpose.No, Transpose.No, 2000, 512, 512),
        new(Transpose.Yes, Transpose.No, 512, 784, 2000),
        new(Transpose.Yes, Transpose.No, 512, 784, 10000),
        new(Transpose.No, Transpose.Yes, 2000, 10, 512),
        new(Transpose.No, Transpose.No, 2000, 512, 10) { Epilogue = GemmEpilogue.Mask },
        new(Transpose.Yes, Transpose.No, 10, 512, 2000),
        new(Transpose.No, Transpose.Yes, 256, 32, 32) { Epilogue = GemmEpilogue.Bias | GemmEpilogue.Relu },
        new(Transpose.No, Transpose.No, 256, 32, 32) { Epilogue = GemmEpilogue.Mask },
        new(Transpose.Yes, Transpose.No, 32, 32, 256),
        new(Transpose.No, Transpose.Yes, 256, 10, 32),
        new(Transpose.Yes, Transpose.No, 10, 32, 256),
    ];

    /// <summary>Prints the table. An argument is the number of rounds.</summary>
    public static void Run(string[] arguments)
    {
        int rounds = arguments.Length > 0 ? int.Parse(arguments[0], System.Globalization.CultureInfo.InvariantCulture) : 15;
        using CpuBackend one = new(1), all = new(0);
        var stages = new List<IDisposable>();
        var rows = Shapes.Select(shape => new Row(shape, Prepare(shape, one, stages), Prepare(shape, all, stages))).ToList();
        double peak = 0;
        for (int round = 0; round < rounds; round++)
        {
            peak = Math.Max(peak, FmaPeak.Measure());
            rows.ForEach(row => row.Measure());
        }

        Console.WriteLine($"{all.Device.Name}, {all.Device.Features}; one thread's peak {peak / 1e9:F0} GFLOP/s in float");
        Console.WriteLine();
        Console.WriteLine("| product | 1 thread, GFLOP/s | of peak | all threads, GFLOP/s | µs |");
        Console.WriteLine("|---|--:|--:|--:|--:|");
        rows.ForEach(row => Console.WriteLine(row.Describe(peak)));
        stages.ForEach(bench => bench.Dispose());
    }

    private static Action Prepare(GemmCase shape, CpuBackend backend, List<IDisposable> stages)
    {
        var bench = new OpBench<float>(backend, 1, ragged: false);
        stages.Add(bench);
        return shape.Prepare(bench);
    }

    private sealed class Row(GemmCase shape, Action one, Action all)
    {
        private double _one = double.PositiveInfinity, _all = double.PositiveInfinity;

        public void Measure()
        {
            _one = Math.Min(_one, Seconds(one, () => ThreadClock.Seconds));
            _all = Math.Min(_all, Seconds(all, () => (double)Stopwatch.GetTimestamp() / Stopwatch.Frequency));
        }

        public string Describe(double peak)
        {
            double rate = shape.Operations / _one;
            return $"| {shape} | {rate / 1e9:F1} | {rate / peak:P0} | {shape.Operations / _all / 1e9:F1} | {_all * 1e6:F1} |";
        }

        private double Seconds(Action call, Func<double> clock)
        {
            int repeats = (int)Math.Clamp(2e8 / shape.Operations, 1, 2000);
            call();
            double start = clock();
            for (int i = 0; i < repeats; i++)
            {
                call();
            }

            return (clock() - start) / repeats;
        }
    }
}
