namespace Quotient.Reports.Charts;

/// <summary>The rectangle of a chart that holds its data, and the axes around it.</summary>
internal readonly record struct Frame(double Left, double Top, double Right, double Bottom)
{
    /// <summary>The width of a character of a chart's text, estimated from above.</summary>
    public const double CharacterWidth = 6.8;

    public double Width => Right - Left;

    public double Height => Bottom - Top;

    /// <summary>The frame that a chart of a size has within its margins.</summary>
    public static Frame Within(ChartSize size, double left, double top, double right, double bottom) =>
        new(left, top, size.Width - right, size.Height - bottom);

    /// <summary>How many ticks fit along the bottom, given a label's width.</summary>
    public int TicksAcross(double labelWidth) => Math.Clamp((int)(Width / labelWidth), 2, 12);

    /// <summary>How many ticks fit along the left.</summary>
    public int TicksUp(double labelHeight) => Math.Clamp((int)(Height / labelHeight), 2, 12);

    /// <summary>Draws the horizontal axis: ticks with labels below, the title under their middle.</summary>
    public void DrawAcross(Svg svg, Scale scale, string title)
    {
        svg.Group("axis").Line(new(Left, Bottom), new(Right, Bottom), "rule");
        foreach (var tick in scale.Ticks)
        {
            double x = scale.Map(tick.Value);
            svg.Line(new(x, Bottom), new(x, Bottom + 5), "rule").Text(new(x, Bottom + 18), "middle", tick.Label, "tick");
        }

        svg.Text(new((Left + Right) / 2, Bottom + 37), "middle", scale.Title(title), "title").End();
    }

    /// <summary>Draws the vertical axis: a grid line a tick, labels at its left, the title above.</summary>
    public void DrawUp(Svg svg, Scale scale, string title)
    {
        svg.Group("axis");
        foreach (var tick in scale.Ticks)
        {
            double y = scale.Map(tick.Value);
            svg.Line(new(Left, y), new(Right, y), "grid").Text(new(Left - 8, y + 4), "end", tick.Label, "tick");
        }

        svg.Text(new(2, Top - 14), "start", scale.Title(title), "title").End();
    }
}
