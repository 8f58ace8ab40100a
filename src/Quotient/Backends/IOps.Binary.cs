namespace Quotient.Backends;

/// <summary>What binary networks need beside the rest. The sign of a value x against a threshold t is +1 where x ≥ t, else −1.</summary>
public partial interface IOps<T>
{
    /// <summary>Y ← sign(X − t); Y may be X.</summary>
    void Sign(VectorView<T> x, double threshold, VectorView<T> y);

    /// <summary>bits ← the signs of op(X) against a threshold. Shapes: op(X) and bits m × n.</summary>
    void PackSigns(Transpose transpose, MatrixView<T> x, double threshold, BitMatrix bits);

    /// <summary>Y ← ±1, as the bits say. Shapes: m × n each.</summary>
    void UnpackSigns(BitMatrix bits, MatrixView<T> y);

    /// <summary>
    /// C ← α·A·Bᵀ for matrices of signs: α·(k − 2·popcount(a_i ⊕ b_j)). The integer is exact and α, rounded to T, multiplies it once, so
    /// that every backend gives the same bits. Shapes: A m × k, B n × k, C m × n.
    /// </summary>
    void SignProduct(double alpha, BitMatrix a, BitMatrix b, MatrixView<T> c);

    /// <summary>
    /// C ← α·op(X)·Bᵀ + β·C with a matrix of signs B: sums and differences of X's entries. Shapes: op(X) m × k, B n × k, C m × n.
    /// With β = 0, C is written without being read.
    /// </summary>
    void MixedProduct(Transpose transpose, double alpha, MatrixView<T> x, BitMatrix b, double beta, MatrixView<T> c);

    /// <summary>y ← min(max(x, −bound), bound); y may be x.</summary>
    void Clamp(VectorView<T> x, double bound, VectorView<T> y);

    /// <summary>
    /// y_k ← x_k where |z_(k mod |z|) − centre| ≤ 1, else 0: the derivative of a hard tanh at z, which a straight-through sign
    /// borrows; for one or several stacked tangents. y may be x.
    /// </summary>
    void MaskNear(VectorView<T> z, double centre, VectorView<T> x, VectorView<T> y);

    /// <summary>y ← (|w| + η) ∘ x, element by element; y may be x.</summary>
    void ScaleByMagnitude(VectorView<T> w, double eta, VectorView<T> x, VectorView<T> y);
}
