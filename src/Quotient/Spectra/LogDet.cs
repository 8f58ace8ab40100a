using Quotient.Results;

namespace Quotient.Spectra;

/// <summary>Log determinants by stochastic Lanczos quadrature.</summary>
public static class LogDet
{
    /// <summary>The damping used where none is given, as a share of the largest |θ|.</summary>
    public const double DefaultDamping = 1e-6;

    /// <summary>
    /// (d/n_v) Σ_probes Σ_k τ_k log θ_k where every node is above the rounding floor; otherwise, or where δ is given, the same of
    /// log(|θ_k| + δ), with the share of eigenvalues below 0.
    /// </summary>
    /// <param name="quadrature">The probes' rules.</param>
    /// <param name="damping">δ ≥ 0; null for 0 where A is positive definite, and 1e-6 of the largest |θ| elsewhere.</param>
    /// <exception cref="QuotientException">δ is negative.</exception>
    public static LogDeterminant Estimate(Quadrature quadrature, double? damping = null)
    {
        QuotientException.ThrowIf(
            damping is < 0 or double.NaN, $"the damping of the log determinant is {damping}; it must be 0 or more");

        // Nodes of no weight belong to directions that the probe does not see.
        var nodes = quadrature.Rules.SelectMany(rule => rule.Nodes.Zip(rule.Weights)).Where(pair => pair.Second > 0).ToArray();
        bool isPositive = nodes.All(pair => pair.First > quadrature.Floor);
        double largest = nodes.Max(pair => Math.Abs(pair.First));
        double delta = damping ?? (isPositive ? 0 : DefaultDamping * largest);
        var (value, error) = quadrature.TraceOf(theta => Math.Log(Math.Abs(theta) + delta));
        double negative = quadrature.TraceOf(theta => theta < -quadrature.Floor ? 1 : 0).Value / quadrature.Dimension;
        return new(value, error, delta, negative, quadrature.Products);
    }
}
