namespace Quotient.Reports.Charts;

/// <summary>The key to a chart's marks; it names only what is drawn.</summary>
internal static class Legend
{
    /// <summary>Adds the key as a list; none for points of one kind.</summary>
    public static void Write(Markup page, Chart chart)
    {
        Mark[] marks = [.. chart.Panels.SelectMany(panel => panel.Marks)];
        var items = marks.Where(mark => mark.Name.Length > 0 && mark.IsDrawn).DistinctBy(mark => mark.Name)
            .Select(mark => (Swatch: Swatch(mark), mark.Name)).ToList();
        if (marks.FirstOrDefault(mark => mark.Data.Any(datum => datum.IsOpen && datum.IsFinite)) is { } open)
        {
            items.Add((Dot(Drawing.ClassOf(open, isOpen: true)), Figures.Unconverged));
        }

        if (items.Count == 0 || (items.Count == 1 && marks.All(mark => mark is Points)))
        {
            return;
        }

        page.Open("ul", ("class", "legend"));
        items.ForEach(item => page.Open("li").Raw(item.Swatch).Text(item.Name).Close());
        page.Close();
    }

    private static string Swatch(Mark mark) => mark is Points ? Dot(Drawing.ClassOf(mark)) : Draw(26, "swatch", svg => mark switch
    {
        Line line => svg.Group(Drawing.ClassOf(line)).Line(new(0, 7), new(26, 7), "curve").Dot(new(13, 7), 3, line.IsDashed).End(),
        Area => svg.Group(Drawing.ClassOf(mark)).Path(Box(4, 13), "area", closed: true).Line(new(0, 4), new(26, 4), "curve").End(),
        Band => svg.Group(Drawing.ClassOf(mark)).Path(Box(2, 12), "band", closed: true).End(),
        Rug => svg.Strokes([5, 9, 17, 21], 3, 11, "rug"),
        _ => svg.Line(new(0, 7), new(26, 7), "reference"),
    });

    private static string Dot(string cssClass) => Draw(14, "swatch dot", svg => svg.Group(cssClass).Dot(new(7, 7), 4.5).End());

    private static Point[] Box(double top, double bottom) => [new(0, top), new(26, top), new(26, bottom), new(0, bottom)];

    private static string Draw(double width, string cssClass, Func<Svg, Svg> content) =>
        content(new Svg(new(width, 14, cssClass), label: null)).Finish();
}
