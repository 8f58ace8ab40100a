using Quotient.Results;

namespace Quotient.Reports.Charts;

/// <summary>
/// The largest and the smallest eigenvalues as stems by rank: the largest at the left, the smallest at the right, the rest
/// of the spectrum a gap between. Bars show residual bounds; unconverged values are hollow and their stems dashed.
/// </summary>
internal static class SpectrumChart
{
    /// <summary>Draws the chart; null where there is nothing finite to draw.</summary>
    public static string? Draw(SpectrumResult spectrum, ChartSize size)
    {
        if (!spectrum.Top.Concat(spectrum.Bottom).Any(pair => double.IsFinite(pair.Value)))
        {
            return null;
        }

        var frame = Frame.Within(size, left: 54, top: 40, right: 14, bottom: 44);
        var slots = new Slots(spectrum, frame);
        var scale = ValueScale(spectrum, frame);
        var svg = new Svg(size, Label(spectrum));
        frame.DrawUp(svg, scale, "eigenvalue λ");
        DrawRanks(svg, slots, frame, scale);
        DrawEnd(svg, spectrum.Top, slots.Top, "λ", scale, slots.Width);
        DrawEnd(svg, spectrum.Bottom, slots.Bottom, "smallest λ", scale, slots.Width);
        DrawExtremes(svg, spectrum, slots, frame, scale);
        return svg.Finish();
    }

    private static LinearScale ValueScale(SpectrumResult spectrum, Frame frame)
    {
        double[] values = [0, .. spectrum.Top.Concat(spectrum.Bottom).Select(pair => pair.Value).Where(double.IsFinite)];
        var (low, high) = (values.Min(), values.Max());
        // Room for the extremes' labels, and for bars up to a tenth of the range; longer bars end at the frame.
        double room = 0.1 * ((high / 2) - (low / 2)) * 2;
        return new(low < 0 ? low - room : low, high > 0 ? high + room : high, frame.Bottom, frame.Top, frame.TicksUp(44));
    }

    private static void DrawRanks(Svg svg, Slots slots, Frame frame, Scale scale)
    {
        double zero = scale.Map(0);
        svg.Group("axis").Line(new(frame.Left, zero), new(slots.GapLeft, zero), "zero");
        if (slots.Hidden > 0)
        {
            double middle = (slots.GapLeft + slots.GapRight) / 2;
            double baseline = zero - frame.Top > 40 ? zero - 22 : zero + 18;
            svg.Line(new(slots.GapLeft, zero), new(slots.GapRight, zero), "zero gap");
            svg.Text(new(middle, baseline), "middle", Figures.Count(slots.Hidden), "tick");
            svg.Text(new(middle, baseline + 14), "middle", "more", "tick");
        }

        svg.Line(new(slots.GapRight, zero), new(frame.Right, zero), "zero");
        foreach (var (x, label) in slots.Labels())
        {
            svg.Text(new(x, frame.Bottom + 18), "middle", label, "tick");
        }

        svg.Text(new((frame.Left + frame.Right) / 2, frame.Bottom + 37), "middle", "rank", "title").End();
    }

    private static void DrawEnd(
        Svg svg, IReadOnlyList<Eigenvalue> pairs, Func<int, double> place, string name, Scale scale, double width)
    {
        double radius = Math.Clamp(width / 3, 1.5, 5);
        for (int i = 0; i < pairs.Count; i++)
        {
            if (double.IsFinite(pairs[i].Value))
            {
                DrawStem(svg, pairs[i], place(i), radius, $"{name} {i + 1}", scale);
            }
        }
    }

    private static void DrawStem(Svg svg, Eigenvalue pair, double x, double radius, string name, Scale scale)
    {
        var (value, residual, converged) = pair;
        string figure = Typography.Number(Figures.WithError(value, residual));
        string sign = value < 0 ? " negative" : "";
        double y = scale.Map(value);
        svg.Group($"mark{sign}{(converged ? "" : " open")}", $"{name} = {Words.Marked(figure, converged)}");
        svg.Line(new(x, scale.Map(0)), new(x, y), "stem").Circle(new(x, y), radius, "point");
        ErrorBar.Upright(svg, x, scale, value, residual, radius);
        svg.End();
    }

    private static void DrawExtremes(Svg svg, SpectrumResult spectrum, Slots slots, Frame frame, Scale scale)
    {
        if (spectrum.Top.Count > 0 && spectrum.Top[0].Value > 0)
        {
            double y = scale.Map(spectrum.Top[0].Value) - 10;
            svg.Text(new(Math.Max(frame.Left, slots.Top(0) - 5), y), "start", Value(spectrum.Top[0]), "value");
        }

        if (spectrum.Bottom.Count > 0 && spectrum.Bottom[0].Value < 0)
        {
            double y = Math.Min(scale.Map(spectrum.Bottom[0].Value) + 19, frame.Bottom + 3);
            svg.Text(new(Math.Min(frame.Right, slots.Bottom(0) + 5), y), "end", Value(spectrum.Bottom[0]), "value");
        }
    }

    private static string Value(Eigenvalue pair) => Typography.Number(Figures.Value(pair.Value, pair.Residual, 5));

    private static string Label(SpectrumResult spectrum)
    {
        string ends = string.Join(" and ", End("largest", spectrum.Top).Concat(End("smallest", spectrum.Bottom)));
        int open = spectrum.Top.Concat(spectrum.Bottom).Count(pair => !pair.Converged);
        string state = open == 0 ? "all converged" : $"{open} {Words.Unconverged}";
        return $"Eigenvalues by rank: {ends}; {state}. The table of eigenvalues holds the figures.";
    }

    private static IEnumerable<string> End(string name, IReadOnlyList<Eigenvalue> pairs) =>
        pairs.Count == 0 ? [] : [$"{pairs.Count} {name}, from {Value(pairs[0])} to {Value(pairs[^1])}"];
}
