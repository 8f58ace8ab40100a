namespace Quotient.Reports.Charts;

/// <summary>Draws a <see cref="HeatMap"/> as SVG: names at the left and below, a cell for each number, the scale of colours at the foot.</summary>
internal sealed class HeatMapDrawing
{
    private const double LongestName = 104, LargestCell = 64, Gap = 5, Foot = 62, Top = 6, Margin = 14, SmallCharacter = 6.2;
    private const double BarHeight = 10, BarWidth = 180;

    /// <summary>From this share of the scale on, text stands on a deep colour.</summary>
    private const double Deep = 0.5;

    private readonly HeatMap _map;
    private readonly Svg _svg;
    private readonly double _left, _cellWidth, _cellHeight, _low, _high, _namesHeight;
    private readonly bool _standing, _hasTexts;

    private HeatMapDrawing(HeatMap map, ChartSize size)
    {
        var known = map.Known.ToArray();
        (_map, _low, _high) = (map, Or(map.Low, known.Min()), Or(map.High, known.Max()));
        _left = LeftOf(map);
        (_cellWidth, _cellHeight) = CellOf(map, size.Width);
        _standing = Stands(map, _cellWidth);
        _hasTexts = (known.Max(value => map.TextOf(value).Length) * SmallCharacter) + 2 <= _cellWidth && _cellHeight >= 14;
        _namesHeight = NamesHeight(map, _cellWidth);
        _svg = new(size, LabelOf(known));
        DrawNames();
        DrawCells();
        DrawScale();
    }

    private double Right => PlaceOf(_map.Columns, _map.Columns.Names.Count - 1, _left, _cellWidth) + _cellWidth;

    private double Bottom => PlaceOf(_map.Rows, _map.Rows.Names.Count - 1, Top, _cellHeight) + _cellHeight;

    /// <summary>A map at a size; null where it has no number.</summary>
    public static string? Draw(HeatMap map, ChartSize size) => map.Known.Any() ? new HeatMapDrawing(map, size)._svg.Finish() : null;

    /// <summary>The height that a map takes at a width.</summary>
    public static double HeightOf(HeatMap map, double width)
    {
        var (cell, height) = CellOf(map, width);
        return Math.Ceiling(Top + (height * map.Rows.Names.Count) + (Gap * map.Rows.Gaps.Count) + NamesHeight(map, cell) + Foot);
    }

    private static double Or(double given, double otherwise) => double.IsNaN(given) ? otherwise : given;

    private static double LeftOf(HeatMap map) => 10 + Longest(map.Rows);

    private static double Longest(NameAxis axis) => Math.Min(LongestName, axis.Names.Max(name => name.Length) * Frame.CharacterWidth);

    /// <summary>Square cells as wide as there is room for, flatter where names are few.</summary>
    private static (double Width, double Height) CellOf(HeatMap map, double width)
    {
        double room = width - LeftOf(map) - Margin - (Gap * map.Columns.Gaps.Count), cell = Math.Min(LargestCell, room / map.Columns.Names.Count);
        return (cell, Math.Min(cell, 40));
    }

    /// <summary>Whether the names of columns stand upright, since they are wider than their cells.</summary>
    private static bool Stands(HeatMap map, double cell) => Longest(map.Columns) + 4 > cell;

    private static double NamesHeight(HeatMap map, double cell) => Stands(map, cell) ? Longest(map.Columns) + 14 : 24;

    private static double PlaceOf(NameAxis axis, int index, double from, double cell) =>
        from + (index * cell) + (Gap * axis.Gaps.Count(gap => gap <= index));

    /// <summary>What the map shows, for those who do not see it.</summary>
    private string LabelOf(double[] known)
    {
        string range = $"from {_map.TextOf(known.Min())} to {_map.TextOf(known.Max())}";
        string size = $"{_map.Rows.Names.Count} {_map.Rows.Title} by {_map.Columns.Names.Count} {_map.Columns.Title}";
        return $"{_map.Name} {_map.Quantity}, {size}: {range}.".Trim();
    }

    private void DrawNames()
    {
        _svg.Group("axis");
        foreach (var (i, name) in _map.Rows.Names.Index())
        {
            double y = PlaceOf(_map.Rows, i, Top, _cellHeight) + (_cellHeight / 2);
            _svg.Text(new(_left - 8, y + 4), "end", Frame.Fit(name, LongestName), "tick");
        }

        foreach (var (i, name) in _map.Columns.Names.Index())
        {
            double x = PlaceOf(_map.Columns, i, _left, _cellWidth) + (_cellWidth / 2);
            string text = Frame.Fit(name, LongestName);
            _ = _standing ? _svg.Upright(new(x + 4, Bottom + 8), text, "tick") : _svg.Text(new(x, Bottom + 18), "middle", text, "tick");
        }

        _svg.End();
    }

    private void DrawCells()
    {
        _svg.Group($"cells {_map.Hue.ToString().ToLowerInvariant()}");
        foreach (var (row, values) in _map.Values.Index())
        {
            foreach (var (column, value) in values.Index())
            {
                DrawCell(row, column, value);
            }
        }

        _svg.End();
    }

    private void DrawCell(int row, int column, double value)
    {
        Point at = new(PlaceOf(_map.Columns, column, _left, _cellWidth), PlaceOf(_map.Rows, row, Top, _cellHeight));
        string names = $"{_map.Rows.Names[row]}, {_map.Columns.Names[column]}";
        if (!double.IsFinite(value))
        {
            _svg.Group("cell missing", $"{names}: {Figures.Missing}").Cell(at, _cellWidth - 1, _cellHeight - 1).End();
            return;
        }

        string text = _map.TextOf(value);
        double share = ShareOf(value);
        _svg.Group("cell", $"{names}: {text}").Cell(at, _cellWidth - 1, _cellHeight - 1, share);
        if (_hasTexts)
        {
            Point middle = new(at.X + (_cellWidth / 2) - 0.5, at.Y + (_cellHeight / 2) + 3.5);
            _svg.Text(middle, "middle", text, share >= Deep ? "small deep" : "small");
        }

        _svg.End();
    }

    /// <summary>Where a number lies between the lowest, 0, and the highest, 1.</summary>
    private double ShareOf(double value) => _high > _low ? Math.Clamp(((value / 2) - (_low / 2)) / ((_high / 2) - (_low / 2)), 0, 1) : 0.5;

    /// <summary>All colours from lowest to highest, with both numbers, under what they are.</summary>
    private void DrawScale()
    {
        const int Steps = 30;
        double y = Bottom + _namesHeight + 22, width = Math.Min(BarWidth, Right - _left), step = width / Steps;
        _svg.Group($"cells scale {_map.Hue.ToString().ToLowerInvariant()}");
        _svg.Text(new(_left, y - 7), "start", _map.Quantity, "title");
        for (int i = 0; i < Steps && _high > _low; i++)
        {
            _svg.Cell(new(_left + (i * step), y), step, BarHeight, (i + 0.5) / Steps);
        }

        _svg.Text(new(_left, y + BarHeight + 14), "start", _map.TextOf(_low), "tick");
        if (_high > _low)
        {
            _svg.Text(new(_left + width, y + BarHeight + 14), "end", _map.TextOf(_high), "tick");
        }

        _svg.End();
    }
}
