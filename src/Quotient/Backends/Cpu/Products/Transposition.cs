using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Quotient.Backends.Cpu.Products;

/// <summary>Transposes squares as large as a 128-bit vector is long: 4 × 4 floats, 2 × 2 doubles.</summary>
internal static unsafe class Transposition
{
    /// <summary>target[k·targetStride + i] ← source[i·sourceStride + k].</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Square<T>(T* source, nint sourceStride, T* target, nint targetStride) where T : unmanaged
    {
        if (typeof(T) == typeof(float))
        {
            Four((float*)source, sourceStride, (float*)target, targetStride);
        }
        else
        {
            Two((double*)source, sourceStride, (double*)target, targetStride);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Four(float* s, nint sourceStride, float* t, nint targetStride)
    {
        Vector128<float> r0 = Vector128.Load(s), r1 = Vector128.Load(s + sourceStride);
        Vector128<float> r2 = Vector128.Load(s + (2 * sourceStride)), r3 = Vector128.Load(s + (3 * sourceStride));
        Vector128<double> low = Low(r0, r1).AsDouble(), high = High(r0, r1).AsDouble();
        Vector128<double> nextLow = Low(r2, r3).AsDouble(), nextHigh = High(r2, r3).AsDouble();
        Low(low, nextLow).AsSingle().Store(t);
        High(low, nextLow).AsSingle().Store(t + targetStride);
        Low(high, nextHigh).AsSingle().Store(t + (2 * targetStride));
        High(high, nextHigh).AsSingle().Store(t + (3 * targetStride));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Two(double* s, nint sourceStride, double* t, nint targetStride)
    {
        Vector128<double> r0 = Vector128.Load(s), r1 = Vector128.Load(s + sourceStride);
        Low(r0, r1).Store(t);
        High(r0, r1).Store(t + targetStride);
    }

    /// <summary>The lower halves, interleaved.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Low(Vector128<float> a, Vector128<float> b) =>
        Sse.IsSupported ? Sse.UnpackLow(a, b)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipLow(a, b)
        : Vector128.Create(a[0], b[0], a[1], b[1]);

    /// <summary>The upper halves, interleaved.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> High(Vector128<float> a, Vector128<float> b) =>
        Sse.IsSupported ? Sse.UnpackHigh(a, b)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipHigh(a, b)
        : Vector128.Create(a[2], b[2], a[3], b[3]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<double> Low(Vector128<double> a, Vector128<double> b) =>
        Sse2.IsSupported ? Sse2.UnpackLow(a, b)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipLow(a, b)
        : Vector128.Create(a[0], b[0]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<double> High(Vector128<double> a, Vector128<double> b) =>
        Sse2.IsSupported ? Sse2.UnpackHigh(a, b)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipHigh(a, b)
        : Vector128.Create(a[1], b[1]);
}
