namespace Quotient.Symmetry;

/// <summary>The symmetry that brings one network next to another.</summary>
/// <param name="Transformation">Permutations and flips of the second network's units, of that network as it is, not of its standard form.</param>
/// <param name="Similarity">
/// Σ ⟨w_A, w_B⟩ over all weights and biases of the standard forms once that is done; binary weights count by their signs.
/// </param>
/// <param name="Sweeps">Sweeps over the layers, of all starts; 0 where there is no coordinate descent.</param>
public sealed record Matching(Transformation Transformation, double Similarity, int Sweeps);
