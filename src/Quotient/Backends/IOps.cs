using System.Numerics;

namespace Quotient.Backends;

/// <summary>
/// The operations a backend must have, in precision <typeparamref name="T"/>. Everything above <c>Backends/</c> is
/// written with these alone.
/// </summary>
/// <remarks>
/// Outputs are buffers that the caller owns. Scalars that an algorithm computes stay on the device, as double.
/// Reductions accumulate in double and in an order that depends on the shape alone, so that equal inputs give equal bits.
/// Outputs must not overlap inputs unless an operation says so.
/// </remarks>
public partial interface IOps<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    // ---- vectors -----------------------------------------------------------------------------------------------

    /// <summary>x ← value.</summary>
    void Fill(VectorView<T> x, double value);

    /// <summary>y ← x.</summary>
    void Copy(VectorView<T> x, VectorView<T> y);

    /// <summary>x ← αx.</summary>
    void Scale(double alpha, VectorView<T> x);

    /// <summary>y ← y + αx.</summary>
    void Axpy(double alpha, VectorView<T> x, VectorView<T> y);

    /// <summary>y ← y + x ∘ x, element by element.</summary>
    void AddSquares(VectorView<T> x, VectorView<T> y);

    /// <summary>result[0] ← ⟨x, y⟩.</summary>
    void Dot(VectorView<T> x, VectorView<T> y, VectorView<double> result);

    /// <summary>y ← x / √s[0]; y may be x. Where s[0] is 0, y ← 0.</summary>
    void DivideByRoot(VectorView<T> x, VectorView<double> s, VectorView<T> y);

    // ---- tall-skinny products, for re-orthogonalisation; the rows of a basis are its vectors -------------------

    /// <summary>c ← V w, one dot a row. Shapes: V k × n, w n, c k.</summary>
    void Project(MatrixView<T> basis, VectorView<T> w, VectorView<double> c);

    /// <summary>w ← w − Vᵀ c. Shapes: V k × n, c k, w n.</summary>
    void Deflate(MatrixView<T> basis, VectorView<double> c, VectorView<T> w);

    /// <summary>
    /// The first p rows of V ← Sᵀ V, in place. Shapes: V m × n, S m × p (p ≤ m, row-major). Rows p … m − 1 are left undefined.
    /// </summary>
    void Rotate(MatrixView<T> basis, MatrixView<double> rotation);

    // ---- dense products ----------------------------------------------------------------------------------------

    /// <summary>
    /// C ← epilogue(α·op(A)·op(B) + β·C), for each member of the batch. The count is C's; A and B may have a step of 0.
    /// With β = 0, C is written without being read. What is 0 in a factor may be left out, so that 0·∞ and 0·NaN may be 0.
    /// </summary>
    void Gemm(
        Transpose transposeA, Transpose transposeB, double alpha, MatrixBatch<T> a, MatrixBatch<T> b, double beta,
        MatrixBatch<T> c, Epilogue<T> epilogue = default);

    /// <summary>
    /// C ← epilogue(α·(op(A)·op(B) + op(A₂)·op(B₂)) + β·C): both terms of the derivative of a product, in one pass over C. Their
    /// inner lengths may differ.
    /// </summary>
    void GemmPair(
        Transpose transposeA, Transpose transposeB, double alpha, MatrixBatch<T> a, MatrixBatch<T> b, MatrixBatch<T> a2,
        MatrixBatch<T> b2, double beta, MatrixBatch<T> c, Epilogue<T> epilogue = default);

    /// <summary>out_j ← Σ_i x_ij + β·out_j, the bias gradient. Shapes: x N × n, out n.</summary>
    void SumRows(MatrixView<T> x, double beta, VectorView<T> result);

    /// <summary>out_i ← Σ_j x_ij². Shapes: x N × n, out N.</summary>
    void RowSquares(MatrixView<T> x, VectorView<T> result);

    // ---- ReLU --------------------------------------------------------------------------------------------------

    /// <summary>y ← max(x, 0); y may be x.</summary>
    void Relu(VectorView<T> x, VectorView<T> y);

    /// <summary>
    /// y_k ← x_k where a_(k mod |a|) &gt; 0, else 0: the derivative of a ReLU whose output was a, for one or several stacked
    /// tangents. y may be x.
    /// </summary>
    void Mask(VectorView<T> a, VectorView<T> x, VectorView<T> y);

    // ---- losses; Z are logits or outputs, N × C ----------------------------------------------------------------

    /// <summary>
    /// P ← softmax(Z) by rows; loss[0] ← loss[0] − Σ_n ⟨q_n, log p_n⟩ with the smoothed labels q = (1 − s)·onehot(y) + s/C,
    /// s from 0 to below 1. A label outside 0 … C − 1 is the caller's error.
    /// </summary>
    void SoftmaxCrossEntropy(
        MatrixView<T> z, VectorView<int> labels, double smoothing, MatrixView<T> p, VectorView<double> loss);

    /// <summary>G ← P − Q, Q as above: the per-sample gradient of the cross-entropy by the logits.</summary>
    void SoftmaxGradient(MatrixView<T> p, VectorView<int> labels, double smoothing, MatrixView<T> g);

    /// <summary>
    /// Y ← s·(diag p − p pᵀ) X, row by row; X and Y hold k stacked N × C matrices: row i belongs to sample i mod N. Y may be X.
    /// </summary>
    void SoftmaxHessian(MatrixView<T> p, double scale, MatrixView<T> x, MatrixView<T> y);

    /// <summary>
    /// Y ← stacked N × C matrices for the classes c = first, first + 1, …, as many as Y has room for; row n of matrix c is
    /// √(s p_nc)·(e_c − p_n). Over all classes their outer products sum to s·(diag p − p pᵀ).
    /// </summary>
    void SoftmaxFactors(MatrixView<T> p, double scale, int first, MatrixView<T> y);

    /// <summary>R ← Z − Y; loss[0] ← loss[0] + ½ Σ r². Shapes: N × C each.</summary>
    void SquaredError(MatrixView<T> z, MatrixView<T> targets, MatrixView<T> r, VectorView<double> loss);

    /// <summary>
    /// Y ← s·⟨g_n, x⟩ g_n, row by row: a rank-one curvature a sample. X and Y hold k stacked N × C matrices, as in
    /// <see cref="SoftmaxHessian"/>. Y may be X.
    /// </summary>
    void RowOuter(MatrixView<T> g, double scale, MatrixView<T> x, MatrixView<T> y);

    /// <summary>count[0] ← count[0] + the number of rows whose first largest entry is not at the label.</summary>
    void CountErrors(MatrixView<T> z, VectorView<int> labels, VectorView<double> count);

    /// <summary>Y_i ← X_(indices_i), whole rows.</summary>
    void GatherRows(MatrixView<T> x, VectorView<int> indices, MatrixView<T> y);

    /// <summary>y_i ← x_(indices_i).</summary>
    void GatherLabels(VectorView<int> x, VectorView<int> indices, VectorView<int> y);

    // ---- random numbers: Philox 4×32-10 keyed by (seed, stream), counted by element ----------------------------

    /// <summary>x_i ← ±1 with equal probability; the same on every backend.</summary>
    void Rademacher(ulong seed, ulong stream, VectorView<T> x);

    /// <summary>x_i ← N(0, 1) by Box–Muller in double; the same on every backend up to its rounding of log, sin and cos.</summary>
    void Normal(ulong seed, ulong stream, VectorView<T> x);

    // ---- optimiser steps, fused so that a step touches memory once ---------------------------------------------

    /// <summary>
    /// g' = g + λθ; m ← μm + g'; θ ← θ − η·(nesterov ? g' + μm : m). As torch.optim.SGD with dampening 0 does it.
    /// </summary>
    void MomentumStep(
        VectorView<T> theta, VectorView<T> gradient, VectorView<T> momentum, double rate, double mu, double decay, bool nesterov);

    /// <summary>
    /// g' = g + λθ; m ← β₁m + (1−β₁)g'; v ← β₂v + (1−β₂)g'²; θ ← θ − η·m̂/(√v̂ + ε) with bias correction at step t ≥ 1.
    /// As torch.optim.Adam does it.
    /// </summary>
    void AdamStep(
        VectorView<T> theta, VectorView<T> gradient, VectorView<T> m, VectorView<T> v, AdamCoefficients coefficients, long t);
}

