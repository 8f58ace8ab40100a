using Quotient.Measures;

namespace Quotient.Symmetry;

/// <summary>What a path between two networks is.</summary>
public enum Geometry
{
    /// <summary>(1 − t) A + t B.</summary>
    Linear,

    /// <summary>Great circles on the spheres of the standard form, straight lines elsewhere.</summary>
    Geodesic,
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
    /// <summary>Points, both ends among them.</summary>
    public int Points { get; init; } = 25;

    /// <summary>Which symmetries are removed first.</summary>
    public Alignment Alignment { get; init; } = Alignment.Both;

    /// <summary>What the path is.</summary>
    public Geometry Geometry { get; init; } = Geometry.Geodesic;

    /// <summary>How units are matched.</summary>
    public MatchingOptions Matching { get; init; } = new();

    /// <summary>The loss beside the error.</summary>
    public Loss Loss { get; init; } = Loss.CrossEntropy;

    /// <summary>Random orders of flips, of binary networks.</summary>
    public int Orders { get; init; } = 5;

    /// <summary>What these are drawn from.</summary>
    public ulong Seed { get; init; }

    /// <summary>Whether running statistics of batch norms are computed anew at each point; if not, batch norms are folded.</summary>
    public bool RecomputesNorms { get; init; }
}

/// <summary>Loss and error somewhere along a path; of a binary network means over orders with their standard errors, else without.</summary>
public sealed record PathPoint(double T, EnergyEstimate Loss, EnergyEstimate? Error, EnergyEstimate? TestLoss, EnergyEstimate? TestError);

/// <summary>How high a path rises.</summary>
/// <param name="Maximum">max_t E(t).</param>
/// <param name="Excess">max_t E(t) − [(1 − t) E(0) + t E(1)].</param>
public readonly record struct BarrierHeight(double Maximum, double Excess)
{
    /// <summary>Of values at places from 0 to 1.</summary>
    public static BarrierHeight Of(IReadOnlyList<(double T, double Value)> curve)
    {
        var (first, last) = (curve[0].Value, curve[^1].Value);
        return new(curve.Max(point => point.Value), curve.Max(point => point.Value - ((1 - point.T) * first) - (point.T * last)));
    }
}

/// <summary>A path between two networks.</summary>
/// <param name="Points">Its points in order.</param>
/// <param name="Distance">Between its ends, in parameter space.</param>
/// <param name="FunctionDistance">The share of samples that its ends classify differently: of the test samples, where there are any; null without classes.</param>
public sealed record PathResult(IReadOnlyList<PathPoint> Points, ParameterDistance Distance, double? FunctionDistance)
{
    /// <summary>The barrier of the error; null without classes.</summary>
    public BarrierHeight? ErrorBarrier { get; init; }

    /// <summary>The barrier of the loss.</summary>
    public BarrierHeight LossBarrier { get; init; }

    /// <summary>The barrier of the test error; null without test samples or classes.</summary>
    public BarrierHeight? TestErrorBarrier { get; init; }

    /// <summary>The barrier of the test loss; null without test samples.</summary>
    public BarrierHeight? TestLossBarrier { get; init; }

    /// <summary>What was done with batch norms: <c>folded</c>, <c>recomputed</c> or <c>none</c>, where there are none.</summary>
    public string Norms { get; init; } = "none";
}

/// <summary>How far two networks are apart in parameter space.</summary>
/// <param name="Value">√(Σ θ_j² + ‖Δb‖²) over spheres and what is Euclidean; of linear paths ‖A − B‖₂; of binary networks the number of weights that differ.</param>
/// <param name="MeanAngle">The mean of θ_j; null where there are no spheres.</param>
/// <param name="Relative">Value / (π/2·√spheres), near 1 for networks that have nothing to do with each other; null where there are no spheres.</param>
/// <param name="Antipodal">Spheres on which the ends are nearly opposite, so that the geodesic is not unique.</param>
public sealed record ParameterDistance(double Value, double? MeanAngle, double? Relative, int Antipodal);

/// <summary>Paths between networks.</summary>
public static class Paths
{
    /// <summary>Lays a path between two networks of one architecture and evaluates it.</summary>
    public static PathResult Between(
        Engine engine, Model a, Model b, Dataset data, Dataset? test = null, PathOptions? options = null, Precision precision = Precision.Single,
        IProgress<double>? progress = null, CancellationToken cancellationToken = default) => throw new NotImplementedException();
}
