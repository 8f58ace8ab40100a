namespace Quotient.Data.Generators;

/// <summary>
/// Classes in the plane that lie along the arms of a spiral: at t uniform in [0, 1), radius r = 0.05 + 0.95 t and angle
/// 2π (turns · t + class / classes), plus noise · N(0, 1) in both coordinates.
/// </summary>
internal sealed class Spirals(Parameters parameters) : Generator(parameters, 1000)
{
    private readonly int _classes = parameters.Whole("classes", 3, 2, 1000);
    private readonly double _turns = parameters.Real("turns", 1, 0, 100);
    private readonly double _noise = parameters.Real("noise", 0.03, 0, 100);

    protected override Dataset Generate(string name, int samples, PhiloxStream common, Func<int, PhiloxStream> streamOf)
    {
        float[] points = new float[2 * samples];
        int[] labels = new int[samples];
        for (int i = 0; i < samples; i++)
        {
            var random = streamOf(i);
            labels[i] = random.Below(_classes);
            double t = random.Uniform(0, 1), radius = 0.05 + (0.95 * t);
            var (sin, cos) = Math.SinCos(2 * Math.PI * ((_turns * t) + ((double)labels[i] / _classes)));
            points[2 * i] = (float)((radius * cos) + (_noise * random.Normal()));
            points[(2 * i) + 1] = (float)((radius * sin) + (_noise * random.Normal()));
        }

        return Dataset.Classification(name, new(2), SampleStore.Floats(points, 2), labels, _classes);
    }
}
