namespace Quotient.Symmetry;

/// <summary>How far two networks are apart in parameter space.</summary>
/// <param name="Value">
/// √(Σ θ_j² + ‖Δb‖²) over spheres and what is Euclidean; of linear paths ‖A − B‖₂; of binary networks the number of weights that differ.
/// </param>
/// <param name="MeanAngle">The mean of θ_j; null where there are no spheres.</param>
/// <param name="Relative">Value / (π/2·√spheres), near 1 for networks that have nothing to do with each other; null where there are no spheres.</param>
/// <param name="Antipodal">Spheres on which the ends are nearly opposite, so that the geodesic is not unique.</param>
public sealed record ParameterDistance(double Value, double? MeanAngle, double? Relative, int Antipodal)
{
    /// <summary>Of binary networks the distance ‖Δ‖₂ of what is real in them, which <see cref="Value"/> does not count; null where nothing is.</summary>
    public double? Real { get; init; }
}
