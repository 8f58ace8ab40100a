using Quotient.Backends;

namespace Quotient.Diagnostics;

/// <summary>Copies, and operations that memory bounds.</summary>
internal static class MemoryBenchmarks
{
    private const long Smallest = 1 << 20, Largest = 512 << 20, LargestQuick = 64 << 20;

    /// <summary>The bytes of a vector of which a copy takes long enough to be timed, beyond the caches where memory allows.</summary>
    public static long ChooseBytes(BenchmarkRun run)
    {
        const double Long = 0.02;
        long most = Math.Min(run.IsQuick ? LargestQuick : Largest, run.Backend.AvailableMemory / 8), bytes = Smallest;
        var ops = run.Backend.Ops<float>();
        for (; bytes < most; bytes *= 2)
        {
            using var from = run.Backend.Allocate<float>(bytes / sizeof(float));
            using var to = run.Backend.Allocate<float>(bytes / sizeof(float));
            if (run.Try(run.Backend, () => ops.Copy(from.All, to.All)) > Long)
            {
                break;
            }
        }

        return bytes;
    }

    public static void Measure(BenchmarkRun run)
    {
        var (backend, ops) = (run.Backend, run.Backend.Ops<float>());
        long n = run.Bytes / sizeof(float);
        string problem = $"{run.Bytes >> 20} MiB";
        using var x = backend.Allocate<float>(n);
        using var y = backend.Allocate<float>(n);
        using var result = backend.Allocate<double>(1);
        ops.Rademacher(1, 0, x.All);
        ops.Rademacher(1, 1, y.All);
        var host = new float[n];
        host.AsSpan().Fill(1);

        run.AddStream(
            "copy on the device", problem, 2 * run.Bytes, limits => double.IsNaN(limits.Peaks.Memory) ? limits.Memory : limits.Peaks.Memory,
            () => ops.Copy(x.All, y.All));

        // A host's own transfers are copies as well; the bus of a GPU does not tell its speed.
        int sides = run.IsHost ? 2 : 1;
        void Transfer(string name, Action call) => run.Add(
            name, problem, "GB/s", sides * run.Bytes, limits => run.IsHost ? limits.Memory : double.NaN, call);
        Transfer("copy, host to device", () => backend.Write<float>(host, y.All));
        Transfer("copy, device to host", () => backend.Read(y.All, host.AsSpan()));
        run.AddStream("axpy", problem, 3 * run.Bytes, limits => limits.Memory, () => ops.Axpy(1e-6, x.All, y.All));
        run.AddStream("dot", problem, 2 * run.Bytes, limits => limits.Memory, () => ops.Dot(x.All, y.All, result.All));
    }
}
