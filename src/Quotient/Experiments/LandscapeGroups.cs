using Quotient.Measures;
using Quotient.Spectra;

namespace Quotient.Experiments;

/// <summary>Means over the nets of a group.</summary>
/// <param name="Group">The group.</param>
/// <param name="Count">The number of nets.</param>
/// <param name="TrainError">Mean training error, with its standard error over the nets.</param>
/// <param name="TestError">Mean test error.</param>
/// <param name="Flatness">Mean local energy at the level of flatness.</param>
public sealed record GroupMeans(string Group, int Count, EnergyEstimate TrainError, EnergyEstimate TestError, EnergyEstimate Flatness);

/// <summary>Means over the pairs of nets of two groups, or of one.</summary>
/// <param name="First">The one group.</param>
/// <param name="Second">The other, or the same.</param>
/// <param name="Pairs">The pairs.</param>
public sealed record GroupPair(string First, string Second, IReadOnlyList<LandscapePair> Pairs)
{
    /// <summary>Its name: <c>rsgd</c>, or <c>rsgd–sgd</c>.</summary>
    public string Name => IsWithin ? First : $"{First}–{Second}";

    /// <summary>Whether the pairs are of one group.</summary>
    public bool IsWithin => First == Second;

    /// <summary>The mean of a figure of its pairs.</summary>
    public double Mean(Func<LandscapePair, double> figure) => Pairs.Average(figure);

    /// <summary>The mean curve of an error or a loss along its paths; each pair goes from the first group to the second.</summary>
    public IReadOnlyList<(double T, double Mean)> Curve(Removal removal, Func<LandscapePoint, double> value) =>
        [.. Pairs[0].At(removal).Points.Index().Select(at => (at.Item.T, Pairs.Average(pair => value(pair.At(removal).Points[at.Index]))))];
}

/// <summary>A landscape by groups.</summary>
public static class LandscapeGroups
{
    /// <summary>Means over the nets of each group.</summary>
    public static IReadOnlyList<GroupMeans> MeansByGroup(this LandscapeResult result) =>
    [
        .. from net in result.Nets
           group net by net.Group into nets
           select new GroupMeans(
               nets.Key, nets.Count(), MeanOf(nets, net => net.TrainError), MeanOf(nets, net => net.TestError),
               MeanOf(nets, net => result.Flatness(net).Error)),
    ];

    /// <summary>The pairs by their two groups: those within a group first, each in the order of the groups.</summary>
    public static IReadOnlyList<GroupPair> ByGroupPair(this LandscapeResult result) =>
    [
        .. from pair in result.Pairs
           group pair by (First: result.Nets[pair.First].Group, Second: result.Nets[pair.Second].Group) into pairs
           orderby pairs.Key.First == pairs.Key.Second ? 0 : 1
           select new GroupPair(pairs.Key.First, pairs.Key.Second, [.. pairs]),
    ];

    private static EnergyEstimate MeanOf(IEnumerable<LandscapeNet> nets, Func<LandscapeNet, double> figure)
    {
        var (mean, error) = SampleMean.Of([.. nets.Select(figure)]);
        return new(mean, error);
    }
}
