using System.Diagnostics;

namespace Quotient.Perf;

/// <summary>The least of several timings: what the machine can do when nothing else disturbs it.</summary>
internal static class Timed
{
    /// <summary>Least seconds of <paramref name="repeats"/> runs, after two to warm up.</summary>
    public static double Least(Action work, int repeats)
    {
        work();
        work();
        return Enumerable.Range(0, repeats).Min(_ => Once(work));
    }

    /// <summary>Least seconds, and least processor seconds of all threads, which suffer less from others on the machine.</summary>
    public static (double Seconds, double Processor) LeastOfBoth(Action work, int repeats)
    {
        var processor = double.PositiveInfinity;
        double seconds = Least(
            () =>
            {
                var start = Environment.CpuUsage.TotalTime;
                work();
                processor = Math.Min(processor, (Environment.CpuUsage.TotalTime - start).TotalSeconds);
            },
            repeats);
        return (seconds, processor);
    }

    /// <summary>Seconds of one run.</summary>
    public static double Once(Action work)
    {
        long start = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
