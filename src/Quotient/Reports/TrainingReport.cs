using Quotient.Reports.Charts;
using Quotient.Results;

namespace Quotient.Reports;

/// <summary>Loss and error through the epochs of a training, for any report.</summary>
public static class TrainingReport
{
    /// <summary>Adds the epochs: a table, <c>training</c>, and the curves.</summary>
    public static Report Training(this Report report, IReadOnlyList<EpochRecord> epochs)
    {
        bool tested = epochs.Any(epoch => epoch.TestLoss is not null);
        report.Table(Table.Of(
            "training", "", epochs,
            new("epoch", "epoch", epoch => epoch.Epoch),
            new("trainLoss", "train loss", epoch => epoch.TrainLoss),
            new("trainError", "train error", epoch => Figures.Known(epoch.TrainError), epoch => Figures.Share(epoch.TrainError)),
            new("testLoss", tested ? "test loss" : null, epoch => epoch.TestLoss),
            new("testError", tested ? "test error" : null, epoch => epoch.TestError, epoch => Figures.Share(epoch.TestError ?? double.NaN))));
        AddChart(report, epochs, "Loss and error", "of training, each evaluated on the whole sets at its end");
        return report;
    }

    internal static Fields FieldsOf(EpochRecord epoch) => new(
        ("epoch", epoch.Epoch), ("trainLoss", epoch.TrainLoss), ("trainError", Figures.Known(epoch.TrainError)), ("testLoss", epoch.TestLoss),
        ("testError", epoch.TestError));

    /// <summary>Adds two drawings side by side: on training data solid with discs, on test data dashed with squares.</summary>
    internal static void AddChart(Report report, IReadOnlyList<EpochRecord> epochs, string title, string what)
    {
        string count = epochs.Count == 1 ? "One epoch" : $"{Figures.Count(epochs.Count)} epochs";
        report.Chart(new(
            title, $"{count} {what}.",
            PanelOf("loss", epochs, epoch => epoch.TrainLoss, epoch => epoch.TestLoss ?? double.NaN),
            PanelOf("error, %", epochs, epoch => 100 * epoch.TrainError, epoch => 100 * (epoch.TestError ?? double.NaN))));
    }

    private static Panel PanelOf(
        string quantity, IReadOnlyList<EpochRecord> epochs, Func<EpochRecord, double> train, Func<EpochRecord, double> test) => new(
        "",
        new NumberAxis("epoch") { IsWhole = true },
        new NumberAxis(quantity) { IsLogarithmic = null, HasZero = true },
        new Line("training data", [.. epochs.Select(epoch => At(epoch, "train", train(epoch)))]),
        new Line("test data", [.. epochs.Select(epoch => At(epoch, "test", test(epoch)))], Hue.Teal, IsDashed: true));

    private static Datum At(EpochRecord epoch, string data, double value) =>
        new(epoch.Epoch, value, Title: $"epoch {epoch.Epoch}, {data}: {Figures.Minus(Figures.Plain(value, 4))}");
}
