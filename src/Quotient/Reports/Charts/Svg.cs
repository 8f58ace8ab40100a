using System.Globalization;
using System.Text;

namespace Quotient.Reports.Charts;

/// <summary>The size that a chart is drawn at, and the class that shows it on wide or on narrow pages.</summary>
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
        if (title is not null)
        {
            _markup.Leaf("title", title);
        }

        return this;
    }

    /// <summary>Closes the group that was opened last.</summary>
    public Svg End()
    {
        _markup.Close();
        return this;
    }

    public Svg Line(Point from, Point to, string cssClass)
    {
        _markup.Void(
            "line", ("class", cssClass), ("x1", Number(from.X)), ("y1", Number(from.Y)), ("x2", Number(to.X)), ("y2", Number(to.Y)));
        return this;
    }

    public Svg Circle(Point centre, double radius, string cssClass)
    {
        _markup.Void(
            "circle", ("class", cssClass), ("cx", Number(centre.X)), ("cy", Number(centre.Y)), ("r", Number(radius)));
        return this;
    }

    /// <summary>A square about a point.</summary>
    public Svg Square(Point centre, double half, string cssClass)
    {
        _markup.Void(
            "rect", ("class", cssClass), ("x", Number(centre.X - half)), ("y", Number(centre.Y - half)), ("width", Number(2 * half)),
            ("height", Number(2 * half)));
        return this;
    }

    /// <summary>A line through points; closed, an area.</summary>
    public Svg Path(IReadOnlyList<Point> points, string cssClass, bool closed = false)
    {
        if (points.Count < 2)
        {
            return this;
        }

        var data = new StringBuilder();
        for (int i = 0; i < points.Count; i++)
        {
            data.Append(i == 0 ? 'M' : 'L').Append(Number(points[i].X)).Append(' ').Append(Number(points[i].Y));
        }

        _markup.Void("path", ("class", cssClass), ("d", closed ? data.Append('Z').ToString() : data.ToString()));
        return this;
    }

    /// <summary>Short upright strokes at the given places, all in one path.</summary>
    public Svg Strokes(IEnumerable<double> xs, double top, double bottom, string cssClass)
    {
        string data = string.Concat(xs.Select(x => $"M{Number(x)} {Number(top)}V{Number(bottom)}"));
        if (data.Length > 0)
        {
            _markup.Void("path", ("class", cssClass), ("d", data));
        }

        return this;
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

    private static string Number(double coordinate) => coordinate.ToString("0.##", CultureInfo.InvariantCulture);
}
