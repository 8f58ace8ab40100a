namespace Quotient.Reports.Charts;

/// <summary>The size that a panel is drawn at, and the class that shows it on wide or on narrow pages.</summary>
internal readonly record struct ChartSize(double Width, double Height, string Class);

/// <summary>A point of a drawing.</summary>
internal readonly record struct Point(double X, double Y);

/// <summary>An inline SVG drawing. Colours and widths come from the page's style by class.</summary>
internal sealed class Svg
{
    private readonly Markup _markup = new();

    /// <summary>Opens a drawing that shows what <paramref name="label"/> says to those who do not see it; null where it only decorates.</summary>
    public Svg(ChartSize size, string? label)
    {
        string box = $"0 0 {Number(size.Width)} {Number(size.Height)}";
        (string, string)[] spoken = label is null ? [("aria-hidden", "true")] : [("role", "img"), ("aria-label", label)];
        _markup.Open(
            "svg", [("xmlns", "http://www.w3.org/2000/svg"), ("class", $"chart {size.Class}"), ("viewBox", box), .. spoken]);
    }

    /// <summary>Opens a group, which a pointer resting on it explains.</summary>
    public Svg Group(string cssClass, string? title = null)
    {
        _markup.Line().Open("g", ("class", cssClass));
        return title is null ? this : With(_markup.Leaf("title", title));
    }

    /// <summary>Closes the group that was opened last.</summary>
    public Svg End() => With(_markup.Close());

    public Svg Line(Point from, Point to, string cssClass) =>
        Shape("line", cssClass, ("x1", from.X), ("y1", from.Y), ("x2", to.X), ("y2", to.Y));

    /// <summary>A point of data: a disc, or a square of about its size.</summary>
    public Svg Dot(Point at, double radius, bool isSquare = false)
    {
        double half = 0.9 * radius;
        return isSquare
            ? Shape("rect", "point", ("x", at.X - half), ("y", at.Y - half), ("width", 2 * half), ("height", 2 * half))
            : Shape("circle", "point", ("cx", at.X), ("cy", at.Y), ("r", radius));
    }

    /// <summary>A line through points; closed, an area.</summary>
    public Svg Path(IReadOnlyList<Point> points, string cssClass, bool closed = false)
    {
        string steps = string.Join('L', points.Select(point => $"{Number(point.X)} {Number(point.Y)}"));
        return points.Count < 2 ? this : Path($"M{steps}{(closed ? "Z" : "")}", cssClass);
    }

    /// <summary>Short upright strokes at the given places, all in one path.</summary>
    public Svg Strokes(IEnumerable<double> xs, double top, double bottom, string cssClass)
    {
        string steps = string.Concat(xs.Select(x => $"M{Number(x)} {Number(top)}V{Number(bottom)}"));
        return steps.Length == 0 ? this : Path(steps, cssClass);
    }

    /// <summary>Text whose <paramref name="anchor"/> (<c>start</c>, <c>middle</c> or <c>end</c>) stands at a point, on its baseline.</summary>
    public Svg Text(Point at, string anchor, string text, string cssClass) =>
        With(_markup.Leaf("text", text, ("class", cssClass), ("x", Number(at.X)), ("y", Number(at.Y)), ("text-anchor", anchor)));

    /// <summary>Text that is read from below, its end at a point.</summary>
    public Svg Upright(Point at, string text, string cssClass) => With(_markup.Leaf(
        "text", text, ("class", cssClass), ("text-anchor", "end"), ("transform", $"translate({Number(at.X)} {Number(at.Y)}) rotate(-90)")));

    /// <summary>A rectangle whose colour has a share of its depth; without one, as the style says.</summary>
    public Svg Cell(Point at, double width, double height, double? share = null)
    {
        (string, string)[] depth = share is { } part ? [("fill-opacity", Number(0.05 + (0.95 * part)))] : [];
        (string, string)[] place = [("x", Number(at.X)), ("y", Number(at.Y)), ("width", Number(width)), ("height", Number(height))];
        return With(_markup.Void("rect", [("class", "field"), .. place, .. depth]));
    }

    /// <summary>Closes the drawing.</summary>
    public string Finish() => _markup.Close().ToString();

    private Svg Path(string steps, string cssClass) => With(_markup.Void("path", ("class", cssClass), ("d", steps)));

    private Svg Shape(string tag, string cssClass, params (string Name, double Value)[] places) =>
        With(_markup.Void(tag, [("class", cssClass), .. places.Select(place => (place.Name, Number(place.Value)))]));

    private Svg With(Markup _) => this;

    private static string Number(double coordinate) => coordinate.ToString("0.##", CultureInfo.InvariantCulture);
}
