namespace Quotient.Symmetry;

/// <summary>What units of two networks are compared by.</summary>
public enum MatchingMethod
{
    /// <summary>Their incoming weights, layer by layer.</summary>
    Layerwise,

    /// <summary>All weights that touch them, by coordinate descent over the layers.</summary>
    Weights,

    /// <summary>Their activations on data.</summary>
    Activations,
}

/// <summary>How two networks are matched.</summary>
public sealed record MatchingOptions
{
    /// <summary>What units are compared by.</summary>
    public MatchingMethod Method { get; init; }

    /// <summary>Random starts of the coordinate descent, beside that from the layerwise matching.</summary>
    public int Starts { get; init; }

    /// <summary>What random starts and orders are drawn from.</summary>
    public ulong Seed { get; init; }

    /// <summary>The samples whose activations are compared.</summary>
    public Dataset? Data { get; init; }
}

/// <summary>The symmetry that brings one network next to another.</summary>
/// <param name="Transformation">Permutations and flips of the second network's units.</param>
/// <param name="Similarity">Σ ⟨w_A, w_B⟩ over all weights and biases of the standard forms once that is done.</param>
/// <param name="Sweeps">Sweeps over the layers, of all starts.</param>
public sealed record Matching(Transformation Transformation, double Similarity, int Sweeps);

/// <summary>Finds the permutations (and flips) of one network's units that bring it next to another.</summary>
public static class Matcher
{
    /// <summary>Matches B to A.</summary>
    public static Matching Match(
        Engine engine, Model a, Model b, MatchingOptions? options = null, IProgress<double>? progress = null,
        CancellationToken cancellationToken = default) => throw new NotImplementedException();
}
