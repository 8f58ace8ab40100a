using Quotient.Backends;

namespace Quotient.Operators;

/// <summary>
/// An inner product ⟨u, v⟩ = uᵀ G v, G symmetric positive definite. In it, a symmetric A has the spectrum of E = G⁻¹A: the λ with
/// A y = λ G y. Where a metric is null, the inner product is Euclidean, at no cost.
/// </summary>
/// <remarks>As an operator it multiplies with G. What <see cref="SolveBlock"/> lacks in exactness counts as error of E.</remarks>
public interface IMetric<T> : ISymmetricOperator<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Row i of result ← G⁻¹ · (row i of W). Shapes: both k × n; they do not overlap.</summary>
    void SolveBlock(
        MatrixView<T> w, MatrixView<T> result, IProgress<double>? progress = null, CancellationToken cancellationToken = default);
}

/// <summary>
/// A metric with a factor R of its inverse, R Rᵀ = G⁻¹: it turns probes of covariance I into probes of covariance G⁻¹. Without it, the
/// symmetric R = G^(−1/2) is applied by Lanczos where a trace or a density needs it, at many products with G.
/// </summary>
public interface IInverseRoot<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Row i of result ← R · (row i of Z). Shapes: both k × n; they do not overlap.</summary>
    void InverseRootBlock(
        MatrixView<T> z, MatrixView<T> result, IProgress<double>? progress = null, CancellationToken cancellationToken = default);
}
