using Quotient.Measures;

namespace Quotient.Symmetry;

/// <summary>Loss and error somewhere along a path; of a binary network means over orders with their standard errors, else without.</summary>
/// <param name="T">From 0, the first network, to 1, the second.</param>
/// <param name="Loss">The mean over the training data.</param>
/// <param name="Error">The share of the training data that is classified wrongly; null without classes.</param>
/// <param name="TestLoss">The mean over the test data; null without.</param>
/// <param name="TestError">The share of the test data; null without, or without classes.</param>
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
/// <param name="FunctionDistance">
/// The share of samples that its ends classify differently: of the test samples, where there are any; null without classes.
/// </param>
public sealed record PathResult(IReadOnlyList<PathPoint> Points, ParameterDistance Distance, double? FunctionDistance)
{
    /// <summary>What the path is.</summary>
    public Geometry Geometry { get; init; }

    /// <summary>The symmetry that the second network was changed by, as it is without batch norms that are folded; null without matching.</summary>
    public Transformation? Transformation { get; init; }

    /// <summary>The barrier of the error; null without classes.</summary>
    public BarrierHeight? ErrorBarrier => BarrierOf(point => point.Error);

    /// <summary>The barrier of the loss.</summary>
    public BarrierHeight LossBarrier => BarrierOf(point => point.Loss)!.Value;

    /// <summary>The barrier of the test error; null without test samples or classes.</summary>
    public BarrierHeight? TestErrorBarrier => BarrierOf(point => point.TestError);

    /// <summary>The barrier of the test loss; null without test samples.</summary>
    public BarrierHeight? TestLossBarrier => BarrierOf(point => point.TestLoss);

    /// <summary>What was done with batch norms: <c>folded</c>, <c>recomputed</c> or <c>none</c>, where there are none.</summary>
    public string Norms { get; init; } = "none";

    /// <summary>Of the mean curve.</summary>
    private BarrierHeight? BarrierOf(Func<PathPoint, EnergyEstimate?> value) => value(Points[0]) is null
        ? null
        : BarrierHeight.Of([.. Points.Select(point => (point.T, value(point)!.Value.Mean))]);
}

/// <summary>A path under one of several conditions.</summary>
/// <param name="Alignment">Which symmetries were removed.</param>
/// <param name="Path">The path.</param>
public sealed record PathCondition(Alignment Alignment, PathResult Path);
