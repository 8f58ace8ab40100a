using System.Diagnostics;
using Quotient.Backends;

namespace Quotient.Perf.Tuning;

/// <summary>Calls timed in turns, so that a noisy machine is noisy for all of them.</summary>
/// <param name="backend">Whose queue the calls fill.</param>
/// <param name="seconds">How long a call is repeated before the next has its turn.</param>
internal sealed class Race(IBackend backend, double seconds)
{
    /// <summary>How many times as fast as the first each call is: the median over the rounds, each round's first beside its others.</summary>
    public double[] Gains(IReadOnlyList<Action> calls, int rounds)
    {
        int[] repeats = [.. calls.Select(Repeats)];
        var gains = calls.Select(_ => new double[rounds]).ToArray();
        for (int round = 0; round < rounds; round++)
        {
            double first = Seconds(calls[0], repeats[0]);
            gains[0][round] = 1;
            for (int i = 1; i < calls.Count; i++)
            {
                gains[i][round] = first / Seconds(calls[i], repeats[i]);
            }
        }

        return [.. gains.Select(Median)];
    }

    /// <summary>How often a call is made in a turn; the first call compiles what is not yet compiled.</summary>
    private int Repeats(Action call)
    {
        _ = Seconds(call, 1);
        return (int)Math.Clamp(seconds / Math.Min(Seconds(call, 1), Seconds(call, 1)), 1, 10_000);
    }

    private double Seconds(Action call, int repeats)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < repeats; i++)
        {
            call();
        }

        backend.Synchronise();
        return Stopwatch.GetElapsedTime(start).TotalSeconds / repeats;
    }

    private static double Median(double[] values)
    {
        Array.Sort(values);
        return (values[(values.Length - 1) / 2] + values[values.Length / 2]) / 2;
    }
}
