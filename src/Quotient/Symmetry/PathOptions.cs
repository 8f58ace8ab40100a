namespace Quotient.Symmetry;

/// <summary>What a path between two networks is.</summary>
public enum Geometry
{
    /// <summary>(1 − t) A + t B.</summary>
    Linear,

    /// <summary>Great circles on the spheres of the standard form, straight lines elsewhere; see <see cref="Symmetry.Geodesic"/>.</summary>
    Geodesic,

    /// <summary>Of binary networks: weights that differ flip one after the other in random orders, real parameters go straight.</summary>
    Hamming,
}

/// <summary>Which symmetries are removed before a path is laid.</summary>
public enum Alignment
{
    /// <summary>None.</summary>
    None,

    /// <summary>Scales: both networks in standard form.</summary>
    Normalise,

    /// <summary>Permutations and flips: B matched to A.</summary>
    Match,

    /// <summary>All of these.</summary>
    Both,
}

/// <summary>How a path is laid and evaluated.</summary>
public sealed record PathOptions
{
    /// <summary>Points, both ends among them, evenly spaced.</summary>
    public int Points { get; init; } = 25;

    /// <summary>Which symmetries are removed first.</summary>
    public Alignment Alignment { get; init; } = Alignment.Both;

    /// <summary>What the path is; a binary network's is <see cref="Geometry.Hamming"/> whatever is asked for.</summary>
    public Geometry Geometry { get; init; } = Geometry.Geodesic;

    /// <summary>How units are matched; activations are those on the training data unless it says otherwise.</summary>
    public MatchingOptions Matching { get; init; } = new();

    /// <summary>The symmetry that brings the second network next to the first, where it is known already; null to match them.</summary>
    public Transformation? Transformation { get; init; }

    /// <summary>The loss beside the error.</summary>
    public Loss Loss { get; init; } = Loss.CrossEntropy;

    /// <summary>Random orders of flips, of binary networks.</summary>
    public int Orders { get; init; } = 5;

    /// <summary>What these are drawn from.</summary>
    public ulong Seed { get; init; }

    /// <summary>
    /// Whether running statistics of batch norms are computed anew at each point, over the whole training data; if not, batch norms are folded.
    /// The ends get new statistics too, so that their losses are not those of the networks as they are. Scales cannot be removed then: those
    /// before a batch norm with statistics of its own change nothing; nor are units before a norm negated, which matching does not see.
    /// </summary>
    public bool RecomputesNorms { get; init; }

    internal void Check()
    {
        QuotientException.ThrowIf(Points < 2, $"the number of points on a path is {Points}; it must be 2 or more");
        QuotientException.ThrowIf(Orders < 1, $"the number of orders of flips is {Orders}; it must be 1 or more");
    }

    internal static bool Matches(Alignment alignment) => alignment is Alignment.Match or Alignment.Both;

    internal static bool Normalises(Alignment alignment) => alignment is Alignment.Normalise or Alignment.Both;
}
