namespace Quotient.Reports.Charts;

/// <summary>The key to a chart's marks; it names only what is drawn.</summary>
internal static class Legend
{
    private static readonly ChartSize Wide = new(26, 14, "swatch");
    private static readonly ChartSize Square = new(14, 14, "swatch dot");

    /// <summary>Adds the key as a list; none for points of one kind.</summary>
    public static void Write(Markup page, Chart chart)
    {
        var items = Items(chart).DistinctBy(item => item.Name).ToArray();
        if (items.Length == 0 || (items.Length == 1 && chart.Panels.All(panel => panel.Marks.All(mark => mark is Points))))
        {
            return;
        }

        page.Open("ul", ("class", "legend"));
        foreach (var (swatch, name) in items)
        {
            page.Open("li").Raw(swatch).Text(name).Close();
        }

        page.Close();
    }

    private static IEnumerable<(string Swatch, string Name)> Items(Chart chart)
    {
        Mark[] marks = [.. chart.Panels.SelectMany(panel => panel.Marks)];
        foreach (var mark in marks.Where(mark => mark.Name.Length > 0 && mark.Data.Any(datum => !datum.IsOpen)))
        {
            yield return (Swatch(mark), mark.Name);
        }

        if (marks.FirstOrDefault(mark => mark.Data.Any(datum => datum.IsOpen)) is { } open)
        {
            yield return (Dot(Drawing.ClassOf(open, isOpen: true)), Figures.Unconverged);
        }
    }

    private static string Swatch(Mark mark) => mark switch
    {
        Points => Dot(Drawing.ClassOf(mark)),
        Line line => Draw(Wide, svg => DrawLine(svg, line)),
        Area => Draw(Wide, svg => DrawArea(svg, mark)),
        Band => Draw(Wide, svg => svg.Group(Drawing.ClassOf(mark)).Path(Box(2, 12), "band", closed: true).End()),
        Rug => Draw(Wide, svg => svg.Strokes([5, 9, 17, 21], 3, 11, "rug")),
        _ => Draw(Wide, svg => svg.Line(new(0, 7), new(26, 7), "reference")),
    };

    private static string Dot(string cssClass) => Draw(Square, svg => svg.Group(cssClass).Circle(new(7, 7), 4.5, "point").End());

    private static void DrawArea(Svg svg, Mark area) =>
        svg.Group(Drawing.ClassOf(area)).Path(Box(4, 13), "area", closed: true).Line(new(0, 4), new(26, 4), "curve").End();

    private static void DrawLine(Svg svg, Line line)
    {
        svg.Group(Drawing.ClassOf(line)).Line(new(0, 7), new(26, 7), "curve");
        _ = line.IsDashed ? svg.Square(new(13, 7), 2.7, "point") : svg.Circle(new(13, 7), 3, "point");
        svg.End();
    }

    private static Point[] Box(double top, double bottom) => [new(0, top), new(26, top), new(26, bottom), new(0, bottom)];

    private static string Draw(ChartSize size, Action<Svg> content)
    {
        var svg = new Svg(size, label: null);
        content(svg);
        return svg.Finish();
    }
}
