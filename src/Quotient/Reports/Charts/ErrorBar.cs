namespace Quotient.Reports.Charts;

/// <summary>Bars that show a residual bound about a value.</summary>
internal static class ErrorBar
{
    /// <summary>A bar with caps along a vertical scale, drawn where it reaches beyond its point.</summary>
    public static void Upright(Svg svg, double x, Scale scale, double value, double residual, double radius)
    {
        if (Ends(scale, value, residual, radius) is not { } ends)
        {
            return;
        }

        double cap = Math.Max(1.5, 0.7 * radius);
        svg.Line(new(x, ends.Low), new(x, ends.High), "bar");
        svg.Line(new(x - cap, ends.Low), new(x + cap, ends.Low), "bar");
        svg.Line(new(x - cap, ends.High), new(x + cap, ends.High), "bar");
    }

    /// <summary>A bar with caps along a horizontal scale, drawn where it reaches beyond its point.</summary>
    public static void Level(Svg svg, double y, Scale scale, double value, double residual, double radius)
    {
        if (Ends(scale, value, residual, radius) is not { } ends)
        {
            return;
        }

        svg.Line(new(ends.Low, y), new(ends.High, y), "bar");
        svg.Line(new(ends.Low, y - 3), new(ends.Low, y + 3), "bar");
        svg.Line(new(ends.High, y - 3), new(ends.High, y + 3), "bar");
    }

    private static (double Low, double High)? Ends(Scale scale, double value, double residual, double radius)
    {
        if (!(residual > 0))
        {
            return null;
        }

        var (low, high) = (scale.Map(value - residual), scale.Map(value + residual));
        return Math.Abs(high - low) > 2 * radius ? (low, high) : null;
    }
}
