namespace Quotient.Backends.Cpu.Vectors;

/// <summary>Vectors of either precision, and the doubles in which they are accumulated.</summary>
internal static unsafe class Wide
{
    /// <summary>a·b + c, fused where the machine can.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> MultiplyAdd<T>(Vector<T> a, Vector<T> b, Vector<T> c)
        where T : unmanaged => typeof(T) == typeof(float)
        ? Vector.MultiplyAddEstimate(a.As<T, float>(), b.As<T, float>(), c.As<T, float>()).As<float, T>()
        : Vector.MultiplyAddEstimate(a.As<T, double>(), b.As<T, double>(), c.As<T, double>()).As<double, T>();

    /// <summary>
    /// <see cref="Vector{Double}.Count"/>·2 elements as doubles. (With T = double, two vectors; with float, one, widened.)
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Load<T>(T* source, out Vector<double> low, out Vector<double> high) where T : unmanaged
    {
        if (typeof(T) == typeof(float))
        {
            Vector.Widen(Vector.Load((float*)source), out low, out high);
        }
        else
        {
            low = Vector.Load((double*)source);
            high = Vector.Load((double*)source + Vector<double>.Count);
        }
    }

    /// <summary>Stores what <see cref="Load{T}"/> loads.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<T>(Vector<double> low, Vector<double> high, T* target) where T : unmanaged
    {
        if (typeof(T) == typeof(float))
        {
            Vector.Narrow(low, high).Store((float*)target);
        }
        else
        {
            low.Store((double*)target);
            high.Store((double*)target + Vector<double>.Count);
        }
    }

    /// <summary>Elements as doubles.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ToDoubles<T>(T* source, double* target, long count) where T : unmanaged
    {
        long i = 0, step = 2 * Vector<double>.Count;
        for (; i <= count - step; i += step)
        {
            Load(source + i, out var low, out var high);
            low.Store(target + i);
            high.Store(target + i + Vector<double>.Count);
        }

        for (; i < count; i++)
        {
            target[i] = Real.ToDouble(source[i]);
        }
    }

    /// <summary>Doubles rounded to elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void FromDoubles<T>(double* source, T* target, long count) where T : unmanaged
    {
        long i = 0, step = 2 * Vector<double>.Count;
        for (; i <= count - step; i += step)
        {
            Store(Vector.Load(source + i), Vector.Load(source + i + Vector<double>.Count), target + i);
        }

        for (; i < count; i++)
        {
            target[i] = Real.From<T>(source[i]);
        }
    }

    /// <summary>⟨x, y⟩ in double.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Dot<T>(T* x, T* y, long length) where T : unmanaged, IFloatingPointIeee754<T>
    {
        int step = 2 * Vector<double>.Count;
        Vector<double> s0 = default, s1 = default, s2 = default, s3 = default;
        long i = 0;
        for (; i <= length - (2 * step); i += 2 * step)
        {
            Load(x + i, out var x0, out var x1);
            Load(y + i, out var y0, out var y1);
            s0 = MultiplyAdd(x0, y0, s0);
            s1 = MultiplyAdd(x1, y1, s1);
            Load(x + i + step, out x0, out x1);
            Load(y + i + step, out y0, out y1);
            s2 = MultiplyAdd(x0, y0, s2);
            s3 = MultiplyAdd(x1, y1, s3);
        }

        double sum = length < 2 * step ? 0 : Vector.Sum(s0 + s1 + (s2 + s3)), odd = 0;
        for (; i < length - 1; i += 2)
        {
            sum += Real.ToDouble(x[i]) * Real.ToDouble(y[i]);
            odd += Real.ToDouble(x[i + 1]) * Real.ToDouble(y[i + 1]);
        }

        return sum + odd + (i < length ? Real.ToDouble(x[i]) * Real.ToDouble(y[i]) : 0);
    }
}

/// <summary>
/// Conversions between double and either precision. The framework's own generic ones are calls, not instructions, in methods
/// that are optimised from the start.
/// </summary>
internal static class Real
{
    /// <summary>An element as a double, exactly.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double ToDouble<T>(T value) where T : unmanaged =>
        typeof(T) == typeof(float) ? Unsafe.BitCast<T, float>(value) : Unsafe.BitCast<T, double>(value);

    /// <summary>A double rounded to an element.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T From<T>(double value) where T : unmanaged =>
        typeof(T) == typeof(float) ? Unsafe.BitCast<float, T>((float)value) : Unsafe.BitCast<double, T>(value);
}
