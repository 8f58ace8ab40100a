using Quotient.Results;

namespace Quotient.Reports.Charts;

/// <summary>
/// A spectral density on a logarithmic axis: the curve over its area, the part below zero tinted, a band of one standard
/// error where known, the height of a single eigenvalue dashed, and the quadrature's nodes as a rug.
/// </summary>
internal static class DensityChart
{
    /// <summary>Draws the chart; null where no point of the density is positive and finite.</summary>
    public static string? Draw(SpectralDensity density, long dimension, ChartSize size, string name)
    {
        var samples = DensitySample.Of(density);
        if (samples.Count == 0)
        {
            return null;
        }

        var frame = Frame.Within(size, left: 54, top: 34, right: 14, bottom: 44);
        double peak = samples.Max(sample => sample.Value);
        double floor = Floor(density, dimension, peak);
        var up = new LogScale(floor, 1.6 * peak, frame.Bottom, frame.Top, frame.TicksUp(26));
        var across = Across(density, samples, floor, frame);
        var svg = new Svg(size, Label(name, samples, peak));
        frame.DrawUp(svg, up, "density");
        DrawCurve(svg, samples, across, up, frame);
        DrawSingle(svg, SingleHeight(density, dimension), up, frame);
        var nodes = density.Nodes.Where(double.IsFinite).Select(node => Math.Round(2 * across.Map(node)) / 2);
        svg.Strokes(nodes.Distinct().Order(), frame.Bottom - 7, frame.Bottom, "rug");
        frame.DrawAcross(svg, across, "eigenvalue λ");
        return svg.Finish();
    }

    /// <summary>The height 1/(n σ √2π) that one eigenvalue of n has under the kernel; NaN where σ is not known.</summary>
    public static double SingleHeight(SpectralDensity density, long dimension) =>
        density.Sigma > 0 && dimension > 0 ? 1 / (dimension * density.Sigma * Math.Sqrt(2 * Math.PI)) : double.NaN;

    /// <summary>
    /// Where the axis ends: somewhat below the height of a single eigenvalue, since what lies lower is the kernel's tail;
    /// between three and twelve decades below the peak.
    /// </summary>
    private static double Floor(SpectralDensity density, long dimension, double peak)
    {
        double single = SingleHeight(density, dimension);
        return double.IsNaN(single) ? 1e-8 * peak : Math.Clamp(single / 30, 1e-12 * peak, 1e-3 * peak);
    }

    private static LinearScale Across(
        SpectralDensity density, IReadOnlyList<DensitySample> samples, double floor, Frame frame)
    {
        var visible = samples.Where(sample => sample.Value >= floor).Select(sample => sample.At);
        double[] seen = [.. visible, .. density.Nodes.Where(double.IsFinite)];
        var (low, high) = (seen.Min(), seen.Max());
        double room = 0.02 * ((high / 2) - (low / 2)) * 2;
        return new(low - room, high + room, frame.Left, frame.Right, frame.TicksAcross(64));
    }

    private static void DrawCurve(Svg svg, IReadOnlyList<DensitySample> samples, Scale across, Scale up, Frame frame)
    {
        DrawPart(svg.Group("mark negative"), DensitySample.Below(samples), across, up, frame);
        DrawPart(svg.End().Group("mark"), DensitySample.Above(samples), across, up, frame);
        svg.End();
    }

    private static void DrawPart(Svg svg, IReadOnlyList<DensitySample> part, Scale across, Scale up, Frame frame)
    {
        var curve = Curve(part, across, up, sample => sample.Value);
        if (curve.Count == 0)
        {
            return;
        }

        svg.Path([new(curve[0].X, frame.Bottom), .. curve, new(curve[^1].X, frame.Bottom)], "area", closed: true);
        DrawBand(svg, part, across, up);
        foreach (var run in Thinned.Runs(curve, frame.Bottom))
        {
            svg.Path(run, "curve");
        }
    }

    private static IReadOnlyList<Point> Curve(
        IReadOnlyList<DensitySample> part, Scale across, Scale up, Func<DensitySample, double> height) =>
        Thinned.Columns([.. part.Select(sample => new Point(across.Map(sample.At), up.Map(height(sample))))]);

    private static void DrawBand(Svg svg, IReadOnlyList<DensitySample> part, Scale across, Scale up)
    {
        if (part.Any(sample => !(sample.Error >= 0)))
        {
            return;
        }

        var upper = Curve(part, across, up, sample => sample.Value + sample.Error);
        var lower = Curve(part, across, up, sample => sample.Value - sample.Error);
        svg.Path([.. upper, .. lower.Reverse()], "band", closed: true);
    }

    private static void DrawSingle(Svg svg, double height, Scale up, Frame frame)
    {
        if (double.IsFinite(height) && up.Map(height) is var y && y < frame.Bottom && y > frame.Top)
        {
            svg.Group("guide", "The height of one single eigenvalue");
            svg.Line(new(frame.Left, y), new(frame.Right, y), "single").End();
        }
    }

    private static string Label(string name, IReadOnlyList<DensitySample> samples, double peak)
    {
        double at = samples.First(sample => sample.Value == peak).At;
        return Typography.Number(
            $"Spectral density of {name} on a logarithmic axis, from {Figures.Plain(samples[0].At, 3)} to "
            + $"{Figures.Plain(samples[^1].At, 3)}, highest at {Figures.Plain(at, 3)}.");
    }
}
