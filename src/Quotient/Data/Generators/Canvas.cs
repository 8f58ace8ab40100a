namespace Quotient.Data.Generators;

/// <summary>A small grey image that strokes are drawn on; ink does not add up where they cross.</summary>
internal sealed class Canvas(int size)
{
    private readonly double[] _ink = new double[size * size];

    public void Clear() => Array.Clear(_ink);

    /// <summary>
    /// Draws the segment from a to b, in pixels: ink within the radius, fading linearly over a pixel and a half around its edge.
    /// </summary>
    public void Draw(Point a, Point b, double radius, double ink)
    {
        const double edge = 1.5;
        double reach = radius + (edge / 2);
        int left = Inside(Math.Min(a.X, b.X) - reach), right = Inside(Math.Max(a.X, b.X) + reach);
        int top = Inside(Math.Min(a.Y, b.Y) - reach), bottom = Inside(Math.Max(a.Y, b.Y) + reach);
        for (int y = top; y <= bottom; y++)
        {
            for (int x = left; x <= right; x++)
            {
                double cover = Math.Min((reach - Distance(new(x + 0.5, y + 0.5), a, b)) / edge, 1);
                ref double pixel = ref _ink[(y * size) + x];
                pixel = Math.Max(pixel, ink * cover);
            }
        }
    }

    public void Develop(PhiloxStream random, double noise, Span<byte> pixels)
    {
        for (int i = 0; i < pixels.Length; i++)
        {
            double light = _ink[i] + (noise * random.Bell());
            pixels[i] = (byte)((255 * Math.Clamp(light, 0, 1)) + 0.5);
        }
    }

    private int Inside(double at) => (int)Math.Clamp(at, 0, size - 1);

    private static double Distance(Point p, Point a, Point b)
    {
        double dx = b.X - a.X, dy = b.Y - a.Y, px = p.X - a.X, py = p.Y - a.Y;
        double length = (dx * dx) + (dy * dy);
        double t = length > 0 ? Math.Clamp(((px * dx) + (py * dy)) / length, 0, 1) : 0;
        px -= t * dx;
        py -= t * dy;
        return Math.Sqrt((px * px) + (py * py));
    }
}
