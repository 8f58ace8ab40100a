namespace Quotient.Results;

/// <summary>A Ritz pair's value with its error bound.</summary>
/// <param name="Value">The Ritz value θ.</param>
/// <param name="Residual">
/// An upper bound of |λ − θ| for some eigenvalue λ: β_m |s_(m,i)| from Lanczos, never below the rounding floor of the
/// operator's precision, or the measured ‖A y − θ y‖ where that was asked for.
/// </param>
/// <param name="Converged">
/// Whether the residual is within tol·|θ|, or has reached the rounding floor, about 4ε‖T‖: an eigenvalue that is 0 up to
/// rounding can never be known to a share of itself.
/// </param>
public sealed record Eigenvalue(double Value, double Residual, bool Converged);

/// <summary>A trace with its standard error.</summary>
/// <param name="Value">The estimate.</param>
/// <param name="StandardError">Its standard error; 0 where the method is exact.</param>
/// <param name="Products">Products with the operator, or their equivalents.</param>
/// <param name="Method"><c>exact</c>, <c>hutchinson</c> or <c>hutch++</c>.</param>
/// <param name="Converged">Whether the standard error met the tolerance asked for.</param>
public sealed record TraceEstimate(double Value, double StandardError, double Products, string Method, bool Converged);

/// <summary>A spectral density φ(t) on a grid; it integrates to 1.</summary>
/// <param name="Points">The grid.</param>
/// <param name="Values">φ at each point.</param>
/// <param name="StandardErrors">Standard error of φ at each point: 0 where all eigenvalues are known; empty with one probe, which shows none.</param>
/// <param name="Convention">The kernel's width convention: <c>pyhessian</c> or <c>papyan</c>.</param>
/// <param name="Sigma">The Gaussian kernel's standard deviation, on the axis of the points.</param>
/// <param name="Nodes">Quadrature nodes (Ritz values), over all probes.</param>
/// <param name="Weights">Their weights; they sum to 1.</param>
/// <param name="Products">Products with the operator.</param>
public sealed record SpectralDensity(
    IReadOnlyList<double> Points, IReadOnlyList<double> Values, IReadOnlyList<double> StandardErrors, string Convention,
    double Sigma, IReadOnlyList<double> Nodes, IReadOnlyList<double> Weights, double Products);

/// <summary>A log determinant with its error.</summary>
/// <param name="Value">log det A, or Σ log(|λ| + δ) where A is not seen to be positive definite; −∞ where A is singular, up to rounding, and δ is 0.</param>
/// <param name="StandardError">The sum of the two that follow; NaN with one probe, which shows none.</param>
/// <param name="SamplingError">The standard error over the probes; 0 where all eigenvalues are known.</param>
/// <param name="QuadratureError">
/// What too few Lanczos steps and rounding may add, which more probes do not lessen; ∞ where δ is 0 and they do not rule out that A is singular.
/// </param>
/// <param name="Damping">The δ that was added; 0 where none was needed.</param>
/// <param name="NegativeMass">The estimated share of eigenvalues below 0.</param>
/// <param name="Products">Products with the operator.</param>
public sealed record LogDeterminant(
    double Value, double StandardError, double SamplingError, double QuadratureError, double Damping, double NegativeMass, double Products)
{
    /// <summary>Whether A has an eigenvalue 0, up to rounding, and no damping was given.</summary>
    public bool IsSingular => double.IsNegativeInfinity(Value);
}

/// <summary>The figures of one operator.</summary>
/// <param name="Name"><c>hessian</c>, or a layer's name such as <c>2</c> for a diagonal block.</param>
/// <param name="Dimension">Its number of rows.</param>
/// <param name="Top">The largest eigenvalues, largest first.</param>
/// <param name="Bottom">The smallest eigenvalues, smallest first.</param>
/// <param name="Trace">Its trace, where asked for.</param>
/// <param name="Density">Its density, where asked for.</param>
/// <param name="LogDeterminant">Its log determinant, where asked for.</param>
/// <param name="Products">Products that these figures took, or their equivalents.</param>
public sealed record SpectrumResult(
    string Name, long Dimension, IReadOnlyList<Eigenvalue> Top, IReadOnlyList<Eigenvalue> Bottom, TraceEstimate? Trace,
    SpectralDensity? Density, LogDeterminant? LogDeterminant, double Products)
{
    /// <summary>Whether no eigenvalue that belongs among these can be missing.</summary>
    public bool Complete { get; init; } = true;
}
