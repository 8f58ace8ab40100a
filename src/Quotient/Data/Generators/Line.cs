namespace Quotient.Data.Generators;

/// <summary>Points about a line: x uniform in [−1, 1), y = slope · x + intercept + noise · N(0, 1).</summary>
internal sealed class Line(Parameters parameters) : Generator(parameters, 200)
{
    private readonly double _slope = parameters.Real("slope", 2, -1e6, 1e6);
    private readonly double _intercept = parameters.Real("intercept", -0.5, -1e6, 1e6);
    private readonly double _noise = parameters.Real("noise", 0.1, 0, 1e6);

    protected override Dataset Generate(string name, int samples, PhiloxStream common, Func<int, PhiloxStream> streamOf)
    {
        float[] x = new float[samples], y = new float[samples];
        for (int i = 0; i < samples; i++)
        {
            var random = streamOf(i);
            x[i] = (float)random.Uniform(-1, 1);
            y[i] = (float)((_slope * x[i]) + _intercept + (_noise * random.Normal()));
        }

        return Dataset.Regression(name, new(1), SampleStore.Floats(x, 1), SampleStore.Floats(y, 1));
    }
}
