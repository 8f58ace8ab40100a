using System.Numerics;

namespace Quotient.Backends;

/// <summary>Losses and their derivatives; Z are logits or outputs, N × C.</summary>
public interface ILossOps<T> : IOpFamily where T : unmanaged, IFloatingPointIeee754<T>
{
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
}
