using Quotient.Experiments;
using Quotient.Measures;
using Quotient.Symmetry;

namespace Quotient.Reports;

/// <summary>A landscape as a report.</summary>
public static class LandscapeReport
{
    /// <summary>Nets from which an interval by resampling begins to mean something.</summary>
    private const int Enough = 5;

    /// <summary>How conditions are called in tables.</summary>
    internal static readonly (Removal Removal, string Key, string Name)[] Removals =
        [(Removal.None, "raw", "as they are"), (Removal.Permutations, "permuted", "permuted"), (Removal.All, "aligned", "aligned")];

    /// <summary>The report of kind <c>landscape</c>.</summary>
    public static Report Of(LandscapeResult found)
    {
        var report = new Report("landscape", "Error landscape")
            .About($"{Figures.Counted(found.Nets.Count, "net")} {found.Network}", found.Train.Name, $"tested on {found.Test.Name}", found.LossName)
            .Fact("network", "network", found.Network, $"{found.Network}, {Figures.Counted(found.Parameters, "parameter")}")
            .Fact("parameters", null, found.Parameters)
            .Fact("data", "data", found.Train.Name, $"{found.Train.Name}, {Figures.Counted(found.Train.Samples, "sample")}")
            .Fact("samples", null, found.Train.Samples)
            .Fact("testData", "test data", found.Test.Name, $"{found.Test.Name}, {Figures.Counted(found.Test.Samples, "sample")}")
            .Fact("testSamples", null, found.Test.Samples)
            .Fact("lossName", "loss", found.LossName)
            .Fact(new("flatnessLevel", "flatness at level", found.FlatnessLevel) { Quantity = null, Remark = FlatnessText(found) })
            .Fact(Correlation(found.Correlation))
            .Fact("nets", null, found.Nets.Select(FieldsOf))
            .Fact("pairs", null, found.Pairs.Select(pair => FieldsOf(found, pair)))
            .Fact("groups", null, found.MeansByGroup().Select(FieldsOf))
            .Fact("groupPairs", null, found.ByGroupPair().Select(FieldsOf))
            .Table(PairsTable(found))
            .Table(GroupsTable(found, "Groups of nets"))
            .Table(GroupPairsTable(found, "Pairs of nets by group"))
            .Table(NetsTable(found));
        return WarnOfFew(report, found.Correlation is null ? Enough : found.Nets.Count, "net").Landscape(found, "");
    }

    /// <summary>Says where an interval rests on too few nets, or seeds: as many as there are least.</summary>
    internal static Report WarnOfFew(Report report, int least, string what) => least >= Enough ? report : report.Note(
        $"95 % intervals are found by resampling nets: from {Figures.Counted(least, what)} they are much too narrow. Take {Enough} or more.", isWarning: true);

    /// <summary>What the flatness is.</summary>
    internal static string FlatnessText(LandscapeResult found) => found.IsBinary
        ? "the rise of the training error where each weight flips with that probability; high is sharp"
        : "the rise of the training error under multiplicative noise of that level; high is sharp";

    /// <summary>Means over the nets of each group, for people.</summary>
    internal static Table GroupsTable(LandscapeResult found, string title) => Table.Of(
        null, title, found.MeansByGroup(),
        new(null, "group", group => group.Group),
        new(null, "nets", group => group.Count),
        new(null, "train error", group => group.TrainError.Mean, group => Percent(group.TrainError)),
        new(null, "test error", group => group.TestError.Mean, group => Percent(group.TestError)),
        new(null, "flatness", group => group.Flatness.Mean, group => Percent(group.Flatness)));

    /// <summary>Means over pairs of nets, for people.</summary>
    internal static Table GroupPairsTable(LandscapeResult found, string title) => Table.Of(
        null, title, found.ByGroupPair(),
        [
            new(null, "groups", group => group.Name),
            new(null, "pairs", group => group.Pairs.Count),
            new(null, "distance aligned", group => group.Mean(pair => pair.Aligned.Distance), group => Short(group.Mean(pair => pair.Aligned.Distance))),
            new(
                null, "classified differently", group => group.Mean(pair => pair.FunctionDistance),
                group => Figures.Share(group.Mean(pair => pair.FunctionDistance))),
            .. Removals.Select(removal => new Column<GroupPair>(
                null, $"barrier {removal.Name}", group => group.Mean(pair => pair.At(removal.Removal).TrainRise()),
                group => Share(group.Mean(pair => pair.At(removal.Removal).TrainRise())))),
        ]);

    /// <summary>An interval's fields.</summary>
    internal static Fields? FieldsOf(Interval? interval) => interval is not { } known ? null
        : new(("spearman", known.Value), ("low", known.Low), ("high", known.High));

    /// <summary>A figure with its interval.</summary>
    internal static string Text(Interval? interval) => interval is not { } known ? "not defined"
        : $"{Short(known.Value)} (95 % interval {Short(known.Low)} to {Short(known.High)})";

    private static Fact Correlation(Interval? found)
    {
        string interval = found is { } known ? $"95 % interval {Short(known.Low)} to {Short(known.High)}" : "";
        return new("correlation", "rank correlation of flatness and test error", FieldsOf(found), found is null ? Text(null) : Short(found.Value.Value))
        {
            Quantity = found is { } one ? new(one.Value) : null,
            Remark = interval,
        };
    }

    internal static string Short(double value) => Figures.Plain(value, 3);

