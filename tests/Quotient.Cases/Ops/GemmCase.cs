using System.Numerics;
using Quotient.Backends;

namespace Quotient.Cases.Ops;

/// <summary>What is done to a product before it is stored.</summary>
[Flags]
public enum GemmEpilogue
{
    None = 0,
    Bias = 1,
    Relu = 2,
    Mask = 4,
}

/// <summary>C ← epilogue(α·op(A)·op(B) + β·C).</summary>
/// <param name="a">Whether A is transposed.</param>
/// <param name="b">Whether B is transposed.</param>
/// <param name="m">Rows of C.</param>
/// <param name="n">Columns of C.</param>
/// <param name="k">The inner length.</param>
public sealed class GemmCase(Transpose a, Transpose b, long m, long n, long k)
    : OpCase("Gemm", $"{(a == Transpose.Yes ? "T" : "N")}{(b == Transpose.Yes ? "T" : "N")} {m} × {n} × {k}")
{
    /// <summary>The factor of the product.</summary>
    public double Alpha { get; init; } = 1;

    /// <summary>The factor of what C holds before.</summary>
    public double Beta { get; init; }

    /// <summary>What is done before storing.</summary>
    public GemmEpilogue Epilogue { get; init; }

    /// <summary>Members of the batch.</summary>
    public int Count { get; init; } = 1;

    /// <summary>Whether all members share A, and B.</summary>
    public bool SharedA { get; init; }

    /// <inheritdoc cref="SharedA"/>
    public bool SharedB { get; init; }

    /// <inheritdoc/>
    public override double Operations => 2.0 * m * n * k * Count;

    /// <inheritdoc/>
    public override string ToString() =>
        $"{base.ToString()} α {Alpha} β {Beta} {Epilogue}"
        + $" batch {Count}{(SharedA ? " shared A" : "")}{(SharedB ? " shared B" : "")}";

    /// <inheritdoc/>
    public override Action Prepare<T>(OpBench<T> s)
    {
        var left = Batch(s, SharedA, a == Transpose.No ? m : k, a == Transpose.No ? k : m);
        var right = Batch(s, SharedB, b == Transpose.No ? k : n, b == Transpose.No ? n : k);
        var all = Beta == 0 ? s.Output(m * Count, n, Math.Sqrt(k)) : s.InOut(m * Count, n);
        var result = Members(all, Count, m);
        var biases = Epilogue.HasFlag(GemmEpilogue.Bias) ? s.Input(n * Count) : default;
        var epilogue = new Epilogue<T>(
            Epilogue.HasFlag(GemmEpilogue.Bias) ? biases.Slice(0, n) : default,
            SharedB ? 0 : n,
            Epilogue.HasFlag(GemmEpilogue.Relu),
            Epilogue.HasFlag(GemmEpilogue.Mask) ? s.Input(m, n) : default);
        return () => s.Ops.Gemm(a, b, Alpha, left, right, Beta, result, epilogue);
    }

    private MatrixBatch<T> Batch<T>(OpBench<T> s, bool shared, long rows, long columns)
        where T : unmanaged, IFloatingPointIeee754<T> => GemmOperands.Batch(s, shared, Count, rows, columns);

    private static MatrixBatch<T> Members<T>(MatrixView<T> all, int count, long rows) where T : unmanaged =>
        GemmOperands.Members(all, count, rows);
}

/// <summary>C ← epilogue(op(A)·op(B) + op(A₂)·op(B₂) + β·C); the members share B and A₂, as those of a net's blocks do.</summary>
/// <param name="a">Whether A is transposed.</param>
/// <param name="b">Whether B is transposed.</param>
/// <param name="m">Rows of C.</param>
/// <param name="n">Columns of C.</param>
/// <param name="k">The inner length.</param>
/// <param name="k2">The second pair's inner length.</param>
public sealed class GemmPairCase(Transpose a, Transpose b, long m, long n, long k, long k2)
    : OpCase("GemmPair", $"{(a == Transpose.Yes ? "T" : "N")}{(b == Transpose.Yes ? "T" : "N")} {m} × {n} × ({k} + {k2})")
{
    /// <summary>The factor of what C holds before.</summary>
    public double Beta { get; init; }

    /// <summary>The factor of both products.</summary>
    public double Alpha { get; init; } = 1;

    /// <summary>Whether a bias is added and a mask applied.</summary>
    public bool HasEpilogue { get; init; }

    /// <summary>Members of the batch.</summary>
    public int Count { get; init; } = 1;

    /// <inheritdoc/>
    public override double Operations => 2.0 * m * n * (k + k2) * Count;

    /// <inheritdoc/>
    public override string ToString() => $"{base.ToString()} α {Alpha} β {Beta}{(HasEpilogue ? " Bias, Mask" : "")} batch {Count}";

    /// <inheritdoc/>
    public override Action Prepare<T>(OpBench<T> s)
    {
        var (left, right) = (Left(s, false, k), Right(s, true, k));
        var (left2, right2) = (Left(s, true, k2), Right(s, false, k2));
        var all = Beta == 0 ? s.Output(m * Count, n, Math.Sqrt(k + k2)) : s.InOut(m * Count, n);
        var epilogue = HasEpilogue ? new Epilogue<T>(s.Input(n * Count).Slice(0, n), n, false, s.Input(m, n)) : default;
        return () => s.Ops.GemmPair(a, b, Alpha, left, right, left2, right2, Beta, GemmOperands.Members(all, Count, m), epilogue);
    }

    private MatrixBatch<T> Left<T>(OpBench<T> s, bool shared, long inner) where T : unmanaged, IFloatingPointIeee754<T> =>
        GemmOperands.Batch(s, shared, Count, a == Transpose.No ? m : inner, a == Transpose.No ? inner : m);

    private MatrixBatch<T> Right<T>(OpBench<T> s, bool shared, long inner) where T : unmanaged, IFloatingPointIeee754<T> =>
        GemmOperands.Batch(s, shared, Count, b == Transpose.No ? inner : n, b == Transpose.No ? n : inner);
}

internal static class GemmOperands
{
    public static MatrixBatch<T> Batch<T>(OpBench<T> s, bool shared, int count, long rows, long columns)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        shared ? new(s.Input(rows, columns), count, 0) : Members(s.Input(rows * count, columns), count, rows);

    public static MatrixBatch<T> Members<T>(MatrixView<T> all, int count, long rows) where T : unmanaged =>
        new(all.RowRange(0, rows), count, rows * all.Stride);
}
