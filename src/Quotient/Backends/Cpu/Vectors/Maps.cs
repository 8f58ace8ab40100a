using System.Numerics;
using System.Runtime.CompilerServices;

namespace Quotient.Backends.Cpu.Vectors;

/// <summary>z ← f(s, x, y), element by element. z may be x or y.</summary>
internal abstract unsafe class ElementMap<T> where T : unmanaged
{
    public abstract void Run(WorkerPool pool, T s, T* x, T* y, T* z, long length);
}

/// <summary>By the widest vectors of the machine.</summary>
internal sealed unsafe class ElementMap<T, TMap> : ElementMap<T>
    where T : unmanaged
    where TMap : struct, IMap<T>
{
    public static ElementMap<T, TMap> Instance { get; } = new();

    public override void Run(WorkerPool pool, T s, T* x, T* y, T* z, long length) => pool.Run(new MapParts(s, x, y, z, length));

    private readonly struct MapParts(T s, T* x, T* y, T* z, long length) : IParts
    {
        public int Count => Parts.Count<T>(length);

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run(int index, int thread)
        {
            var (start, end) = Parts.Range<T>(index, length);
            var scalar = Vector.Create(s);
            long i = start;
            for (; i <= end - Vector<T>.Count; i += Vector<T>.Count)
            {
                TMap.Apply(scalar, Vector.Load(x + i), Vector.Load(y + i)).Store(z + i);
            }

            if (i < end)
            {
                var rest = TMap.Apply(scalar, Parts.LoadRest(x + i, end - i), Parts.LoadRest(y + i, end - i));
                Parts.StoreRest(rest, z + i, end - i);
            }
        }
    }
}

/// <summary>One by one, as the operation's table says.</summary>
internal sealed unsafe class SlowMap<T>(ElementOp<T> f) : ElementMap<T> where T : unmanaged
{
    public override void Run(WorkerPool pool, T s, T* x, T* y, T* z, long length)
    {
        for (long i = 0; i < length; i++)
        {
            z[i] = f.Value(s, x[i], y[i]);
        }
    }
}

/// <summary>f of an <see cref="ElementOp{T}"/>, given for a vector of elements.</summary>
internal interface IMap<T>
{
    static abstract Vector<T> Apply(Vector<T> s, Vector<T> x, Vector<T> y);
}

/// <summary>The fast ways of element-wise operations; what has none is computed one by one.</summary>
internal static class ElementMaps<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private static readonly ElementMap<T>?[] Fast = new ElementMap<T>?[RealElements<T>.All.Max(f => f.Number) + 1];

    static ElementMaps()
    {
        Fast[LinearElements<T>.Fill.Number] = ElementMap<T, FillMap<T>>.Instance;
        Fast[LinearElements<T>.Copy.Number] = ElementMap<T, CopyMap<T>>.Instance;
        Fast[LinearElements<T>.Scale.Number] = ElementMap<T, ScaleMap<T>>.Instance;
        Fast[LinearElements<T>.Axpy.Number] = ElementMap<T, AxpyMap<T>>.Instance;
        Fast[LinearElements<T>.AddSquares.Number] = ElementMap<T, AddSquaresMap<T>>.Instance;
        Fast[LinearElements<T>.Mask.Number] = ElementMap<T, MaskMap<T>>.Instance;
        Fast[RealElements<T>.Relu.Number] = ElementMap<T, ReluMap<T>>.Instance;
        Fast[RealElements<T>.Clamp.Number] = ElementMap<T, ClampMap<T>>.Instance;
        Fast[RealElements<T>.Sign.Number] = ElementMap<T, SignMap<T>>.Instance;
        Fast[RealElements<T>.MaskNear.Number] = ElementMap<T, MaskNearMap<T>>.Instance;
        Fast[RealElements<T>.ScaleByMagnitude.Number] = ElementMap<T, MagnitudeMap<T>>.Instance;
    }

    /// <summary>How an operation is computed here.</summary>
    public static ElementMap<T> Of(ElementOp<T> f) => (f.Number < Fast.Length ? Fast[f.Number] : null) ?? new SlowMap<T>(f);
}

internal readonly struct FillMap<T> : IMap<T>
{
    public static Vector<T> Apply(Vector<T> s, Vector<T> x, Vector<T> y) => s;
}

internal readonly struct CopyMap<T> : IMap<T>
{
    public static Vector<T> Apply(Vector<T> s, Vector<T> x, Vector<T> y) => x;
}

internal readonly struct ScaleMap<T> : IMap<T>
{
    public static Vector<T> Apply(Vector<T> s, Vector<T> x, Vector<T> y) => x * s;
}

internal readonly struct AxpyMap<T> : IMap<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public static Vector<T> Apply(Vector<T> s, Vector<T> x, Vector<T> y) => Wide.MultiplyAdd(s, x, y);
}

internal readonly struct AddSquaresMap<T> : IMap<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public static Vector<T> Apply(Vector<T> s, Vector<T> x, Vector<T> y) => Wide.MultiplyAdd(x, x, y);
}

/// <summary>x / s; the reciprocal would round once more.</summary>
internal readonly struct DivideMap<T> : IMap<T>
{
    public static Vector<T> Apply(Vector<T> s, Vector<T> x, Vector<T> y) => x / s;
}

internal readonly struct ReluMap<T> : IMap<T>
{
    public static Vector<T> Apply(Vector<T> s, Vector<T> x, Vector<T> y) => Vector.Max(x, Vector<T>.Zero);
}

internal readonly struct MaskMap<T> : IMap<T>
{
    public static Vector<T> Apply(Vector<T> s, Vector<T> x, Vector<T> y) => Vector.GreaterThan(x, Vector<T>.Zero) & y;
}

internal readonly struct ClampMap<T> : IMap<T>
{
    public static Vector<T> Apply(Vector<T> s, Vector<T> x, Vector<T> y) => Vector.Min(Vector.Max(x, -s), s);
}

internal readonly struct SignMap<T> : IMap<T>
{
    public static Vector<T> Apply(Vector<T> s, Vector<T> x, Vector<T> y) =>
        Vector.ConditionalSelect(Vector.GreaterThanOrEqual(x, s), Vector<T>.One, -Vector<T>.One);
}

internal readonly struct MaskNearMap<T> : IMap<T>
{
    public static Vector<T> Apply(Vector<T> s, Vector<T> x, Vector<T> y) => Vector.LessThanOrEqual(Vector.Abs(x - s), Vector<T>.One) & y;
}

internal readonly struct MagnitudeMap<T> : IMap<T>
{
    public static Vector<T> Apply(Vector<T> s, Vector<T> x, Vector<T> y) => (Vector.Abs(x) + s) * y;
}