    private static string Percent(EnergyEstimate share) => double.IsNaN(share.StandardError) || share.StandardError == 0
        ? Share(share.Mean)
        : $"{Figures.WithError(100 * share.Mean, 100 * share.StandardError, 4)} %";

    private static string Share(double share) => $"{Short(100 * share)} %";

    private static Fields FieldsOf(LandscapeNet net) => new(
        ("name", net.Name), ("group", net.Group), ("trainError", net.TrainError), ("testError", net.TestError), ("trainLoss", net.TrainLoss),
        ("testLoss", net.TestLoss), ("energy", net.Energy.Select(FieldsOf)));

    private static Fields FieldsOf(EnergyAt energy) => new(
        ("level", energy.Level), ("error", energy.Error), ("errorStandardError", energy.ErrorDeviation), ("loss", energy.Loss),
        ("lossStandardError", energy.LossDeviation));

    private static Fields FieldsOf(LandscapeResult found, LandscapePair pair) => new(
    [
        ("first", found.Nets[pair.First].Name), ("second", found.Nets[pair.Second].Name), ("functionDistance", pair.FunctionDistance),
        .. Removals.Select(removal => (removal.Key, (object?)FieldsOf(pair.At(removal.Removal)))),
    ]);

    private static Fields FieldsOf(LandscapePath path) => new(
        ("distance", path.Distance), ("relativeDistance", path.Relative),
        ("trainErrorBarrier", FieldsOf(path.Barrier(point => point.TrainError))), ("testErrorBarrier", FieldsOf(path.Barrier(point => point.TestError))),
        ("trainLossBarrier", FieldsOf(path.Barrier(point => point.TrainLoss))), ("testLossBarrier", FieldsOf(path.Barrier(point => point.TestLoss))),
        ("points", path.Points.Select(point => new Fields(
            ("t", point.T), ("trainError", point.TrainError), ("testError", point.TestError), ("trainLoss", point.TrainLoss),
            ("testLoss", point.TestLoss)))));

    private static Fields FieldsOf(BarrierHeight barrier) => new(("maximum", barrier.Maximum), ("excess", barrier.Excess));

    internal static Fields FieldsOf(GroupMeans group) => new(
        ("group", group.Group), ("nets", group.Count), ("trainError", FieldsOf(group.TrainError)), ("testError", FieldsOf(group.TestError)),
        ("flatness", FieldsOf(group.Flatness)));

    private static Fields FieldsOf(EnergyEstimate estimate) =>
        new(("mean", estimate.Mean), ("standardError", Figures.Known(estimate.StandardError)));

    internal static Fields FieldsOf(GroupPair group) => new(
    [
        ("first", group.First), ("second", group.Second), ("pairs", group.Pairs.Count),
        ("functionDistance", group.Mean(pair => pair.FunctionDistance)),
        .. Removals.Select(removal => (removal.Key, (object?)MeansOf(group, removal.Removal))),
    ]);

    private static Fields MeansOf(GroupPair group, Removal removal) => new(
        ("distance", group.Mean(pair => pair.At(removal).Distance)),
        ("trainErrorBarrier", group.Mean(pair => pair.At(removal).TrainRise())),
        ("testErrorBarrier", group.Mean(pair => pair.At(removal).Barrier(point => point.TestError).Excess)),
        ("trainLossBarrier", group.Mean(pair => pair.At(removal).Barrier(point => point.TrainLoss).Excess)),
        ("testLossBarrier", group.Mean(pair => pair.At(removal).Barrier(point => point.TestLoss).Excess)));

    /// <summary>For files alone: a line for each pair.</summary>
    private static Table PairsTable(LandscapeResult found) => Table.Of(
        "pairs", null, found.Pairs,
        [
            new("first", null, pair => found.Nets[pair.First].Name),
            new("second", null, pair => found.Nets[pair.Second].Name),
            new("functionDistance", null, pair => pair.FunctionDistance),
            .. Removals.SelectMany(removal => PathColumns(removal.Removal, removal.Key)),
        ]);

    private static IEnumerable<Column<LandscapePair>> PathColumns(Removal removal, string key)
    {
        yield return new($"{key}.distance", null, pair => pair.At(removal).Distance);
        yield return new($"{key}.relativeDistance", null, pair => pair.At(removal).Relative);
        (string Name, Func<LandscapePoint, double> Value)[] curves =
        [
            ("trainError", point => point.TrainError), ("testError", point => point.TestError), ("trainLoss", point => point.TrainLoss),
            ("testLoss", point => point.TestLoss),
        ];
        foreach (var (name, value) in curves)
        {
            yield return new($"{key}.{name}Maximum", null, pair => pair.At(removal).Barrier(value).Maximum);
            yield return new($"{key}.{name}Excess", null, pair => pair.At(removal).Barrier(value).Excess);
        }
    }

    private static Table NetsTable(LandscapeResult found) => Table.Of(
        null, "Nets", found.Nets,
        new(null, "net", net => net.Name),
        new(null, "train error", net => net.TrainError, net => Figures.Share(net.TrainError)),
        new(null, "test error", net => net.TestError, net => Figures.Share(net.TestError)),
        new(null, "train loss", net => net.TrainLoss, net => Short(net.TrainLoss)),
        new(null, "test loss", net => net.TestLoss, net => Short(net.TestLoss)),
        new(null, "flatness", net => found.Flatness(net).Error, net => Share(found.Flatness(net).Error)));
}
