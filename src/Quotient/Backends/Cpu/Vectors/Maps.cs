using System.Numerics;
using System.Runtime.CompilerServices;

namespace Quotient.Backends.Cpu.Vectors;

/// <summary>A function of two elements, given for a vector of them.</summary>
internal interface IMap<T>
{
    Vector<T> Apply(Vector<T> x, Vector<T> y);
}

/// <summary>z ← f(x, y), element by element, in parts that a thread takes at once. z may be x or y.</summary>
internal readonly unsafe struct MapParts<T, TMap>(T* x, T* y, T* z, long length, TMap map) : IParts
    where T : unmanaged
    where TMap : struct, IMap<T>
{
    /// <summary>Parts: one where a second thread would cost more than it brings.</summary>
    public int Count => Parts.Count<T>(length);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(int index, int thread)
    {
        var (start, end) = Parts.Range<T>(index, length);
        long i = start;
        for (; i <= end - Vector<T>.Count; i += Vector<T>.Count)
        {
            map.Apply(Vector.Load(x + i), Vector.Load(y + i)).Store(z + i);
        }

        if (i < end)
        {
            var rest = map.Apply(Parts.LoadRest(x + i, end - i), Parts.LoadRest(y + i, end - i));
            Parts.StoreRest(rest, z + i, end - i);
        }
    }
}

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

internal readonly struct FillMap<T>(T value) : IMap<T>
{
    public Vector<T> Apply(Vector<T> x, Vector<T> y) => Vector.Create(value);
}

internal readonly struct CopyMap<T> : IMap<T>
{
    public Vector<T> Apply(Vector<T> x, Vector<T> y) => x;
}

internal readonly struct ScaleMap<T>(T alpha) : IMap<T>
{
    public Vector<T> Apply(Vector<T> x, Vector<T> y) => x * alpha;
}

internal readonly struct AxpyMap<T>(T alpha) : IMap<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public Vector<T> Apply(Vector<T> x, Vector<T> y) => Wide.MultiplyAdd(Vector.Create(alpha), x, y);
}

internal readonly struct AddSquaresMap<T> : IMap<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public Vector<T> Apply(Vector<T> x, Vector<T> y) => Wide.MultiplyAdd(x, x, y);
}

/// <summary>x / root; the reciprocal would round once more.</summary>
internal readonly struct DivideMap<T>(T root) : IMap<T>
{
    public Vector<T> Apply(Vector<T> x, Vector<T> y) => x / root;
}

internal readonly struct ReluMap<T> : IMap<T>
{
    public Vector<T> Apply(Vector<T> x, Vector<T> y) => Vector.Max(x, Vector<T>.Zero);
}

/// <summary>y where x is positive, else 0.</summary>
internal readonly struct MaskMap<T> : IMap<T>
{
    public Vector<T> Apply(Vector<T> x, Vector<T> y) => Vector.GreaterThan(x, Vector<T>.Zero) & y;
}
