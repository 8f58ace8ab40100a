namespace Quotient.Experiments;

/// <summary>Figures of a landscape's groups with intervals that resample the nets of each group: pairs share nets, and are not independent.</summary>
internal sealed class GroupFigures
{
    private readonly LandscapeResult _found;
    private readonly int[][] _nets;
    private readonly Dictionary<(int, int), LandscapePair> _pairs;
    private readonly ulong _seed;

    public GroupFigures(LandscapeResult found, ulong seed)
    {
        (_found, _seed, Groups) = (found, seed, found.Groups());
        _nets = [.. Groups.Select(group => found.Nets.Index().Where(net => net.Item.Group == group).Select(net => net.Index).ToArray())];
        _pairs = found.Pairs.ToDictionary(pair => Key(pair.First, pair.Second));
    }

    /// <summary>The groups.</summary>
    public IReadOnlyList<string> Groups { get; }

    /// <summary>Each two groups that follow each other.</summary>
    public IEnumerable<(int First, int Second)> Steps => Enumerable.Range(0, Groups.Count - 1).Select(i => (i, i + 1));

    /// <summary>The mean over the nets of one group less that of another.</summary>
    public Interval? Difference(int group, int less, Func<LandscapeNet, double> figure) => Over(
        [group, less], drawn => MeanOf(drawn[0], figure) - MeanOf(drawn[1], figure));

    /// <summary>The mean over the pairs within one group less that of another.</summary>
    public Interval? PairDifference(int group, int less, Func<LandscapePair, double> figure) => Over(
        [group, less], drawn => MeanWithin(drawn[0], figure) - MeanWithin(drawn[1], figure));

    /// <summary>The mean over the pairs within a group.</summary>
    public Interval? PairMean(int group, Func<LandscapePair, double> figure) => Over([group], drawn => MeanWithin(drawn[0], figure));

    /// <summary>Spearman's ρ of two figures over all pairs.</summary>
    public Interval? PairCorrelation(Func<LandscapePair, double> one, Func<LandscapePair, double> other) =>
        Over([.. Enumerable.Range(0, Groups.Count)], drawn => CorrelationOf(drawn, one, other));

    /// <summary>ρ of one figure and a third less ρ of another and the third, over all pairs.</summary>
    public Interval? PairCorrelationGain(
        Func<LandscapePair, double> one, Func<LandscapePair, double> other, Func<LandscapePair, double> third) => Over(
        [.. Enumerable.Range(0, Groups.Count)], drawn => CorrelationOf(drawn, one, third) - CorrelationOf(drawn, other, third));

    private static (int, int) Key(int one, int other) => (Math.Min(one, other), Math.Max(one, other));

    /// <summary>A figure of the nets that are drawn from groups.</summary>
    private Interval? Over(IReadOnlyList<int> groups, Func<IReadOnlyList<int[]>, double?> figure) => Bootstrap.Of(
        [.. groups.Select(group => _nets[group].Length)],
        places => figure([.. places.Select((drawn, i) => drawn.Select(place => _nets[groups[i]][place]).ToArray())]), _seed);

    private double MeanOf(int[] nets, Func<LandscapeNet, double> figure) => nets.Average(net => figure(_found.Nets[net]));

    private double? MeanWithin(int[] nets, Func<LandscapePair, double> figure)
    {
        double[] values = [.. PairsOf(nets).Select(figure)];
        return values.Length == 0 ? null : values.Average();
    }

    private double? CorrelationOf(IReadOnlyList<int[]> nets, Func<LandscapePair, double> one, Func<LandscapePair, double> other)
    {
        var pairs = PairsOf([.. nets.SelectMany(group => group)]).ToList();
        return RankCorrelation.Of([.. pairs.Select(one)], [.. pairs.Select(other)]);
    }

    /// <summary>The pairs of nets that are drawn, as often as both are; a net that is drawn twice makes no pair with itself.</summary>
    private IEnumerable<LandscapePair> PairsOf(int[] nets) =>
        from i in Enumerable.Range(0, nets.Length)
        from j in Enumerable.Range(0, i)
        where nets[i] != nets[j] && _pairs.ContainsKey(Key(nets[i], nets[j]))
        select _pairs[Key(nets[i], nets[j])];
}
