using System.Globalization;

namespace Quotient.Reports.Charts;

/// <summary>The size that a panel is drawn at, and the class that shows it on wide or on narrow pages.</summary>
internal readonly record struct ChartSize(double Width, double Height, string Class);

/// <summary>A point of a drawing.</summary>
internal readonly record struct Point(double X, double Y);

/// <summary>An inline SVG drawing. Colours and widths come from the page's style by class.</summary>
internal sealed class Svg
{
    private readonly Markup _markup = new();

    /// <summary>Opens a drawing.</summary>
    /// <param name="size">Its size, in the units of its coordinates.</param>
    /// <param name="label">What it shows, for those who do not see it; null where it only decorates.</param>
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
        _ = title is null ? _markup : _markup.Leaf("title", title);
        return this;
    }

    /// <summary>Closes the group that was opened last.</summary>
    public Svg End()
    {
        _markup.Close();
        return this;
    }

    public Svg Line(Point from, Point to, string cssClass) =>
        Shape("line", cssClass, ("x1", from.X), ("y1", from.Y), ("x2", to.X), ("y2", to.Y));

    public Svg Circle(Point centre, double radius, string cssClass) =>
        Shape("circle", cssClass, ("cx", centre.X), ("cy", centre.Y), ("r", radius));

    /// <summary>A square about a point.</summary>
    public Svg Square(Point centre, double half, string cssClass) =>
        Shape("rect", cssClass, ("x", centre.X - half), ("y", centre.Y - half), ("width", 2 * half), ("height", 2 * half));

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

    /// <summary>Text whose baseline passes through a point.</summary>
    /// <param name="at">The point.</param>
    /// <param name="anchor">Which part of the text stands there: <c>start</c>, <c>middle</c> or <c>end</c>.</param>
    /// <param name="text">The text.</param>
    /// <param name="cssClass">Its class.</param>
    public Svg Text(Point at, string anchor, string text, string cssClass)
    {
        _markup.Leaf("text", text, ("class", cssClass), ("x", Number(at.X)), ("y", Number(at.Y)), ("text-anchor", anchor));
        return this;
    }

    /// <summary>Closes the drawing.</summary>
    public string Finish() => _markup.Close().ToString();

    private Svg Path(string steps, string cssClass)
    {
        _markup.Void("path", ("class", cssClass), ("d", steps));
        return this;
    }

    private Svg Shape(string tag, string cssClass, params ReadOnlySpan<(string Name, double Value)> places)
    {
        _markup.Void(tag, [("class", cssClass), .. places.ToArray().Select(place => (place.Name, Number(place.Value)))]);
        return this;
    }

    private static string Number(double coordinate) => coordinate.ToString("0.##", CultureInfo.InvariantCulture);
}
