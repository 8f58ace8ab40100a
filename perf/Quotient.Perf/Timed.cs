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

    /// <summary>Seconds of one run.</summary>
    public static double Once(Action work)
    {
        long start = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
