namespace Quotient.Reports.Charts;

/// <summary>Draws a panel's marks on its axes as SVG.</summary>
internal sealed class Drawing
{
    private readonly Svg _svg;
    private readonly Frame _frame;
    private readonly Scale _across, _up;
    private readonly bool _hasRows;
    private readonly double _radius;

    private Drawing(Panel panel, ChartSize size)
    {
        _frame = Frame.Within(size, panel.Y);
        _hasRows = panel.Y is RowAxis;
        var seen = panel.Marks.SelectMany(mark => mark.Data.Where(datum => datum.IsFinite)).ToArray();
        var reached = panel.Marks.Where(mark => mark is Line { HasBars: true } or Band).SelectMany(mark => mark.Data.Where(datum => datum.IsFinite && datum.Error > 0));
        _across = _frame.Across(panel.X, [.. seen.Select(datum => datum.X)]);
        _up = _frame.Up(
            panel.Y, [.. seen.Select(datum => datum.Y), .. reached.SelectMany(datum => new[] { datum.Y - datum.Error, datum.Y + datum.Error })]);
        _svg = new(size, LabelOf(panel, seen));
        _radius = Radius(panel);
        _frame.Draw(_svg, panel, _across, _up);
        foreach (var mark in panel.Marks)
        {
            Draw(mark);
        }
    }

    /// <summary>A panel at a size; null where there is nothing finite to draw.</summary>
    public static string? Draw(Panel panel, ChartSize size) =>
        panel.Marks.Any(mark => mark.Data.Any(datum => datum.IsFinite)) ? new Drawing(panel, size)._svg.Finish() : null;

    /// <summary>The class of a group that holds a mark.</summary>
    public static string ClassOf(Mark mark, bool isOpen = false)
    {
        string dashed = mark is Line { IsDashed: true } ? " dashed" : "";
        return $"mark {mark.Hue.ToString().ToLowerInvariant()}{dashed}{(isOpen ? " open" : "")}";
    }

    /// <summary>What the panel shows, for those who do not see it.</summary>
    private static string LabelOf(Panel panel, Datum[] seen)
    {
        string what = panel.Y is RowAxis rows ? $"{panel.X.Title}, {rows.Rows.Count} {rows.Title}" : $"{panel.Y.Title} by {panel.X.Title}";
        var parts =
            from mark in panel.Marks
            where mark is Points or Line or Area
            let data = mark.Data.Where(datum => datum.IsFinite).ToArray()
            where data.Length > 0
            select $"{mark.Name} {Course(data, mark is Area, panel.Y is RowAxis)}".Trim();
        int open = seen.Count(datum => datum.IsOpen);
        string state = open == 0 ? "" : $"; {open} {Figures.Unconverged}";
        return Figures.Minus($"{panel.Name} {what}: {string.Join("; ", parts)}{state}.".Trim());
    }

    private static string Course(Datum[] data, bool isArea, bool hasRows)
    {
        string Of(Datum datum, bool isX) => Figures.Plain(isX ? datum.X : datum.Y, 3);
        return isArea ? $"highest at {Of(data.MaxBy(datum => datum.Y), true)}" : $"from {Of(data[0], hasRows)} to {Of(data[^1], hasRows)}";
    }

    /// <summary>As large as points can be side by side.</summary>
    private double Radius(Panel panel)
    {
        double points = panel.Marks.OfType<Points>().Sum(mark => mark.Data.Count);
        double rows = panel.Y is RowAxis axis ? axis.Rows.Count : 1;
        double width = _across is RankScale ranks ? ranks.Slot : (_frame.Right - _frame.Left) * rows / Math.Max(1, points);
        return Math.Clamp(width / 3, 1.5, 4.5);
    }

