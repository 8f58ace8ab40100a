using Quotient.Symmetry;

namespace Quotient.Experiments;

/// <summary>What a <see cref="Landscape"/> found.</summary>
/// <param name="Network">The architecture of all nets.</param>
/// <param name="Parameters">The length of θ.</param>
/// <param name="IsBinary">Whether weights are ±1.</param>
/// <param name="Train">The training data.</param>
/// <param name="Test">The test data.</param>
/// <param name="LossName">The loss beside the error.</param>
/// <param name="FlatnessLevel">The level of noise whose local energy is called the flatness: the higher, the sharper.</param>
/// <param name="Nets">The nets.</param>
/// <param name="Pairs">The pairs; the net of the group that comes first is the first of a pair.</param>
/// <param name="Correlation">Spearman's ρ of flatness and test error over all nets; null where it is not defined.</param>
public sealed record LandscapeResult(
    string Network, long Parameters, bool IsBinary, DataSummary Train, DataSummary Test, string LossName, double FlatnessLevel,
    IReadOnlyList<LandscapeNet> Nets, IReadOnlyList<LandscapePair> Pairs, Interval? Correlation)
{
    /// <summary>The groups in the order of their first nets.</summary>
    public IReadOnlyList<string> Groups() => [.. Nets.Select(net => net.Group).Distinct()];

    /// <summary>The local energy of a net at the level of flatness: the mean rise of the training error.</summary>
    public EnergyAt Flatness(LandscapeNet net) => net.Energy.First(point => point.Level == FlatnessLevel);
}

/// <summary>A data set in a result.</summary>
/// <param name="Name">Its words.</param>
/// <param name="Samples">The number of samples.</param>
public sealed record DataSummary(string Name, int Samples);

/// <summary>A net of a landscape.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Group">Its group.</param>
/// <param name="TrainError">The share of training samples that it classifies wrongly.</param>
/// <param name="TestError">The same of test samples.</param>
/// <param name="TrainLoss">The mean loss over training samples.</param>
/// <param name="TestLoss">The same over test samples.</param>
/// <param name="Energy">Its local energy on the training data, level by level.</param>
public sealed record LandscapeNet(
    string Name, string Group, double TrainError, double TestError, double TrainLoss, double TestLoss, IReadOnlyList<EnergyAt> Energy);

/// <summary>Local energy at one level of noise.</summary>
/// <param name="Level">σ, or the probability of flips.</param>
/// <param name="Error">The mean rise of the error.</param>
/// <param name="ErrorDeviation">Its standard error; null with one draw.</param>
/// <param name="Loss">The mean rise of the loss.</param>
/// <param name="LossDeviation">Its standard error; null with one draw.</param>
public sealed record EnergyAt(double Level, double Error, double? ErrorDeviation, double Loss, double? LossDeviation);

/// <summary>Two nets, by their places, and what lies between them.</summary>
/// <param name="First">The first.</param>
/// <param name="Second">The second.</param>
/// <param name="FunctionDistance">The share of test samples that they classify differently, which no symmetry changes.</param>
/// <param name="Raw">Of the nets as they are: straight; of binary nets, flips of all weights that differ.</param>
/// <param name="Permuted">With permutations (and flips of units) removed: straight.</param>
/// <param name="Aligned">With all symmetries removed: along the geodesic.</param>
public sealed record LandscapePair(int First, int Second, double FunctionDistance, LandscapePath Raw, LandscapePath Permuted, LandscapePath Aligned)
{
    /// <summary>The path under a condition.</summary>
    public LandscapePath At(Removal removal) => removal switch
    {
        Removal.None => Raw,
        Removal.Permutations => Permuted,
        _ => Aligned,
    };
}

/// <summary>Which symmetries are removed before a path is laid.</summary>
public enum Removal
{
    /// <summary>None.</summary>
    None,

    /// <summary>Permutations, and flips of binary units.</summary>
    Permutations,

    /// <summary>These and scales.</summary>
    All,
}

/// <summary>A path between two nets.</summary>
/// <param name="Distance">Between its ends, in parameter space; see <see cref="ParameterDistance"/>.</param>
/// <param name="Relative">The distance in units of that of nets which have nothing to do with each other; null where that is not known.</param>
/// <param name="Points">Its points in order.</param>
public sealed record LandscapePath(double Distance, double? Relative, IReadOnlyList<LandscapePoint> Points)
{
    /// <summary>The barrier of one of the curves.</summary>
    public BarrierHeight Barrier(Func<LandscapePoint, double> value) => BarrierHeight.Of([.. Points.Select(point => (point.T, value(point)))]);

    /// <summary>How far the training error rises above the line between its ends.</summary>
    public double TrainRise() => Barrier(point => point.TrainError).Excess;
}

/// <summary>A point of a path.</summary>
/// <param name="T">From 0, the first net, to 1, the second.</param>
/// <param name="TrainError">The share of training samples classified wrongly; of binary nets a mean over orders of flips, as the rest is.</param>
/// <param name="TestError">The same of test samples.</param>
/// <param name="TrainLoss">The mean loss over training samples.</param>
/// <param name="TestLoss">The same over test samples.</param>
public sealed record LandscapePoint(double T, double TrainError, double TestError, double TrainLoss, double TestLoss);

/// <summary>How far a landscape has come.</summary>
/// <param name="Stage">What is measured.</param>
/// <param name="Done">The share of all work that is done, from 0 to 1.</param>
public readonly record struct LandscapeProgress(string Stage, double Done);
