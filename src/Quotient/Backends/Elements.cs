namespace Quotient.Backends;

/// <summary>What an element-wise operation reads.</summary>
[Flags]
public enum Reads
{
    /// <summary>Nothing but what else is named.</summary>
    None = 0,

    /// <summary>x, as long as the result.</summary>
    X = 1,

    /// <summary>y, as long as the result.</summary>
    Y = 2,

    /// <summary>The scalar s.</summary>
    S = 4,

    /// <summary>x, of which x_(i mod |x|) goes with z_i: one for several stacked results.</summary>
    TiledX = 8 | X,
}

/// <summary>
/// z_i ← f(s, x_i, y_i): what an operation does to one element, on every backend. A backend may have a faster way for some.
/// </summary>
/// <param name="name">What it is called.</param>
/// <param name="reads">Which operands f has.</param>
/// <param name="kernel">f in the language of kernels, of the values <c>s</c>, <c>x</c> and <c>y</c>, which are REAL.</param>
/// <param name="value">f(s, x, y) in C#.</param>
public sealed class ElementOp<T>(string name, Reads reads, string kernel, Func<T, T, T, T> value) where T : unmanaged
{
    private static int _count;

    /// <summary>A small number of its own, by which backends find what they have for it.</summary>
    public int Number { get; } = Interlocked.Increment(ref _count);

    /// <summary>What it is called, <c>Axpy</c>.</summary>
    public string Name { get; } = name;

    /// <summary>Which operands f has.</summary>
    public Reads Reads { get; } = reads;

    /// <summary>f in the language of kernels.</summary>
    public string Kernel { get; } = kernel;

    /// <summary>f in C#.</summary>
    public Func<T, T, T, T> Value { get; } = value;

    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>
/// The element-wise operations that need no more than a ring: a line each, and its name. Where s = α, 0·∞ and 0·NaN are not 0.
/// </summary>
public static class LinearElements<T> where T : unmanaged, INumberBase<T>
{
    internal static readonly ElementOp<T>
        Fill = new(nameof(Fill), Reads.S, "s", (s, _, _) => s),
        Copy = new(nameof(Copy), Reads.X, "x", (_, x, _) => x),
        Scale = new(nameof(Scale), Reads.X | Reads.S, "s * x", (s, x, _) => s * x),
        Axpy = new(nameof(Axpy), Reads.X | Reads.Y | Reads.S, "multiply_add(s, x, y)", (s, x, y) => y + (s * x)),
        AddSquares = new(nameof(AddSquares), Reads.X | Reads.Y, "multiply_add(x, x, y)", (_, x, y) => y + (x * x)),
        Mask = new(nameof(Mask), Reads.TiledX | Reads.Y, "x > 0 ? y : 0", (_, x, y) => IsAboveZero(x) ? y : T.Zero);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<ElementOp<T>> All { get; } = [Fill, Copy, Scale, Axpy, AddSquares, Mask];

    /// <summary>x &gt; 0, where that means something; x ≠ 0 modulo a prime.</summary>
    internal static bool IsAboveZero(T x) => T.IsPositive(x) && !T.IsZero(x) && !T.IsNaN(x);
}

/// <summary>The element-wise operations of real numbers.</summary>
public static class RealElements<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    internal static readonly ElementOp<T>
        Relu = new(nameof(Relu), Reads.X, "x < 0 ? 0 : x", (_, x, _) => T.Max(x, T.Zero)),
        Clamp = new(nameof(Clamp), Reads.X | Reads.S, "x > s ? s : x < -s ? -s : x", (s, x, _) => T.Min(T.Max(x, -s), s)),
        Sign = new(nameof(Sign), Reads.X | Reads.S, "x >= s ? 1 : -1", (s, x, _) => x >= s ? T.One : -T.One),
        MaskNear = new(
            nameof(MaskNear), Reads.TiledX | Reads.Y | Reads.S, "x - s >= -1 && x - s <= 1 ? y : 0",
            (s, x, y) => T.Abs(x - s) <= T.One ? y : T.Zero),
        Times = new(nameof(Times), Reads.X | Reads.Y | Reads.S, "s * x * y", (s, x, y) => s * x * y),
        InverseRoot = new(nameof(InverseRoot), Reads.X | Reads.S, "1 / sqrt(x + s)", (s, x, _) => T.One / T.Sqrt(x + s)),
        ScaleByMagnitude = new(
            nameof(ScaleByMagnitude), Reads.X | Reads.Y | Reads.S, "((x < 0 ? -x : x) + s) * y", (s, x, y) => (T.Abs(x) + s) * y);

    /// <summary>Those of <see cref="LinearElements{T}"/> and these.</summary>
    public static IReadOnlyList<ElementOp<T>> All { get; } =
        [.. LinearElements<T>.All, Relu, Clamp, Sign, MaskNear, Times, InverseRoot, ScaleByMagnitude];
}

