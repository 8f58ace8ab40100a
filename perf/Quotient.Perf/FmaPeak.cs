using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Quotient.Perf;

/// <summary>What one thread can multiply and add when it touches no memory: the ceiling of every dense product.</summary>
public static class FmaPeak
{
    /// <summary>
    /// Operations a second of as many independent chains of fused multiply-adds as registers hold, in one run of about 5 ms.
    /// </summary>
    public static double Measure()
    {
        const int Steps = 500_000;
        double start = ThreadClock.Seconds;
        int lanes = Vector512.IsHardwareAccelerated ? 16 * Chains512(Steps) : 12 * Chains256(Steps);
        return 2.0 * lanes * Steps / (ThreadClock.Seconds - start);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Chains512(int steps)
    {
        Vector512<float> x = Vector512.Create(0.999f), y = Vector512.Create(0.001f);
        Vector512<float> c0 = y, c1 = y, c2 = y, c3 = y, c4 = y, c5 = y, c6 = y, c7 = y;
        Vector512<float> c8 = y, c9 = y, c10 = y, c11 = y, c12 = y, c13 = y, c14 = y, c15 = y;
        for (int i = 0; i < steps; i++)
        {
            c0 = Vector512.MultiplyAddEstimate(c0, x, y);
            c1 = Vector512.MultiplyAddEstimate(c1, x, y);
            c2 = Vector512.MultiplyAddEstimate(c2, x, y);
            c3 = Vector512.MultiplyAddEstimate(c3, x, y);
            c4 = Vector512.MultiplyAddEstimate(c4, x, y);
            c5 = Vector512.MultiplyAddEstimate(c5, x, y);
            c6 = Vector512.MultiplyAddEstimate(c6, x, y);
            c7 = Vector512.MultiplyAddEstimate(c7, x, y);
            c8 = Vector512.MultiplyAddEstimate(c8, x, y);
            c9 = Vector512.MultiplyAddEstimate(c9, x, y);
            c10 = Vector512.MultiplyAddEstimate(c10, x, y);
            c11 = Vector512.MultiplyAddEstimate(c11, x, y);
            c12 = Vector512.MultiplyAddEstimate(c12, x, y);
            c13 = Vector512.MultiplyAddEstimate(c13, x, y);
            c14 = Vector512.MultiplyAddEstimate(c14, x, y);
            c15 = Vector512.MultiplyAddEstimate(c15, x, y);
        }

        var sum = c0 + c1 + c2 + c3 + c4 + c5 + c6 + c7;
        sum += c8 + c9 + c10 + c11 + c12 + c13 + c14 + c15;
        return float.IsNaN(Vector512.Sum(sum)) ? 0 : Vector512<float>.Count;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Chains256(int steps)
    {
        Vector256<float> x = Vector256.Create(0.999f), y = Vector256.Create(0.001f);
        Vector256<float> c0 = y, c1 = y, c2 = y, c3 = y, c4 = y, c5 = y, c6 = y, c7 = y;
        Vector256<float> c8 = y, c9 = y, c10 = y, c11 = y;
        for (int i = 0; i < steps; i++)
        {
            c0 = Vector256.MultiplyAddEstimate(c0, x, y);
            c1 = Vector256.MultiplyAddEstimate(c1, x, y);
            c2 = Vector256.MultiplyAddEstimate(c2, x, y);
            c3 = Vector256.MultiplyAddEstimate(c3, x, y);
            c4 = Vector256.MultiplyAddEstimate(c4, x, y);
            c5 = Vector256.MultiplyAddEstimate(c5, x, y);
            c6 = Vector256.MultiplyAddEstimate(c6, x, y);
            c7 = Vector256.MultiplyAddEstimate(c7, x, y);
            c8 = Vector256.MultiplyAddEstimate(c8, x, y);
            c9 = Vector256.MultiplyAddEstimate(c9, x, y);
            c10 = Vector256.MultiplyAddEstimate(c10, x, y);
            c11 = Vector256.MultiplyAddEstimate(c11, x, y);
        }

        var sum = c0 + c1 + c2 + c3 + c4 + c5 + c6 + c7;
        sum += c8 + c9 + c10 + c11;
        return float.IsNaN(Vector256.Sum(sum)) ? 0 : Vector256<float>.Count;
    }
}
