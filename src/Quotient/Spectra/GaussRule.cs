namespace Quotient.Spectra;

/// <summary>
/// A quadrature rule for the spectral measure of one probe v: Σ_k τ_k f(θ_k) ≈ vᵀ f(A) v for ‖v‖ = 1, exact for polynomials
/// of degree below twice the number of nodes (Golub and Meurant 2010).
/// </summary>
/// <param name="Nodes">θ, ascending.</param>
/// <param name="Weights">τ ≥ 0; they sum to 1.</param>
public sealed record GaussRule(IReadOnlyList<double> Nodes, IReadOnlyList<double> Weights)
{
    /// <summary>Σ_k τ_k f(θ_k); a node without weight counts for nothing, whatever f is there.</summary>
    public double Integrate(Func<double, double> f) =>
        Nodes.Zip(Weights, (node, weight) => weight > 0 ? weight * f(node) : 0).Sum();
}
