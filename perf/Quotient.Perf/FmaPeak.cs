using Quotient.Diagnostics;

namespace Quotient.Perf;

/// <summary>What one thread can multiply and add when it touches no memory: the ceiling of every dense product.</summary>
public static class FmaPeak
{
    /// <summary>Operations a second of <see cref="FmaChains"/> in float, in one run of about 5 ms of this thread's own time.</summary>
    public static double Measure()
    {
        const int Steps = 500_000;
        double start = ThreadClock.Seconds;
        return FmaChains.Run<float>(Steps) / (ThreadClock.Seconds - start);
    }
}
