using System.Diagnostics;
using Quotient.Backends.Cpu;
using Quotient.Cases.Ops;

namespace Quotient.Perf;

/// <summary>Products next to the peak of the arithmetic, measured in turns so that a noisy machine is noisy for all.</summary>
/// <param name="one">A backend of one thread.</param>
/// <param name="all">One of all threads.</param>
internal sealed class SpeedTable(CpuBackend one, CpuBackend all) : IDisposable
{
    private readonly List<IDisposable> _stages = [];
    private readonly List<Row> _rows = [];
    private double _peak;

    /// <summary>A row more.</summary>
    public void Add(string name, OpCase shape) => _rows.Add(new(name, shape.Operations, Prepare(shape, one), Prepare(shape, all)));

    /// <summary>Times every row, so many times in turns.</summary>
    public void Measure(int rounds)
    {
        for (int round = 0; round < rounds; round++)
        {
            _peak = Math.Max(_peak, FmaPeak.Measure());
            _rows.ForEach(row => row.Measure());
        }
    }

    /// <summary>Prints the table.</summary>
    public void Print()
    {
        Console.WriteLine($"{all.Device.Name}, {all.Device.Features}; one thread's peak {_peak / 1e9:F0} GFLOP/s in float");
        Console.WriteLine();
        Console.WriteLine("| product | 1 thread, GFLOP/s | of peak | all threads, GFLOP/s | µs |");
        Console.WriteLine("|---|--:|--:|--:|--:|");
        _rows.ForEach(row => Console.WriteLine(row.Describe(_peak)));
    }

    public void Dispose() => _stages.ForEach(bench => bench.Dispose());

    private Action Prepare(OpCase shape, CpuBackend backend)
    {
        var bench = new OpBench<float>(backend, 1, ragged: false);
        _stages.Add(bench);
        return shape.Prepare(bench);
    }

    private sealed class Row(string name, double operations, Action one, Action all)
    {
        private double _one = double.PositiveInfinity, _all = double.PositiveInfinity;

        public void Measure()
        {
            _one = Math.Min(_one, Seconds(one, () => ThreadClock.Seconds));
            _all = Math.Min(_all, Seconds(all, () => (double)Stopwatch.GetTimestamp() / Stopwatch.Frequency));
        }

        public string Describe(double peak)
        {
            double rate = operations / _one;
            return $"| {name} | {rate / 1e9:F1} | {rate / peak:P0} | {operations / _all / 1e9:F1} | {_all * 1e6:F1} |";
        }

        private double Seconds(Action call, Func<double> clock)
        {
            int repeats = (int)Math.Clamp(2e8 / operations, 1, 2000);
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
