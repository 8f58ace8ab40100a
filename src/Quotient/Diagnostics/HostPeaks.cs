using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Quotient.Backends;
using Quotient.Backends.Cpu;
using Quotient.Backends.Cpu.Products;

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
        var operations = new double[pool.Threads];
        double best = 0;
        for (int round = 0; round < rounds; round++)
        {
            double seconds = Seconds(pool, thread => operations[thread] = FmaChains.Run<T>(Steps));
            best = Math.Max(best, operations.Sum() / seconds);
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
            long share = bytes / pool.Threads / 64 * 64, all = share * pool.Threads;
            var seen = new long[pool.Threads];
            for (int round = 0; round < rounds; round++)
            {
                double copied = Seconds(pool, i => Buffer.MemoryCopy(from + (i * share), to + (i * share), share, share));
                double read = Seconds(pool, i => seen[i] = Read(from + (i * share), share));

                // What is written in place has been read before, so that no line is fetched in vain.
                double updated = Seconds(pool, i => Update(from + (i * share), to + (i * share), share));
                best = Math.Max(best, Math.Max(2 * all / copied, Math.Max(all / read, 3 * all / updated)));
            }

            return best;
        }
        finally
        {
            NativeMemory.AlignedFree(from);
            NativeMemory.AlignedFree(to);
        }
    }

    private static double Seconds(WorkerPool pool, Action<int> share)
    {
        long start = Stopwatch.GetTimestamp();
        pool.Run(new Shares(pool.Threads, share));
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static unsafe long Read(byte* from, long bytes)
    {
        long* start = (long*)from, end = start + (bytes / sizeof(long));
        Vector512<long> a = default, b = default;
        for (; start + 16 <= end; start += 16)
        {
            a ^= Vector512.Load(start);
            b ^= Vector512.Load(start + 8);
        }

        return Vector512.Sum(a ^ b);
    }

    private static unsafe void Update(byte* from, byte* to, long bytes)
    {
        long* x = (long*)from, y = (long*)to, end = y + (bytes / sizeof(long));
        for (; y + 16 <= end; x += 16, y += 16)
        {
            (Vector512.Load(y) ^ Vector512.Load(x)).Store(y);
            (Vector512.Load(y + 8) ^ Vector512.Load(x + 8)).Store(y + 8);
        }
    }

    /// <summary>A part for each thread.</summary>
    private readonly struct Shares(int threads, Action<int> run) : IParts
    {
        public int Count => threads;

        public void Run(int index, int thread) => run(index);
    }
}

/// <summary>What one thread can multiply and add when it touches no memory: the ceiling of every dense product.</summary>
internal static class FmaChains
{
    private const int Chains = 12;

    /// <summary>
    /// Runs as many independent chains of fused multiply–adds as hide their latency and fit in registers, at the widest vectors;
    /// returns the operations done, a multiply–add counting as two.
    /// </summary>
    public static double Run<T>(int steps) where T : unmanaged, IFloatingPointIeee754<T>
    {
        int lanes = Vector512.IsHardwareAccelerated ? Run<Vector512<T>, T, Simd512<T>>(steps)
            : Vector256.IsHardwareAccelerated ? Run<Vector256<T>, T, Simd256<T>>(steps)
            : Run<Vector128<T>, T, Simd128<T>>(steps);
        return 2.0 * Chains * lanes * steps;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Run<TVector, T, TSimd>(int steps)
        where TVector : struct
        where T : unmanaged, IFloatingPointIeee754<T>
        where TSimd : ISimd<TVector, T>
    {
        TVector x = TSimd.Broadcast(T.CreateChecked(0.999)), y = TSimd.Broadcast(T.CreateChecked(0.001));
        TVector c0 = y, c1 = y, c2 = y, c3 = y, c4 = y, c5 = y, c6 = y, c7 = y, c8 = y, c9 = y, c10 = y, c11 = y;
        for (int i = 0; i < steps; i++)
        {
            c0 = TSimd.MultiplyAdd(c0, x, y);
            c1 = TSimd.MultiplyAdd(c1, x, y);
            c2 = TSimd.MultiplyAdd(c2, x, y);
            c3 = TSimd.MultiplyAdd(c3, x, y);
            c4 = TSimd.MultiplyAdd(c4, x, y);
            c5 = TSimd.MultiplyAdd(c5, x, y);
            c6 = TSimd.MultiplyAdd(c6, x, y);
            c7 = TSimd.MultiplyAdd(c7, x, y);
            c8 = TSimd.MultiplyAdd(c8, x, y);
            c9 = TSimd.MultiplyAdd(c9, x, y);
            c10 = TSimd.MultiplyAdd(c10, x, y);
            c11 = TSimd.MultiplyAdd(c11, x, y);
        }

        var even = TSimd.Add(TSimd.Add(TSimd.Add(c0, c2), TSimd.Add(c4, c6)), TSimd.Add(c8, c10));
        var odd = TSimd.Add(TSimd.Add(TSimd.Add(c1, c3), TSimd.Add(c5, c7)), TSimd.Add(c9, c11));

        // The sum is used, so that the chains are not left out; it is finite.
        return T.IsFinite(TSimd.Sum(TSimd.Add(even, odd))) ? TSimd.Lanes : 0;
    }
}
