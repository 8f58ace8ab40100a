using System.Runtime.Intrinsics.X86;
using Quotient.Backends;
using Quotient.Backends.Cpu;
using Quotient.Cases.Ops;

namespace Quotient.Perf;

/// <summary>
/// <c>binary [--rounds N]</c>: what signs are worth. Layers: products of signs, and of signs with numbers, beside the dense
/// float32 product of the same shape, on one thread and in turns.
/// </summary>
internal static class BinaryCommand
{
    private const double FloatsOfCycle = 32;

    /// <summary>
    /// Operations that the instructions of a cycle do at most. By tables: one look-up of six signs of 64 columns. By planes of
    /// digits: two instructions of the 34 that eight words of eight columns take, which are 8 exclusive ors with the row, 3 for
    /// each of 4 + 2 + 1 + ½ additions to a plane, and half of the 7 that count what the last plane carries.
    /// </summary>
    private static double SignsOfCycle => Avx512Vbmi.IsSupported ? 2.0 * 6 * 64 : 2.0 * (8 * 8 * 64) * 2 / 34;

    /// <summary>Prints the tables.</summary>
    public static void Run(Arguments arguments)
    {
        int rounds = arguments.Number("rounds", 21);
        using var backend = new CpuBackend(1);
        Console.WriteLine($"{backend.Device.Name}, {backend.Device.Features}; float32, medians of {rounds} rounds");
        Layers(backend, rounds);
        Packing(backend, rounds);
    }

    private static void Layers(CpuBackend backend, int rounds)
    {
        (OpCase Binary, GemmCase Dense)[] pairs =
        [
            (new SignProductCase(1024, 1024, 4096), new(Transpose.No, Transpose.Yes, 1024, 1024, 4096)),
            (new SignProductCase(128, 4096, 4096), new(Transpose.No, Transpose.Yes, 128, 4096, 4096)),
            (new SignProductCase(100, 501, 501), new(Transpose.No, Transpose.Yes, 100, 501, 501)),
            (new MixedProductCase(Transpose.No, 128, 4096, 784), new(Transpose.No, Transpose.Yes, 128, 4096, 784)),
            (new MixedProductCase(Transpose.No, 512, 512, 784), new(Transpose.No, Transpose.Yes, 512, 512, 784)),
            (new MixedProductCase(Transpose.No, 128, 4096, 4096), new(Transpose.No, Transpose.No, 128, 4096, 4096)),
            (new MixedProductCase(Transpose.Yes, 4096, 784, 128), new(Transpose.Yes, Transpose.No, 4096, 784, 128)),
            (new MixedProductCase(Transpose.No, 100, 501, 501), new(Transpose.No, Transpose.No, 100, 501, 501)),
            (new MixedProductCase(Transpose.Yes, 501, 501, 100), new(Transpose.Yes, Transpose.No, 501, 501, 100)),
        ];
        using var timings = new Timings(backend);
        var lines = pairs.Select(pair => (pair.Binary, Signs: timings.Add(pair.Binary), Dense: timings.Add(pair.Dense))).ToList();
        double peak = timings.Measure(rounds);
        double floor = SignsOfCycle * peak / FloatsOfCycle;
        Console.WriteLine($"Peak {peak / 1e9:F0} GFLOP/s in float; the instructions of sign products allow {floor / 1e9:F0} Gop/s\n");
        Console.WriteLine("| product | Gop/s | dense float32, GFLOP/s | faster | of the floor |");
        Console.WriteLine("|---|--:|--:|--:|--:|");
        foreach (var (item, signs, dense) in lines)
        {
            double rate = item.Operations / signs.Median, other = item.Operations / dense.Median;
            string share = item is SignProductCase ? $"{rate / floor:P0}" : "";
            Console.WriteLine($"| {item} | {rate / 1e9:F0} | {other / 1e9:F1} | {rate / other:F1}× | {share} |");
        }
    }

    private static void Packing(CpuBackend backend, int rounds)
    {
        using var timings = new Timings(backend);
        OpCase[] cases =
        [
            new PackSignsCase(Transpose.No, 128, 4096, 0), new PackSignsCase(Transpose.Yes, 4096, 128, 0),
            new PackSignsCase(Transpose.No, 4096, 4096, 0), new PackSignsCase(Transpose.Yes, 4096, 4096, 0),
            new UnpackSignsCase(128, 4096), new VectorCase(VectorOperation.ClampInPlace, 4096 * 4096),
            new MaskNearCase(128 * 4096, 1, true),
        ];
        var lines = cases.Select(item => (item, Timing: timings.Add(item))).ToList();
        timings.Measure(rounds);
        Console.WriteLine("\n| operation | µs | elements a ns |");
        Console.WriteLine("|---|--:|--:|");
        foreach (var (item, timing) in lines)
        {
            string rate = item.Elements > 0 ? $"{item.Elements / timing.Median * 1e-9:F1}" : "";
            Console.WriteLine($"| {item} | {timing.Median * 1e6:F0} | {rate} |");
        }
    }

    /// <summary>Cases that are timed in turns, so that a noisy machine is noisy for all.</summary>
    private sealed class Timings(CpuBackend backend) : IDisposable
    {
        private readonly List<Timing> _all = [];

        public Timing Add(OpCase item)
        {
            var bench = new OpBench<float>(backend, 1, ragged: false);
            _all.Add(new(bench, item.Prepare(bench)));
            return _all[^1];
        }

        /// <summary>Measures all, and returns the peak of float operations a second.</summary>
        public double Measure(int rounds)
        {
            double peak = 0;
            for (int round = 0; round < rounds; round++)
            {
                peak = Math.Max(peak, FmaPeak.Measure());
                _all.ForEach(timing => timing.Measure());
            }

            return peak;
        }

        public void Dispose() => _all.ForEach(timing => timing.Dispose());
    }

    /// <summary>The seconds of this thread that a call took, round for round.</summary>
    private sealed class Timing(IDisposable bench, Action call) : IDisposable
    {
        private readonly List<double> _seconds = [];

        public double Median => _seconds.Order().ElementAt(_seconds.Count / 2);

        public void Measure()
        {
            call();
            double start = ThreadClock.Seconds;
            int calls = 0;
            for (; calls == 0 || ThreadClock.Seconds - start < 2e-3; calls++)
            {
                call();
            }

            _seconds.Add((ThreadClock.Seconds - start) / calls);
        }

        public void Dispose() => bench.Dispose();
    }
}
