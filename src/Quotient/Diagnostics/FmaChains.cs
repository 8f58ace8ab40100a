using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Quotient.Backends.Cpu.Products;

namespace Quotient.Diagnostics;

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
