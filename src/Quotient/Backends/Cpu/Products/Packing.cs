using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Quotient.Backends.Cpu.Products;

/// <summary>
/// Copies factors into the order that the micro-kernel reads, so that its loads are sequential whatever the strides were.
/// </summary>
internal static unsafe class Packing<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private static int Lanes => Vector128<T>.Count;

    /// <summary>
    /// Panels of <paramref name="width"/> elements along by <paramref name="depth"/> deep, <paramref name="next"/> elements
    /// apart; in each, target[k·width + i] ← source[i·along + k·deep], and 0 beyond <paramref name="extent"/>.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Panels(T* source, nint along, nint deep, nint extent, nint depth, nint width, T* target, nint next)
    {
        nint rest = extent % width, whole = extent - rest;
        if (along == 1)
        {
            // All panels at each step of k, so that a row of the source is read while its page is at hand.
            for (nint k = 0; k < depth; k++)
            {
                Spread(source + (k * deep), extent, width, target + (k * width), next);
            }
        }
        else
        {
            for (nint i = 0; i < extent; i += width)
            {
                Panel(source + (i * along), along, deep, Math.Min(width, extent - i), depth, width, target + (i / width * next));
            }
        }

        for (nint k = 0; rest > 0 && k < depth; k++)
        {
            new Span<T>(target + (whole / width * next) + (k * width) + rest, (int)(width - rest)).Clear();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Spread(T* source, nint extent, nint width, T* target, nint next)
    {
        for (; extent > 0; extent -= width, source += width, target += next)
        {
            nint count = Math.Min(extent, width), i = 0;
            for (; i <= count - Lanes; i += Lanes)
            {
                Vector128.Load(source + i).Store(target + i);
            }

            for (; i < count; i++)
            {
                target[i] = source[i];
            }
        }
    }

    private static void Panel(T* source, nint along, nint deep, nint extent, nint depth, nint width, T* target)
    {
        if (deep == 1)
        {
            Transpose(source, along, extent, depth, width, target);
        }
        else
        {
            Gather(source, along, deep, 0, extent, 0, depth, width, target);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Transpose(T* source, nint along, nint extent, nint depth, nint width, T* target)
    {
        nint across = extent - (extent % Lanes), deep = depth - (depth % Lanes);
        for (nint i = 0; i < across; i += Lanes)
        {
            T* s = source + (i * along), t = target + i;
            for (nint k = 0; k < deep; k += Lanes, s += Lanes, t += Lanes * width)
            {
                Transposition.Square(s, along, t, width);
            }
        }

        Gather(source, along, 1, across, extent, 0, depth, width, target);
        Gather(source, along, 1, 0, across, deep, depth, width, target);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Gather(
        T* source, nint along, nint deep, nint firstAcross, nint endAcross, nint firstDeep, nint endDeep, nint width, T* target)
    {
        for (nint i = firstAcross; i < endAcross; i++)
        {
            for (nint k = firstDeep; k < endDeep; k++)
            {
                target[(k * width) + i] = source[(i * along) + (k * deep)];
            }
        }
    }
}

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
