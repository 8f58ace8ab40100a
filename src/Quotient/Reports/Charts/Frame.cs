namespace Quotient.Reports.Charts;

/// <summary>The rectangle of a panel that holds its data, and the axes around it.</summary>
internal readonly record struct Frame(double Left, double Top, double Right, double Bottom)
{
    /// <summary>The width of a character of a chart's text, estimated from above.</summary>
    public const double CharacterWidth = 6.8;

    private const double RowHeight = 34;
    private const double RemarkWidth = 106;

    /// <summary>The height of a panel that suits its rows; null where it has none.</summary>
    public static double? HeightOf(Axis y) => y is RowAxis rows ? (RowHeight * rows.Rows.Count) + 70 : null;

    /// <summary>The frame that a panel of a size has within its margins.</summary>
    public static Frame Within(ChartSize size, Axis y) => y is RowAxis
        ? new(IsRoomy(size) ? 150 : 92, 24, size.Width - (IsRoomy(size) ? RemarkWidth + 4 : 14), size.Height - 44)
        : new(54, 38, size.Width - 14, size.Height - 44);

    /// <summary>Shortens a text to a width, at its end.</summary>
    public static string Fit(string text, double width)
    {
        int most = (int)(width / CharacterWidth);
        return text.Length <= most ? text : string.Concat(text.AsSpan(0, most - 1), "…");
    }

    /// <summary>The horizontal scale. Numbers keep clear of both ends, so that marks there are not cut.</summary>
    public Scale Across(Axis axis, IReadOnlyList<double> seen) => axis switch
    {
        RankAxis ranks => new RankScale(ranks, Left, Right),
        NumberAxis numbers => Scale.Of(numbers, seen, 0, Left + 8, Right - 8, Ticks(Right - Left, numbers.IsWhole ? 48 : 64)),
        _ => throw new ArgumentException($"{axis.GetType().Name} cannot stand along the bottom", nameof(axis)),
    };

    /// <summary>The vertical scale.</summary>
    public Scale Up(Axis axis, IReadOnlyList<double> seen) => axis switch
    {
        RowAxis rows => new RowScale(Top, Bottom, rows.Rows.Count),
        NumberAxis numbers => Scale.Of(numbers, seen, 0.1, Bottom, Top, Ticks(Bottom - Top, numbers.IsLogarithmic == false ? 40 : 26)),
        _ => throw new ArgumentException($"{axis.GetType().Name} cannot stand along the left", nameof(axis)),
    };

    /// <summary>Draws the axes of a panel.</summary>
    public void Draw(Svg svg, Panel panel, Scale across, Scale up)
    {
        svg.Group("axis");
        if (panel.Y is RowAxis rows)
        {
            DrawRows(svg, rows, across, up);
        }
        else
        {
            DrawUp(svg, panel.Y, up);
        }

        if (across is RankScale ranks)
        {
            DrawRanks(svg, ranks, up.Map(0));
        }
        else
        {
            DrawAcross(svg, across);
        }

        svg.Text(new((Left + Right) / 2, Bottom + 37), "middle", across.Title(panel.X.Title), "title").End();
    }

    private static bool IsRoomy(ChartSize size) => size.Width > 600;

    /// <summary>A grid line a tick, labels at its left, the title above.</summary>
    private void DrawUp(Svg svg, Axis axis, Scale up)
    {
        foreach (var tick in up.Ticks)
        {
            double y = up.Map(tick.Value);
            svg.Line(new(Left, y), new(Right, y), "grid").Text(new(Left - 8, y + 4), "end", tick.Label, "tick");
        }

        svg.Text(new(2, Top - 18), "start", up.Title(axis.Title), "title");
    }

    /// <summary>Ticks with labels below.</summary>
    private void DrawAcross(Svg svg, Scale across)
    {
        svg.Line(new(Left, Bottom), new(Right, Bottom), "rule");
        foreach (var tick in across.Ticks)
        {
            double x = across.Map(tick.Value);
            svg.Line(new(x, Bottom), new(x, Bottom + 5), "rule").Text(new(x, Bottom + 18), "middle", tick.Label, "tick");
        }
    }

    /// <summary>A line at zero, dotted where ranks are left out, which are counted there; ranks below.</summary>
    private void DrawRanks(Svg svg, RankScale ranks, double zero)
    {
        svg.Line(new(Left, zero), new(ranks.GapFrom, zero), "zero").Line(new(ranks.GapTo, zero), new(Right, zero), "zero");
        if (ranks.Hidden > 0)
        {
            double middle = (ranks.GapFrom + ranks.GapTo) / 2;
            double baseline = zero - Top > 40 ? zero - 22 : zero + 18;
            svg.Line(new(ranks.GapFrom, zero), new(ranks.GapTo, zero), "zero gap");
            svg.Text(new(middle, baseline), "middle", Figures.Count(ranks.Hidden), "tick");
            svg.Text(new(middle, baseline + 14), "middle", "more", "tick");
        }

        foreach (var tick in ranks.Ticks)
        {
            svg.Text(new(ranks.Map(tick.Value), Bottom + 18), "middle", tick.Label, "tick");
        }
    }

    /// <summary>Upright grid lines, and each row's name, track and remark.</summary>
    private void DrawRows(Svg svg, RowAxis axis, Scale across, Scale up)
    {
        foreach (var tick in across.Ticks)
        {
            double x = across.Map(tick.Value);
            svg.Line(new(x, Top), new(x, Bottom), tick.Value == 0 ? "zero" : "grid");
        }

        bool remarks = Left > 100 && axis.Rows.Any(row => row.Remark.Length > 0);
        if (remarks)
        {
            svg.Text(new(Right + RemarkWidth, Top - 6), "end", axis.RemarkTitle, "title");
        }

        foreach (var (i, row) in axis.Rows.Index())
        {
            double y = up.Map(i);
            svg.Group(row.IsStrong ? "row strong" : "row", row.Name);
            svg.Line(new(Left, y), new(Right, y), "grid").Text(new(2, y + 4), "start", Fit(row.Name, Left - 14), "name");
            if (remarks)
            {
                svg.Text(new(Right + RemarkWidth, y + 4), "end", Fit(row.Remark, RemarkWidth), "name");
            }

            svg.End();
        }
    }

    /// <summary>How many ticks fit, given the room that a label takes.</summary>
    private static int Ticks(double length, double room) => Math.Clamp((int)(length / room), 2, 12);
}
