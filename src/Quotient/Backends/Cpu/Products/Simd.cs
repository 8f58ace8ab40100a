using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Quotient.Backends.Cpu.Products;

/// <summary>What a product needs of a vector type, so that one kernel text serves every width.</summary>
internal unsafe interface ISimd<TVector, T> where T : unmanaged, IFloatingPointIeee754<T>
{
    static abstract int Lanes { get; }

    static abstract TVector Load(T* source);

    static abstract TVector Broadcast(T value);

    static abstract void Store(TVector value, T* target);

    /// <summary>
    /// The first <paramref name="count"/> elements, fewer than all; the other lanes are 0, and nothing beyond is read.
    /// </summary>
    static abstract TVector LoadFirst(T* source, int count);

    /// <summary>Stores the first <paramref name="count"/> lanes, fewer than all.</summary>
    static abstract void StoreFirst(TVector value, T* target, int count);

    /// <summary>a·b + c, fused where the machine can.</summary>
    static abstract TVector MultiplyAdd(TVector a, TVector b, TVector c);

    static abstract TVector Multiply(TVector a, TVector b);

    static abstract TVector Add(TVector a, TVector b);

    static abstract TVector Rectify(TVector value);

    /// <summary>The lanes of <paramref name="value"/> whose mask is positive; 0 elsewhere.</summary>
    static abstract TVector WherePositive(TVector mask, TVector value);

    static abstract T Sum(TVector value);
}

