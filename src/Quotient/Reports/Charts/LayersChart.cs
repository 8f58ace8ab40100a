using Quotient.Results;

namespace Quotient.Reports.Charts;

/// <summary>The eigenvalues of the whole operator and of each layer's diagonal block, a row each, on one common axis.</summary>
internal static class LayersChart
{
    private const double RowHeight = 34;

    /// <summary>Draws the chart at a width; null where there is nothing finite to draw.</summary>
    public static string? Draw(SpectrumResult whole, IReadOnlyList<SpectrumResult> layers, double width, string cssClass)
    {
        double[] seen = [.. layers.Prepend(whole).SelectMany(Values)];
        if (layers.Count == 0 || seen.Length == 0)
        {
            return null;
        }

        var size = new ChartSize(width, (RowHeight * (layers.Count + 1)) + 70, cssClass);
        bool roomy = width > 600;
        var frame = Frame.Within(size, left: roomy ? 150 : 92, top: 24, right: roomy ? 110 : 14, bottom: 44);
        var scale = ValueScale(seen, frame);
        var svg = new Svg(size, $"Eigenvalues of the whole operator and of {layers.Count} layers, a row each, on one axis.");
        DrawGrid(svg, frame, scale);
        if (roomy && layers.Prepend(whole).Any(spectrum => spectrum.Trace is not null))
        {
            svg.Text(new(frame.Right + 106, frame.Top - 6), "end", "trace", "title");
        }

        DrawRow(svg, frame, scale, whole, 0, "whole", roomy);
        for (int i = 0; i < layers.Count; i++)
        {
            DrawRow(svg, frame, scale, layers[i], i + 1, Words.Layer(layers[i].Name), roomy);
        }

        frame.DrawAcross(svg, scale, "eigenvalue λ");
        return svg.Finish();
    }

    private static IEnumerable<double> Values(SpectrumResult spectrum) =>
        spectrum.Top.Concat(spectrum.Bottom).Select(pair => pair.Value).Where(double.IsFinite);

    private static LinearScale ValueScale(double[] seen, Frame frame)
    {
        var (low, high) = (Math.Min(0, seen.Min()), Math.Max(0, seen.Max()));
        double room = 0.03 * ((high / 2) - (low / 2)) * 2;
        return new(low - room, high + room, frame.Left, frame.Right, frame.TicksAcross(64));
    }

    private static void DrawGrid(Svg svg, Frame frame, LinearScale scale)
    {
        svg.Group("axis");
        foreach (var tick in scale.Ticks)
        {
            double x = scale.Map(tick.Value);
            svg.Line(new(x, frame.Top), new(x, frame.Bottom), tick.Value == 0 ? "zero" : "grid");
        }

        svg.End();
    }

    private static void DrawRow(Svg svg, Frame frame, Scale scale, SpectrumResult spectrum, int row, string name, bool roomy)
    {
        double y = frame.Top + ((row + 0.5) * RowHeight);
        string fitted = Fit(name, frame.Left - 14);
        svg.Group(row == 0 ? "row whole" : "row", name);
        svg.Line(new(frame.Left, y), new(frame.Right, y), "track").Text(new(2, y + 4), "start", fitted, "name");
        if (roomy && Typography.Number(Trace(spectrum)) is { Length: > 0 } trace)
        {
            svg.Text(new(frame.Right + 106, y + 4), "end", trace, "name");
        }

        double radius = spectrum.Top.Count + spectrum.Bottom.Count > 24 ? 3 : 4.5;
        foreach (var pair in spectrum.Bottom.Concat(spectrum.Top.Reverse()).Where(pair => double.IsFinite(pair.Value)))
        {
            string sign = pair.Value < 0 ? " negative" : "";
            string figure = Typography.Number(Figures.WithError(pair.Value, pair.Residual));
            string title = $"{name}: λ = {Words.Marked(figure, pair.Converged)}";
            svg.Group($"mark{sign}{(pair.Converged ? "" : " open")}", title);
            svg.Circle(new(scale.Map(pair.Value), y), radius, "point");
            ErrorBar.Level(svg, y, scale, pair.Value, pair.Residual, radius);
            svg.End();
        }

        svg.End();
    }

    private static string Trace(SpectrumResult spectrum) =>
        spectrum.Trace is not { } trace ? ""
        : $"{(trace.Converged ? "" : "○ ")}{Figures.Value(trace.Value, trace.StandardError, 4)}";

    /// <summary>Shortens a name to a width, at its end.</summary>
    private static string Fit(string name, double width)
    {
        int most = (int)(width / Frame.CharacterWidth);
        return name.Length <= most ? name : string.Concat(name.AsSpan(0, most - 1), "…");
    }
}