    private void Draw(Mark mark)
    {
        switch (mark)
        {
            case Points points:
                foreach (var datum in points.Data.Where(datum => datum.IsFinite))
                {
                    DrawPoint(points, datum);
                }

                break;
            case Line line:
                DrawLine(line);
                break;
            case Area area:
                DrawArea(area);
                break;
            case Band { IsDrawn: true } band:
                DrawBand(band);
                break;
            case Rug rug:
                var places = rug.At.Where(double.IsFinite).Select(x => Math.Round(2 * _across.Map(x)) / 2);
                _svg.Strokes(places.Distinct().Order(), _frame.Bottom - 7, _frame.Bottom, "rug");
                break;
            case Rule rule when _up.Map(rule.At) is var y && y < _frame.Bottom && y > _frame.Top:
                _svg.Group("guide", rule.Name).Line(new(_frame.Left, y), new(_frame.Right, y), "reference").End();
                break;
        }
    }

    private void DrawPoint(Points mark, Datum datum)
    {
        var at = Place(datum);
        double zero = _hasRows ? 0 : _up.Map(0);
        _svg.Group($"datum {ClassOf(mark, datum.IsOpen)}", datum.Title);
        if (mark.HasStems)
        {
            _svg.Line(new(at.X, zero), at, "stem");
        }

        _svg.Dot(at, _radius);
        DrawErrorBar(datum, at);
        if (datum.Text is { } text)
        {
            bool left = at.X < (_frame.Left + _frame.Right) / 2;
            double y = at.Y <= zero ? at.Y - 10 : Math.Min(at.Y + 19, _frame.Bottom + 3);
            double x = left ? Math.Max(_frame.Left, at.X - 5) : Math.Min(_frame.Right, at.X + 5);
            _svg.Text(new(x, y), left ? "start" : "end", text, "value");
        }

        _svg.End();
    }

    /// <summary>A bar with caps along the axis of numbers, drawn where it reaches beyond its point.</summary>
    private void DrawErrorBar(Datum datum, Point at)
    {
        var (scale, value) = _hasRows ? (_across, datum.X) : (_up, datum.Y);
        var (low, high) = (scale.Map(value - datum.Error), scale.Map(value + datum.Error));
        if (!(datum.Error > 0) || Math.Abs(high - low) <= 2 * _radius)
        {
            return;
        }

        double cap = Math.Max(1.5, 0.7 * _radius);
        Point Turned(double along, double aside) => _hasRows ? new(along, at.Y + aside) : new(at.X + aside, along);
        _svg.Line(Turned(low, 0), Turned(high, 0), "bar");
        _svg.Line(Turned(low, -cap), Turned(low, cap), "bar").Line(Turned(high, -cap), Turned(high, cap), "bar");
    }

    private void DrawLine(Line line)
    {
        Datum[] known = [.. line.Data.Where(datum => datum.IsFinite)];
        double radius = known.Length <= 40 ? 3 : 1.5;
        _svg.Group(ClassOf(line)).Path(Thinned.Columns([.. known.Select(Place)]), "curve");
        foreach (var datum in known)
        {
            _svg.Group("datum", datum.Title).Dot(Place(datum), radius, line.IsDashed);
            if (line.HasBars)
            {
                DrawErrorBar(datum, Place(datum));
            }

            _svg.End();
        }

        _svg.End();
    }

    /// <summary>An area with the line above it, but for what the axis cuts off.</summary>
    private void DrawArea(Area area)
    {
        var curve = Thinned.Columns([.. area.Data.Where(datum => datum.IsFinite).Select(Place)]);
        if (curve.Count == 0)
        {
            return;
        }

        _svg.Group(ClassOf(area));
        _svg.Path([new(curve[0].X, _frame.Bottom), .. curve, new(curve[^1].X, _frame.Bottom)], "area", closed: true);
        foreach (var run in Thinned.Runs(curve, _frame.Bottom))
        {
            _svg.Path(run, "curve");
        }

        _svg.End();
    }

    private void DrawBand(Band band)
    {
        Datum[] known = [.. band.Data.Where(datum => datum.IsFinite)];
        var upper = Thinned.Columns([.. known.Select(datum => Place(datum with { Y = datum.Y + datum.Error }))]);
        var lower = Thinned.Columns([.. known.Select(datum => Place(datum with { Y = datum.Y - datum.Error }))]);
        _svg.Group(ClassOf(band)).Path([.. upper, .. lower.Reverse()], "band", closed: true).End();
    }

    private Point Place(Datum datum) => new(_across.Map(datum.X), _up.Map(datum.Y));
}
