using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

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
