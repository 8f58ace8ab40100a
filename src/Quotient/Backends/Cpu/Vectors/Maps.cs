namespace Quotient.Backends.Cpu.Vectors;

/// <summary>f of an <see cref="ElementOp{T}"/>, given for a vector of elements.</summary>
internal interface IMap<T>
{
    static abstract Vector<T> Apply(Vector<T> s, Vector<T> x, Vector<T> y);
}

/// <summary>z ← f(s, x, y), element by element; z may be x or y.</summary>
internal static unsafe class ElementMaps<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private static readonly delegate*<WorkerPool, T, T*, T*, T*, long, void>[] Fast =
        new delegate*<WorkerPool, T, T*, T*, T*, long, void>[RealElements<T>.All.Max(f => f.Number) + 1];

    static ElementMaps()
    {
        Fast[LinearElements<T>.Fill.Number] = &Run<FillMap<T>>;
        Fast[LinearElements<T>.Copy.Number] = &Run<CopyMap<T>>;
        Fast[LinearElements<T>.Scale.Number] = &Run<ScaleMap<T>>;
        Fast[LinearElements<T>.Axpy.Number] = &Run<AxpyMap<T>>;
        Fast[LinearElements<T>.AddSquares.Number] = &Run<AddSquaresMap<T>>;
        Fast[LinearElements<T>.Mask.Number] = &Run<MaskMap<T>>;
        Fast[RealElements<T>.Relu.Number] = &Run<ReluMap<T>>;
        Fast[RealElements<T>.Clamp.Number] = &Run<ClampMap<T>>;
        Fast[RealElements<T>.Sign.Number] = &Run<SignMap<T>>;
        Fast[RealElements<T>.MaskNear.Number] = &Run<MaskNearMap<T>>;
        Fast[RealElements<T>.Times.Number] = &Run<TimesMap<T>>;
        Fast[RealElements<T>.InverseRoot.Number] = &Run<InverseRootMap<T>>;
        Fast[RealElements<T>.ScaleByMagnitude.Number] = &Run<MagnitudeMap<T>>;
    }

    /// <summary>By the widest vectors of the machine, or one by one what has no such way.</summary>
    public static void Run(ElementOp<T> f, WorkerPool pool, T s, T* x, T* y, T* z, long length)
    {
        if (f.Number < Fast.Length && Fast[f.Number] != null)
        {
            Fast[f.Number](pool, s, x, y, z, length);
            return;
        }

        for (long i = 0; i < length; i++)
        {
            z[i] = f.Value(s, x[i], y[i]);
        }
    }

    public static void Run<TMap>(WorkerPool pool, T s, T* x, T* y, T* z, long length) where TMap : struct, IMap<T> =>
        pool.Run(new MapParts<TMap>(s, x, y, z, length));

    private readonly struct MapParts<TMap>(T s, T* x, T* y, T* z, long length) : IParts where TMap : struct, IMap<T>
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

internal readonly struct TimesMap<T> : IMap<T>
{
    public static Vector<T> Apply(Vector<T> s, Vector<T> x, Vector<T> y) => s * x * y;
}

internal readonly struct InverseRootMap<T> : IMap<T>
{
    public static Vector<T> Apply(Vector<T> s, Vector<T> x, Vector<T> y) => Vector<T>.One / Vector.SquareRoot(x + s);
}
