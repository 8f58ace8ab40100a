using System.Diagnostics;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Quotient.Backends;
using Quotient.Backends.Cpu;

namespace Quotient.Diagnostics;

/// <summary>The ceilings of the host's own cores, measured: arithmetic in registers; copies, reads and updates of memory.</summary>
internal static class HostPeaks
{
    /// <summary>Measures with some threads, for a few tenths of a second; memory on areas of <paramref name="bytes"/>.</summary>
    public static DevicePeaks Measure(int threads, long bytes, bool quick)
    {
        using var pool = new WorkerPool(threads);
        int rounds = quick ? 3 : 20;
        return new(Arithmetic<float>(pool, rounds), Arithmetic<double>(pool, rounds), double.NaN, Memory(pool, bytes, rounds));
    }

    private static double Arithmetic<T>(WorkerPool pool, int rounds) where T : unmanaged, IFloatingPointIeee754<T>
    {
        const int Steps = 500_000;
        double best = 0;
        for (int round = 0; round < rounds; round++)
        {
            var parts = new FmaParts<T>(Steps, new double[pool.Threads]);
            double seconds = Seconds(pool, ref parts);
            best = Math.Max(best, parts.Operations.Sum() / seconds);
        }

        return best;
    }

    private static unsafe double Memory(WorkerPool pool, long bytes, int rounds)
    {
        byte* from = (byte*)NativeMemory.AlignedAlloc((nuint)bytes, 64), to = (byte*)NativeMemory.AlignedAlloc((nuint)bytes, 64);
        try
        {
            NativeMemory.Fill(from, (nuint)bytes, 1);
            NativeMemory.Fill(to, (nuint)bytes, 2);
            double best = 0;
            for (int round = 0; round < rounds; round++)
            {
                var copies = new CopyParts(from, to, bytes / pool.Threads / 64 * 64);
                best = Math.Max(best, 2 * copies.Bytes * pool.Threads / Seconds(pool, ref copies));
                var reads = new ReadParts(from, copies.Bytes, new long[pool.Threads]);
                best = Math.Max(best, (double)copies.Bytes * pool.Threads / Seconds(pool, ref reads));

                // What is written in place has been read before, so that no line is fetched in vain.
                var updates = new UpdateParts(from, to, copies.Bytes);
                best = Math.Max(best, 3.0 * copies.Bytes * pool.Threads / Seconds(pool, ref updates));
            }

            return best;
        }
        finally
        {
            NativeMemory.AlignedFree(from);
            NativeMemory.AlignedFree(to);
        }
    }

    private static double Seconds<TParts>(WorkerPool pool, ref TParts parts) where TParts : struct, IParts
    {
        long start = Stopwatch.GetTimestamp();
        pool.Run(ref parts, pool.Threads);
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private readonly struct FmaParts<T>(int steps, double[] operations) : IParts where T : unmanaged, IFloatingPointIeee754<T>
    {
        public double[] Operations => operations;

        public void Run(int index, int thread) => operations[index] = FmaChains.Run<T>(steps);
    }

    private readonly unsafe struct CopyParts(byte* from, byte* to, long bytes) : IParts
    {
        public long Bytes => bytes;

        public void Run(int index, int thread) => Buffer.MemoryCopy(from + (index * bytes), to + (index * bytes), bytes, bytes);
    }

    private readonly unsafe struct ReadParts(byte* from, long bytes, long[] seen) : IParts
    {
        public void Run(int index, int thread)
        {
            long* start = (long*)(from + (index * bytes)), end = start + (bytes / sizeof(long));
            Vector512<long> a = default, b = default;
            for (; start + 16 <= end; start += 16)
            {
                a ^= Vector512.Load(start);
                b ^= Vector512.Load(start + 8);
            }

            seen[index] = Vector512.Sum(a ^ b);
        }
    }

    private readonly unsafe struct UpdateParts(byte* from, byte* to, long bytes) : IParts
    {
        public void Run(int index, int thread)
        {
            long* x = (long*)(from + (index * bytes)), y = (long*)(to + (index * bytes)), end = y + (bytes / sizeof(long));
            for (; y + 16 <= end; x += 16, y += 16)
            {
                (Vector512.Load(y) ^ Vector512.Load(x)).Store(y);
                (Vector512.Load(y + 8) ^ Vector512.Load(x + 8)).Store(y + 8);
            }
        }
    }
}
