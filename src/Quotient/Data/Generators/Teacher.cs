namespace Quotient.Data.Generators;

/// <summary>
/// The outputs of another network: x ~ N(0, 1)^inputs, f(x) = B relu(A x) with A ~ N(0, 2 / inputs) and B ~ N(0, 2 / width), both
/// the same for all samples and splits. The targets are f(x) + noise · N(0, 1); with <c>classes</c>, the greatest of as many.
/// </summary>
internal sealed class Teacher(Parameters parameters) : Generator(parameters, 1000)
{
    private readonly int _inputs = parameters.Whole("inputs", 10, 1, 100_000);
    private readonly int _width = parameters.Whole("width", 16, 1, 100_000);
    private readonly int _outputs = parameters.Whole("outputs", 1, 1, 10_000);
    private readonly int _classes = parameters.Whole("classes", 0, 0, 10_000);
    private readonly double _noise = parameters.Real("noise", 0, 0, 1e6);

    protected override Dataset Generate(string name, int samples, PhiloxStream common, Func<int, PhiloxStream> streamOf)
    {
        int outputs = _classes > 0 ? Math.Max(_classes, 2) : _outputs;
        long values = (long)Math.Max(samples, _width) * Math.Max(_inputs, outputs);
        QuotientException.ThrowIf(
            values > Array.MaxLength, $"data '{name}' would have {values} values, more than the {Array.MaxLength} that are supported");
        double[] first = Weights(common, _width, _inputs), second = Weights(common, outputs, _width);
        float[] inputs = new float[samples * _inputs], targets = new float[samples * outputs];
        for (int i = 0; i < samples; i++)
        {
            var random = streamOf(i);
            var x = inputs.AsSpan(i * _inputs, _inputs);
            foreach (ref float value in x)
            {
                value = (float)random.Normal();
            }

            double[] hidden = Product(first, Array.ConvertAll(x.ToArray(), value => (double)value));
            double[] y = Product(second, Array.ConvertAll(hidden, value => Math.Max(value, 0)));
            for (int k = 0; k < outputs; k++)
            {
                targets[(i * outputs) + k] = (float)(y[k] + (_noise * random.Normal()));
            }
        }

        var store = SampleStore.Floats(inputs, _inputs);
        return _classes > 0
            ? Dataset.Classification(name, new(_inputs), store, Greatest(targets, outputs), outputs)
            : Dataset.Regression(name, new(_inputs), store, SampleStore.Floats(targets, outputs));
    }

    private static double[] Weights(PhiloxStream random, int rows, int columns) =>
        [.. Enumerable.Range(0, rows * columns).Select(_ => Math.Sqrt(2.0 / columns) * random.Normal())];

    private static double[] Product(double[] matrix, double[] vector)
    {
        double[] product = new double[matrix.Length / vector.Length];
        for (int row = 0; row < product.Length; row++)
        {
            for (int column = 0; column < vector.Length; column++)
            {
                product[row] += matrix[(row * vector.Length) + column] * vector[column];
            }
        }

        return product;
    }

    private static int[] Greatest(float[] scores, int classes) =>
        [.. scores.Chunk(classes).Select(row => Array.IndexOf(row, row.Max()))];
}
