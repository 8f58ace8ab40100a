namespace Quotient.Backends.Cpu.Vectors;

/// <summary>How vectors are cut into parts. The cut depends on the length alone.</summary>
internal static unsafe class Parts
{
    /// <summary>Bytes of one operand in a part; below this, waking a thread costs more than it brings.</summary>
    private const long Bytes = 256 << 10;

    /// <summary>Elements of a part.</summary>
    public static long Length<T>() where T : unmanaged => Bytes / sizeof(T);

    /// <summary>Parts of a vector.</summary>
    public static int Count<T>(long length) where T : unmanaged => (int)((length + Length<T>() - 1) / Length<T>());

    /// <summary>Where a part begins and ends.</summary>
    public static (long Start, long End) Range<T>(int index, long length) where T : unmanaged =>
        (index * Length<T>(), Math.Min(length, (index + 1) * Length<T>()));

    /// <summary>The sum of what parts left, <paramref name="step"/> apart, in order.</summary>
    public static double Sum(double* addends, long count, long step = 1)
    {
        double sum = 0;
        for (long i = 0; i < count; i++)
        {
            sum += addends[i * step];
        }

        return sum;
    }

    /// <summary>The last elements of an array, fewer than a vector's; the other lanes are 0.</summary>
    public static Vector<T> LoadRest<T>(T* source, long count) where T : unmanaged
    {
        Vector<T> rest = default;
        Unsafe.CopyBlockUnaligned(&rest, source, (uint)(count * sizeof(T)));
        return rest;
    }

    /// <summary>Stores the first lanes.</summary>
    public static void StoreRest<T>(Vector<T> rest, T* target, long count) where T : unmanaged =>
        Unsafe.CopyBlockUnaligned(target, &rest, (uint)(count * sizeof(T)));
}