/// <summary>The element-wise operations as they are called.</summary>
public static class ElementCalls
{
    /// <summary>x ← value.</summary>
    public static void Fill<T>(this IVectorOps<T> ops, VectorView<T> x, double value) where T : unmanaged, INumberBase<T> =>
        ops.Map(LinearElements<T>.Fill, value, default, default, x);

    /// <summary>y ← x.</summary>
    public static void Copy<T>(this IVectorOps<T> ops, VectorView<T> x, VectorView<T> y) where T : unmanaged, INumberBase<T> =>
        ops.Map(LinearElements<T>.Copy, 0, x, default, y);

    /// <summary>x ← αx.</summary>
    public static void Scale<T>(this IVectorOps<T> ops, double alpha, VectorView<T> x) where T : unmanaged, INumberBase<T> =>
        ops.Map(LinearElements<T>.Scale, alpha, x, default, x);

    /// <summary>y ← y + αx.</summary>
    public static void Axpy<T>(this IVectorOps<T> ops, double alpha, VectorView<T> x, VectorView<T> y)
        where T : unmanaged, INumberBase<T> => ops.Axpy(alpha, x, y, y);

    /// <summary>z ← y + αx; z may be x or y.</summary>
    public static void Axpy<T>(this IVectorOps<T> ops, double alpha, VectorView<T> x, VectorView<T> y, VectorView<T> z)
        where T : unmanaged, INumberBase<T> => ops.Map(LinearElements<T>.Axpy, alpha, x, y, z);

    /// <summary>y ← y + x ∘ x, element by element.</summary>
    public static void AddSquares<T>(this IVectorOps<T> ops, VectorView<T> x, VectorView<T> y) where T : unmanaged, INumberBase<T> =>
        ops.Map(LinearElements<T>.AddSquares, 0, x, y, y);

    /// <summary>
    /// y_k ← x_k where a_(k mod |a|) &gt; 0, else 0: the derivative of a ReLU whose output was a, for one or several stacked
    /// tangents. y may be x.
    /// </summary>
    public static void Mask<T>(this IVectorOps<T> ops, VectorView<T> a, VectorView<T> x, VectorView<T> y)
        where T : unmanaged, INumberBase<T> => ops.Map(LinearElements<T>.Mask, 0, a, x, y);

    /// <summary>y ← max(x, 0); y may be x.</summary>
    public static void Relu<T>(this IVectorOps<T> ops, VectorView<T> x, VectorView<T> y)
        where T : unmanaged, IFloatingPointIeee754<T> => ops.Map(RealElements<T>.Relu, 0, x, default, y);

    /// <summary>y ← min(max(x, −bound), bound); y may be x.</summary>
    public static void Clamp<T>(this IVectorOps<T> ops, VectorView<T> x, double bound, VectorView<T> y)
        where T : unmanaged, IFloatingPointIeee754<T> => ops.Map(RealElements<T>.Clamp, bound, x, default, y);

    /// <summary>y ← sign(x − t): +1 where x ≥ t, else −1. y may be x.</summary>
    public static void Sign<T>(this IVectorOps<T> ops, VectorView<T> x, double threshold, VectorView<T> y)
        where T : unmanaged, IFloatingPointIeee754<T> => ops.Map(RealElements<T>.Sign, threshold, x, default, y);

    /// <summary>
    /// y_k ← x_k where |z_(k mod |z|) − centre| ≤ 1, else 0: the derivative of a hard tanh at z, which a straight-through sign
    /// borrows; for one or several stacked tangents. y may be x.
    /// </summary>
    public static void MaskNear<T>(this IVectorOps<T> ops, VectorView<T> z, double centre, VectorView<T> x, VectorView<T> y)
        where T : unmanaged, IFloatingPointIeee754<T> => ops.Map(RealElements<T>.MaskNear, centre, z, x, y);

    /// <summary>z ← αx ∘ y, element by element; z may be x or y.</summary>
    public static void Times<T>(this IVectorOps<T> ops, double alpha, VectorView<T> x, VectorView<T> y, VectorView<T> z)
        where T : unmanaged, IFloatingPointIeee754<T> => ops.Map(RealElements<T>.Times, alpha, x, y, z);

    /// <summary>y ← 1/√(x + ε), element by element; y may be x.</summary>
    public static void InverseRoot<T>(this IVectorOps<T> ops, VectorView<T> x, double epsilon, VectorView<T> y)
        where T : unmanaged, IFloatingPointIeee754<T> => ops.Map(RealElements<T>.InverseRoot, epsilon, x, default, y);

    /// <summary>y ← (|w| + η) ∘ x, element by element; y may be x.</summary>
    public static void ScaleByMagnitude<T>(this IVectorOps<T> ops, VectorView<T> w, double eta, VectorView<T> x, VectorView<T> y)
        where T : unmanaged, IFloatingPointIeee754<T> => ops.Map(RealElements<T>.ScaleByMagnitude, eta, w, x, y);
}