/// <summary>128-bit vectors.</summary>
internal readonly unsafe struct Simd128<T> : ISimd<Vector128<T>, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static int Lanes => Vector128<T>.Count;

    public static Vector128<T> Load(T* source) => Vector128.Load(source);

    public static Vector128<T> Broadcast(T value) => Vector128.Create(value);

    public static void Store(Vector128<T> value, T* target) => value.Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> LoadFirst(T* source, int count)
    {
        if (Avx.IsSupported)
        {
            return typeof(T) == typeof(float)
                ? Avx.MaskLoad((float*)source, First(count).AsSingle()).As<float, T>()
                : Avx.MaskLoad((double*)source, First(count).AsDouble()).As<double, T>();
        }

        Vector128<T> value = default;
        Unsafe.CopyBlockUnaligned(&value, source, (uint)(count * sizeof(T)));
        return value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreFirst(Vector128<T> value, T* target, int count)
    {
        if (!Avx.IsSupported)
        {
            Unsafe.CopyBlockUnaligned(target, &value, (uint)(count * sizeof(T)));
        }
        else if (typeof(T) == typeof(float))
        {
            Avx.MaskStore((float*)target, First(count).AsSingle(), value.AsSingle());
        }
        else
        {
            Avx.MaskStore((double*)target, First(count).AsDouble(), value.AsDouble());
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> MultiplyAdd(Vector128<T> a, Vector128<T> b, Vector128<T> c) => typeof(T) == typeof(float)
        ? Vector128.MultiplyAddEstimate(a.AsSingle(), b.AsSingle(), c.AsSingle()).As<float, T>()
        : Vector128.MultiplyAddEstimate(a.AsDouble(), b.AsDouble(), c.AsDouble()).As<double, T>();

    public static Vector128<T> Multiply(Vector128<T> a, Vector128<T> b) => a * b;

    public static Vector128<T> Add(Vector128<T> a, Vector128<T> b) => a + b;

    public static Vector128<T> Rectify(Vector128<T> value) => Vector128.Max(value, Vector128<T>.Zero);

    public static Vector128<T> WherePositive(Vector128<T> mask, Vector128<T> value) =>
        Vector128.GreaterThan(mask, Vector128<T>.Zero) & value;

    public static T Sum(Vector128<T> value) => Vector128.Sum(value);

    /// <summary>All bits in the first lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<T> First(int count) => typeof(T) == typeof(float)
        ? Vector128.LessThan(Vector128<int>.Indices, Vector128.Create(count)).As<int, T>()
        : Vector128.LessThan(Vector128<long>.Indices, Vector128.Create((long)count)).As<long, T>();
}

/// <summary>256-bit vectors.</summary>
internal readonly unsafe struct Simd256<T> : ISimd<Vector256<T>, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static int Lanes => Vector256<T>.Count;

    public static Vector256<T> Load(T* source) => Vector256.Load(source);

    public static Vector256<T> Broadcast(T value) => Vector256.Create(value);

    public static void Store(Vector256<T> value, T* target) => value.Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> LoadFirst(T* source, int count)
    {
        if (Avx.IsSupported)
        {
            return typeof(T) == typeof(float)
                ? Avx.MaskLoad((float*)source, First(count).AsSingle()).As<float, T>()
                : Avx.MaskLoad((double*)source, First(count).AsDouble()).As<double, T>();
        }

        Vector256<T> value = default;
        Unsafe.CopyBlockUnaligned(&value, source, (uint)(count * sizeof(T)));
        return value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreFirst(Vector256<T> value, T* target, int count)
    {
        if (!Avx.IsSupported)
        {
            Unsafe.CopyBlockUnaligned(target, &value, (uint)(count * sizeof(T)));
        }
        else if (typeof(T) == typeof(float))
        {
            Avx.MaskStore((float*)target, First(count).AsSingle(), value.AsSingle());
        }
        else
        {
            Avx.MaskStore((double*)target, First(count).AsDouble(), value.AsDouble());
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> MultiplyAdd(Vector256<T> a, Vector256<T> b, Vector256<T> c) => typeof(T) == typeof(float)
        ? Vector256.MultiplyAddEstimate(a.AsSingle(), b.AsSingle(), c.AsSingle()).As<float, T>()
        : Vector256.MultiplyAddEstimate(a.AsDouble(), b.AsDouble(), c.AsDouble()).As<double, T>();

    public static Vector256<T> Multiply(Vector256<T> a, Vector256<T> b) => a * b;

    public static Vector256<T> Add(Vector256<T> a, Vector256<T> b) => a + b;

    public static Vector256<T> Rectify(Vector256<T> value) => Vector256.Max(value, Vector256<T>.Zero);

    public static Vector256<T> WherePositive(Vector256<T> mask, Vector256<T> value) =>
        Vector256.GreaterThan(mask, Vector256<T>.Zero) & value;

    public static T Sum(Vector256<T> value) => Vector128.Sum(value.GetLower() + value.GetUpper());

    /// <summary>All bits in the first lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<T> First(int count) => typeof(T) == typeof(float)
        ? Vector256.LessThan(Vector256<int>.Indices, Vector256.Create(count)).As<int, T>()
        : Vector256.LessThan(Vector256<long>.Indices, Vector256.Create((long)count)).As<long, T>();
}

/// <summary>512-bit vectors.</summary>
internal readonly unsafe struct Simd512<T> : ISimd<Vector512<T>, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static int Lanes => Vector512<T>.Count;

    public static Vector512<T> Load(T* source) => Vector512.Load(source);

    public static Vector512<T> Broadcast(T value) => Vector512.Create(value);

    public static void Store(Vector512<T> value, T* target) => value.Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> LoadFirst(T* source, int count)
    {
        if (Avx512F.IsSupported)
        {
            return typeof(T) == typeof(float)
                ? Avx512F.MaskLoad((float*)source, First(count).AsSingle(), Vector512<float>.Zero).As<float, T>()
                : Avx512F.MaskLoad((double*)source, First(count).AsDouble(), Vector512<double>.Zero).As<double, T>();
        }

        Vector512<T> value = default;
        Unsafe.CopyBlockUnaligned(&value, source, (uint)(count * sizeof(T)));
        return value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreFirst(Vector512<T> value, T* target, int count)
    {
        if (!Avx512F.IsSupported)
        {
            Unsafe.CopyBlockUnaligned(target, &value, (uint)(count * sizeof(T)));
        }
        else if (typeof(T) == typeof(float))
        {
            Avx512F.MaskStore((float*)target, First(count).AsSingle(), value.AsSingle());
        }
        else
        {
            Avx512F.MaskStore((double*)target, First(count).AsDouble(), value.AsDouble());
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> MultiplyAdd(Vector512<T> a, Vector512<T> b, Vector512<T> c) => typeof(T) == typeof(float)
        ? Vector512.MultiplyAddEstimate(a.AsSingle(), b.AsSingle(), c.AsSingle()).As<float, T>()
        : Vector512.MultiplyAddEstimate(a.AsDouble(), b.AsDouble(), c.AsDouble()).As<double, T>();

    public static Vector512<T> Multiply(Vector512<T> a, Vector512<T> b) => a * b;

    public static Vector512<T> Add(Vector512<T> a, Vector512<T> b) => a + b;

    public static Vector512<T> Rectify(Vector512<T> value) => Vector512.Max(value, Vector512<T>.Zero);

    public static Vector512<T> WherePositive(Vector512<T> mask, Vector512<T> value) =>
        Vector512.GreaterThan(mask, Vector512<T>.Zero) & value;

    public static T Sum(Vector512<T> value) => Simd256<T>.Sum(value.GetLower() + value.GetUpper());

    /// <summary>All bits in the first lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<T> First(int count) => typeof(T) == typeof(float)
        ? Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(count)).As<int, T>()
        : Vector512.LessThan(Vector512<long>.Indices, Vector512.Create((long)count)).As<long, T>();
}
