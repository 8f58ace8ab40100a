using System.Numerics;
using System.Runtime.CompilerServices;

namespace Quotient.Backends.Cpu.Products;

/// <summary>Copies factors into the order that the micro-kernel reads, so that its loads are sequential whatever the strides were.</summary>
internal static unsafe class Packing<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>
    /// target[k·width + i] ← source[i·along + k·deep] for i below <paramref name="extent"/>, 0 from there to
    /// <paramref name="width"/>, and k below <paramref name="depth"/>: one panel.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Panel(T* source, nint along, nint deep, nint extent, nint depth, nint width, T* target)
    {
        if (along == 1)
        {
            for (nint k = 0; k < depth; k++)
            {
                Unsafe.CopyBlockUnaligned(target + (k * width), source + (k * deep), (uint)(extent * sizeof(T)));
            }
        }
        else
        {
            Gather(source, along, deep, extent, depth, width, target);
        }

        for (nint k = 0; extent < width && k < depth; k++)
        {
            Unsafe.InitBlockUnaligned(target + (k * width) + extent, 0, (uint)((width - extent) * sizeof(T)));
        }
    }

    private static void Gather(T* source, nint along, nint deep, nint extent, nint depth, nint width, T* target)
    {
        const int Unroll = 4;
        nint i = 0;
        for (; i <= extent - Unroll; i += Unroll)
        {
            T* s0 = source + (i * along), s1 = s0 + along, s2 = s1 + along, s3 = s2 + along, t = target + i;
            for (nint k = 0; k < depth; k++, t += width)
            {
                nint at = k * deep;
                (t[0], t[1], t[2], t[3]) = (s0[at], s1[at], s2[at], s3[at]);
            }
        }

        for (; i < extent; i++)
        {
            for (nint k = 0; k < depth; k++)
            {
                target[(k * width) + i] = source[(i * along) + (k * deep)];
            }
        }
    }
}
