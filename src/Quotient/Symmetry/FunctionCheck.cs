using Quotient.Backends;
using Quotient.Linearisation;

namespace Quotient.Symmetry;

/// <summary>How far two models that should compute the same function are from it.</summary>
/// <param name="LargestDifference">The largest difference of two outputs, relative to the largest output.</param>
/// <param name="ClassesChanged">Samples of which the models say different classes.</param>
/// <param name="Samples">The number of samples compared.</param>
/// <param name="Inputs">What they are, in words.</param>
public sealed record FunctionCheck(double LargestDifference, int ClassesChanged, int Samples, string Inputs)
{
    private const int RandomSamples = 256;

    /// <summary>Compares outputs in double precision, on data or, without any, on standard normal inputs.</summary>
    /// <param name="engine">The device.</param>
    /// <param name="first">A model.</param>
    /// <param name="second">The other.</param>
    /// <param name="scale">The second's outputs are multiplied by it.</param>
    /// <param name="data">The samples.</param>
    /// <param name="ignoresShift">Whether what is added to all outputs of a sample counts as no difference.</param>
    /// <param name="progress">Is told the share that is done.</param>
    /// <param name="cancellationToken">Stops it between two chunks of samples.</param>
    public static FunctionCheck Of(
        Engine engine, Model first, Model second, double scale = 1, Dataset? data = null, bool ignoresShift = false,
        IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        using var pass = engine.Backend.Gate.Enter();
        data ??= RandomInputs(first.Network);
        int classes = first.Network.Output.Size;
        double[] one = NetworkOutputs.Of<double>(engine, first, data, progress, cancellationToken);
        double[] other = Array.ConvertAll(NetworkOutputs.Of<double>(engine, second, data, progress, cancellationToken), value => scale * value);
        int changed = NetworkOutputs.ClassesOf<double>(one, classes).Zip(NetworkOutputs.ClassesOf<double>(other, classes)).Count(pair => pair.First != pair.Second);
        if (ignoresShift)
        {
            Centre(one, classes);
            Centre(other, classes);
        }

        double largest = one.Max(Math.Abs), difference = one.Zip(other, (x, y) => Math.Abs(x - y)).Max();
        return new(difference == 0 ? 0 : difference / largest, changed, data.Count, data.Name);
    }

    /// <summary>Standard normal inputs of a network, the same each time.</summary>
    public static Dataset RandomInputs(Network network)
    {
        int width = network.Input.Size;
        double[] values = new double[RandomSamples * width];
        for (int i = 0; i < values.Length; i += 2)
        {
            var (x, y) = Philox.Normals(0, Spectra.RandomStreams.Symmetry, (ulong)i);
            values[i] = x;
            values[Math.Min(i + 1, values.Length - 1)] = y;
        }

        return Dataset.Classification(
            $"{RandomSamples} standard normal inputs", network.Input, Data.SampleStore.Doubles(values, width), new int[RandomSamples], network.Output.Size);
    }

    private static void Centre(double[] outputs, int classes)
    {
        for (int row = 0; row < outputs.Length; row += classes)
        {
            double mean = outputs.AsSpan(row, classes).ToArray().Average();
            for (int c = 0; c < classes; c++)
            {
                outputs[row + c] -= mean;
            }
        }
    }
}
