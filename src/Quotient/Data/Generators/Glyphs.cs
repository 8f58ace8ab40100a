namespace Quotient.Data.Generators;

/// <summary>A point of a drawing, or a difference of two; y points down, as in an image.</summary>
internal readonly record struct Point(double X, double Y)
{
    public static Point operator +(Point a, Point b) => new(a.X + b.X, a.Y + b.Y);

    public static Point operator *(double s, Point a) => new(s * a.X, s * a.Y);
}

/// <summary>The ten glyphs: lines and curves in the square from −1 to 1, drawn around what a hand makes of it.</summary>
internal static class Glyphs
{
    public const int Count = 10;

    private const int CurvePieces = 4;

    /// <summary>
    /// The strokes of a glyph as chains of points. A stroke with a corner list is straight; one marked as a curve is a chain of
    /// quadratic Bézier pieces through the midpoints of its corners.
    /// </summary>
    private static readonly (bool Curve, Point[] Corners)[][] Drawings =
    [
        // 0, a ring; 1, an arc open to the right: how far open differs, and little tells a narrow one from a ring.
        [(true, [new(0, -1), new(.9, -1), new(.9, 1), new(-.9, 1), new(-.9, -1), new(0, -1)])],
        [(true, [new(.75, -.65), new(.4, -1), new(-.95, -1), new(-.95, 1), new(.4, 1), new(.75, .65)])],
        // 2, a wave; 3, a zigzag: the same way with and without corners.
        [(true, [new(.7, -.8), new(-.2, -1.25), new(-1.05, -.3), new(1.05, .3), new(.2, 1.25), new(-.7, .8)])],
        [(false, [new(-.75, -.85), new(.75, -.85), new(-.75, .85), new(.75, .85)])],
        // 4, a cross; 5, a tee; 6, a fork: an upright with arms at the middle, at the top, or bent upwards.
        [(false, [new(0, -.95), new(0, .95)]), (false, [new(-.85, -.1), new(.85, -.1)])],
        [(false, [new(0, -.8), new(0, .95)]), (false, [new(-.85, -.8), new(.85, -.8)])],
        [(false, [new(0, 0), new(0, .95)]), (false, [new(-.75, -.9), new(0, 0), new(.75, -.9)])],
        // 7, a triangle; 8, a box.
        [(false, [new(0, -.9), new(.9, .75), new(-.9, .75), new(0, -.9)])],
        [(false, [new(-.75, -.8), new(.75, -.8), new(.75, .8), new(-.75, .8), new(-.75, -.8)])],
        // 9, a hook: a stem with a bowl at its foot, an arc when the stem is short.
        [(true, [new(.3, -.95), new(-.7, -.5), new(-.9, 1.2), new(.9, 1.2), new(.9, -.1), new(-.55, .15)])],
    ];

    /// <summary>The strokes of a glyph, with every corner moved by the hand that draws it.</summary>
    public static IEnumerable<Point[]> Draw(int glyph, Func<Point, Point> hand)
    {
        foreach (var (curve, corners) in Drawings[glyph])
        {
            var moved = Array.ConvertAll(corners, corner => hand(corner));
            yield return curve ? Smooth(moved) : moved;
        }
    }

    private static Point[] Smooth(Point[] corners)
    {
        var points = new List<Point> { corners[0] };
        for (int k = 1; k < corners.Length - 1; k++)
        {
            var start = points[^1];
            var end = k == corners.Length - 2 ? corners[^1] : 0.5 * (corners[k] + corners[k + 1]);
            for (int piece = 1; piece <= CurvePieces; piece++)
            {
                double t = (double)piece / CurvePieces, s = 1 - t;
                points.Add((s * s * start) + (2 * s * t * corners[k]) + (t * t * end));
            }
        }

        return [.. points];
    }
}
