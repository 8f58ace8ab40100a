using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Quotient.Perf;

/// <summary>
/// Seconds that this thread has computed. On a shared machine the wall clock also counts others' turns; where the system
/// offers no clock of a thread, it has to do.
/// </summary>
internal static partial class ThreadClock
{
    private const int ThreadCpuTime = 3;

    /// <summary>The time now, from an arbitrary beginning.</summary>
    public static double Seconds =>
        OperatingSystem.IsLinux() && GetTime(ThreadCpuTime, out var time) == 0
            ? time.Seconds + (time.Nanoseconds * 1e-9)
            : (double)Stopwatch.GetTimestamp() / Stopwatch.Frequency;

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int GetTime(int clock, out TimeSpecification time);

    private struct TimeSpecification
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