/// <summary>Whether a factor enters a product as it is stored or transposed.</summary>
public enum Transpose
{
    /// <summary>As stored.</summary>
    No,

    /// <summary>Transposed.</summary>
    Yes,
}

/// <summary>
/// What is done to each element of a product before it is stored, in this order: add the bias of its column, then the ReLU,
/// then the mask (0 where the mask's element is not &gt; 0). The mask is shared by all members of a batch.
/// </summary>
/// <param name="Bias">One value a column, for member 0; empty for none.</param>
/// <param name="BiasStep">Elements from one batch member's bias to the next.</param>
/// <param name="Relu">Whether max(·, 0) is applied.</param>
/// <param name="Mask">A matrix of C's shape; empty for none.</param>
public readonly record struct Epilogue<T>(VectorView<T> Bias, long BiasStep, bool Relu, MatrixView<T> Mask)
    where T : unmanaged
{
    /// <summary>Whether a bias is added.</summary>
    public bool HasBias => Bias.Buffer is not null;

    /// <summary>The bias of one member of a batch.</summary>
    public VectorView<T> BiasOf(int member) => Bias with { Offset = Bias.Offset + (member * BiasStep) };

    /// <summary>Whether a mask is applied.</summary>
    public bool HasMask => Mask.Buffer is not null;
}

/// <summary>The constants of Adam: η, β₁, β₂, ε, and the weight decay λ.</summary>
public readonly record struct AdamCoefficients(double Rate, double Beta1, double Beta2, double Epsilon, double Decay);
