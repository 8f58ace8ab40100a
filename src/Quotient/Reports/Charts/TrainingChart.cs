using Quotient.Results;

namespace Quotient.Reports.Charts;

/// <summary>
/// One quantity through the epochs of training: on training data solid with discs, on test data dashed with squares.
/// </summary>
internal static class TrainingChart
{
    private static readonly ChartSize Size = new(430, 250, "half");

    /// <summary>Draws the loss; null where there is nothing finite to draw.</summary>
    public static string? Loss(IReadOnlyList<EpochRecord> training) =>
        Draw("loss", [.. training.Select(epoch => new Pair(epoch.Epoch, epoch.TrainLoss, epoch.TestLoss ?? double.NaN))]);

    /// <summary>Draws the error in percent; null where there is nothing finite to draw.</summary>
    public static string? Error(IReadOnlyList<EpochRecord> training) =>
        Draw(
            "error, %",
            [.. training.Select(epoch => new Pair(epoch.Epoch, 100 * epoch.TrainError, 100 * (epoch.TestError ?? double.NaN)))]);

    private static string? Draw(string quantity, Pair[] pairs)
    {
        double[] seen = [.. pairs.SelectMany(pair => new[] { pair.Train, pair.Test }).Where(double.IsFinite)];
        if (seen.Length == 0)
        {
            return null;
        }

        var frame = Frame.Within(Size, left: 50, top: 34, right: 14, bottom: 44);
        var across = Epochs(pairs, frame);
        var up = Values(seen, frame);
        var svg = new Svg(Size, Label(quantity, pairs));
        frame.DrawUp(svg, up, quantity);
        frame.DrawAcross(svg, across, "epoch");
        DrawSeries(svg, pairs, pair => pair.Train, across, up, "train");
        DrawSeries(svg, pairs, pair => pair.Test, across, up, "test");
        return svg.Finish();
    }

    private static LinearScale Epochs(Pair[] pairs, Frame frame)
    {
        var (first, last) = (pairs.Min(pair => pair.Epoch), pairs.Max(pair => pair.Epoch));
        int around = first == last ? 1 : 0;
        return new(first - around, last + around, frame.Left + 6, frame.Right - 6, frame.TicksAcross(48), leastStep: 1);
    }

    /// <summary>A logarithmic axis where the values are positive and span more than a factor of 30.</summary>
    private static Scale Values(double[] seen, Frame frame)
    {
        var (low, high) = (seen.Min(), seen.Max());
        return low > 0 && high / low > 30
            ? new LogScale(low / 1.3, high * 1.3, frame.Bottom, frame.Top, frame.TicksUp(26))
            : new LinearScale(Math.Min(0, low), Math.Max(0, high) * 1.06, frame.Bottom, frame.Top, frame.TicksUp(36));
    }

    private static void DrawSeries(Svg svg, Pair[] pairs, Func<Pair, double> value, Scale across, Scale up, string name)
    {
        Pair[] known = [.. pairs.Where(pair => double.IsFinite(value(pair)))];
        Point[] points = [.. known.Select(pair => new Point(across.Map(pair.Epoch), up.Map(value(pair))))];
        svg.Group($"series {name}").Path(Thinned.Columns(points), "curve");
        double radius = points.Length <= 40 ? 3 : 1.5;
        for (int i = 0; i < points.Length; i++)
        {
            svg.Group("mark", $"epoch {known[i].Epoch}, {name}: {Typography.Number(Figures.Plain(value(known[i]), 4))}");
            _ = name == "train" ? svg.Circle(points[i], radius, "point") : svg.Square(points[i], radius * 0.9, "point");
            svg.End();
        }

        svg.End();
    }

    private static string Label(string quantity, Pair[] pairs)
    {
        string from = Figures.Plain(pairs[0].Train, 3);
        string to = Figures.Plain(pairs[^1].Train, 3);
        string test = double.IsFinite(pairs[^1].Test) ? $", on test data to {Figures.Plain(pairs[^1].Test, 3)}" : "";
        return Typography.Number($"Training: {quantity} by epoch, on training data from {from} to {to}{test}.");
    }

    private readonly record struct Pair(int Epoch, double Train, double Test);
}
