using System.Diagnostics;
using Quotient.Backends;

namespace Quotient.Diagnostics;

/// <summary>One thing that was measured.</summary>
/// <param name="Name">What: <c>copy on the device</c>.</param>
/// <param name="Problem">Of which size.</param>
/// <param name="Unit">Of the rates: <c>GB/s</c>, <c>GFLOP/s</c> or <c>steps/s</c>.</param>
/// <param name="Work">Bytes, operations or steps of one call.</param>
/// <param name="Time">Seconds of one call.</param>
/// <param name="Ceiling">Work a second that the hardware allows; NaN where that is not known.</param>
public sealed record Measurement(string Name, string Problem, string Unit, double Work, Timing Time, double Ceiling)
{
    /// <summary>The rate of the fastest calls, in the unit.</summary>
    public double Rate => Scaled(Work / Time.Least);

    /// <summary>The rate of the median, in the unit.</summary>
    public double MedianRate => Scaled(Work / Time.Median);

    /// <summary>The physical limit, in the unit; NaN where it is not known.</summary>
    public double Limit => Scaled(Ceiling);

    /// <summary>The rate's share of the limit; NaN where that is not known.</summary>
    public double Share => Rate / Limit;

    private double Scaled(double rate) => Unit.StartsWith('G') ? rate / 1e9 : rate;
}

/// <summary>What a device was measured to do.</summary>
/// <param name="Device">The device.</param>
/// <param name="Measurements">Each thing measured, in the order of measuring.</param>
/// <param name="Seconds">How long it took.</param>
public sealed record BenchmarkResult(Backends.DeviceInfo Device, IReadOnlyList<Measurement> Measurements, double Seconds);

/// <summary>Seconds of one call.</summary>
/// <param name="Least">The least over batches: what the machine can do when nothing disturbs it.</param>
/// <param name="Median">The median over batches: what it did.</param>
public readonly record struct Timing(double Least, double Median)
{
    private const int LeastBatches = 3, BatchesOfTime = 10;

    /// <summary>
    /// Times a call that queues work: warm-up first, then batches of calls, each followed by one wait, until the time is used.
    /// </summary>
    /// <param name="backend">Whose queue the call fills.</param>
    /// <param name="call">What is timed.</param>
    /// <param name="seconds">How long to measure, at least.</param>
    /// <param name="stop">Is asked between batches.</param>
    internal static Timing Of(IBackend backend, Action call, double seconds, CancellationToken stop)
    {
        // The first call compiles and allocates; those after it bring caches and clocks to where they stay.
        Batch(backend, call, 1);
        double once = Batch(backend, call, 1), warm = once;
        for (int calls = 2; warm < seconds / 5; calls *= 2)
        {
            stop.ThrowIfCancellationRequested();
            double batch = Batch(backend, call, calls);
            (once, warm) = (batch / calls, warm + batch);
        }

        int perBatch = (int)Math.Clamp(seconds / BatchesOfTime / once, 1, 1_000_000);
        var times = new List<double>();
        double total = 0;
        while (times.Count < LeastBatches || total < seconds)
        {
            stop.ThrowIfCancellationRequested();
            double batch = Batch(backend, call, perBatch);
            times.Add(batch / perBatch);
            total += batch;
        }

        times.Sort();
        return new(times[0], (times[(times.Count - 1) / 2] + times[times.Count / 2]) / 2);
    }

    private static double Batch(IBackend backend, Action call, int calls)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < calls; i++)
        {
            call();
        }

        backend.Synchronise();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
