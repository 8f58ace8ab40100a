namespace Quotient.Data.Generators;

/// <summary>
/// Ten classes of small drawn glyphs, 16 × 16 grey pixels: every corner is moved a little, the whole turned, sheared, stretched
/// and shifted, drawn with a pen of random width and blackness, at times with a stray mark, and photographed with noise.
/// Only arithmetic and square roots are used, so that a seed gives the same pixels on every machine.
/// </summary>
internal sealed class Strokes(Parameters parameters) : Generator(parameters, 4000)
{
    private const int Size = 16;
    private readonly double _noise = parameters.Real("noise", 0.06, 0, 10);

    protected override Dataset Generate(string name, int samples, PhiloxStream common, Func<int, PhiloxStream> streamOf)
    {
        QuotientException.ThrowIf(
            samples > Array.MaxLength / (Size * Size),
            $"data '{name}': {samples} samples are too many, expected at most {Array.MaxLength / (Size * Size)}");

        var canvas = new Canvas(Size);
        byte[] pixels = new byte[samples * Size * Size];
        int[] labels = new int[samples];
        for (int i = 0; i < samples; i++)
        {
            var random = streamOf(i);
            labels[i] = random.Below(Glyphs.Count);
            canvas.Clear();
            Draw(canvas, labels[i], random);
            canvas.Develop(random, _noise, pixels.AsSpan(i * Size * Size, Size * Size));
        }

        return Dataset.Classification(
            name, new(1, Size, Size), SampleStore.Bytes(pixels, Size * Size, 255), labels, Glyphs.Count);
    }

    private static void Draw(Canvas canvas, int glyph, PhiloxStream random)
    {
        double ink = random.Uniform(0.6, 1), radius = random.Uniform(0.4, 1.2);
        var place = Placement(random);
        foreach (var stroke in Glyphs.Draw(glyph, corner => place(corner + Jitter(random, 0.09))))
        {
            for (int k = 1; k < stroke.Length; k++)
            {
                canvas.Draw(stroke[k - 1], stroke[k], radius, ink);
            }
        }

        if (random.Uniform(0, 1) < 0.2)
        {
            var start = new Point(random.Uniform(0, Size), random.Uniform(0, Size));
            canvas.Draw(start, start + Jitter(random, 3), random.Uniform(0.2, 0.6), ink * random.Uniform(0.4, 0.9));
        }
    }

    /// <summary>From the square of −1 to 1 to pixels: turned, sheared, stretched and shifted.</summary>
    private static Func<Point, Point> Placement(PhiloxStream random)
    {
        // Tangent of half the angle: sine and cosine are then quotients, without rounding that differs between machines.
        double t = 0.07 * random.Bell(), sin = 2 * t / (1 + (t * t)), cos = (1 - (t * t)) / (1 + (t * t));
        double shear = 0.1 * random.Bell(), width = random.Uniform(4.5, 6.2), height = width * random.Uniform(0.85, 1.15);
        var centre = new Point((Size / 2) + (0.6 * random.Bell()), (Size / 2) + (0.5 * random.Bell()));
        return point =>
        {
            double x = width * (point.X + (shear * point.Y)), y = Math.Min(height, 6.4) * point.Y;
            return centre + new Point((cos * x) - (sin * y), (sin * x) + (cos * y));
        };
    }

    private static Point Jitter(PhiloxStream random, double spread) => new(spread * random.Bell(), spread * random.Bell());
}
