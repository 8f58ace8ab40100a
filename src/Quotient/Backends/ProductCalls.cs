using System.Numerics;

namespace Quotient.Backends;

/// <summary>The products as they are called.</summary>
public static class ProductCalls
{
    /// <summary>Their names.</summary>
    public static IReadOnlyList<string> Names { get; } = [nameof(Gemm), nameof(GemmPair), nameof(MixedProduct), nameof(SignProduct)];

    /// <summary>
    /// C ← epilogue(α·op(A)·op(B) + β·C), for each member of the batch. The count is C's; A and B may have a step of 0.
    /// With β = 0, C is written without being read. What is 0 in a factor may be left out, so that 0·∞ and 0·NaN may be 0.
    /// </summary>
    public static void Gemm<T>(
        this IProductOps<T> ops, Transpose transposeA, Transpose transposeB, double alpha, MatrixBatch<T> a, MatrixBatch<T> b,
        double beta, MatrixBatch<T> c, Epilogue<T> epilogue = default) where T : unmanaged, INumberBase<T> =>
        ops.Multiply(new(alpha, new(a, transposeA), new(b, transposeB), beta, c, epilogue));

    /// <summary>
    /// C ← epilogue(α·(op(A)·op(B) + op(A₂)·op(B₂)) + β·C): both terms of the derivative of a product, in one pass over C. Their
    /// inner lengths may differ.
    /// </summary>
    public static void GemmPair<T>(
        this IProductOps<T> ops, Transpose transposeA, Transpose transposeB, double alpha, MatrixBatch<T> a, MatrixBatch<T> b,
        MatrixBatch<T> a2, MatrixBatch<T> b2, double beta, MatrixBatch<T> c, Epilogue<T> epilogue = default)
        where T : unmanaged, INumberBase<T> =>
        ops.Multiply(new Product<T>(alpha, new(a, transposeA), new(b, transposeB), beta, c, epilogue)
            .Plus(new(a2, transposeA), new(b2, transposeB)));

    /// <summary>
    /// C ← α·op(X)·Bᵀ + β·C with a matrix of signs B: sums and differences of X's entries. Shapes: op(X) m × k, B n × k, C m × n.
    /// With β = 0, C is written without being read.
    /// </summary>
    public static void MixedProduct<T>(
        this IProductOps<T> ops, Transpose transpose, double alpha, MatrixView<T> x, BitMatrix b, double beta, MatrixView<T> c)
        where T : unmanaged, INumberBase<T> =>
        ops.Multiply(new(alpha, new(x, transpose), new(b, Transpose.Yes), beta, c));

    /// <summary>
    /// C ← α·A·Bᵀ for matrices of signs: α·(k − 2·popcount(a_i ⊕ b_j)). The integer is exact and α, rounded to T, multiplies it once, so
    /// that every backend gives the same bits. Shapes: A m × k, B n × k, C m × n.
    /// </summary>
    public static void SignProduct<T>(this IProductOps<T> ops, double alpha, BitMatrix a, BitMatrix b, MatrixView<T> c)
        where T : unmanaged, INumberBase<T> =>
        ops.Multiply(new(alpha, new(a, Transpose.No), new(b, Transpose.Yes), 0, c));
}
