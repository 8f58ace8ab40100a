using Quotient.Data;
using Quotient.Data.Generators;
using Quotient.Linearisation;
using Quotient.Networks.Layers;
using Quotient.Spectra;

namespace Quotient.Symmetry;

/// <summary>Whether two models compute the same: what a symmetry claims, checked on inputs in double.</summary>
/// <param name="LargestDifference">The largest difference of two outputs, relative to the largest output; 0 where all outputs are 0.</param>
/// <param name="Inputs">The inputs, in words.</param>
/// <param name="Ties">
/// Values before the first model's signs that are exactly their threshold, over all inputs: there a unit that is negated changes the function. Null
/// where the network has no signs.
/// </param>
public sealed record OutputComparison(double LargestDifference, string Inputs, long? Ties)
{
    /// <summary>Relative differences that rounding explains in double.</summary>
    public const double Rounding = 1e-9;

    private const int Drawn = 256;

    /// <summary>Whether rounding explains the difference.</summary>
    public bool AreEqual => LargestDifference <= Rounding;

    /// <summary>Compares two models.</summary>
    /// <param name="engine">The device.</param>
    /// <param name="before">One model.</param>
    /// <param name="after">The other, with inputs and outputs of the same shapes.</param>
    /// <param name="data">The inputs; null for 256 whose values are independently normal.</param>
    /// <param name="seed">What these are drawn from.</param>
    /// <param name="progress">Is told the share that is done.</param>
    /// <param name="cancellationToken">Stops it between two chunks of samples.</param>
    /// <exception cref="QuotientException">The samples are not the networks' inputs.</exception>
    public static OutputComparison Of(
        Engine engine, Model before, Model after, Dataset? data = null, ulong seed = 0, IProgress<double>? progress = null,
        CancellationToken cancellationToken = default)
    {
        using var pass = engine.Backend.Gate.Enter();
        string words = data?.Name ?? $"{Drawn} standard normal inputs";
        data ??= Draw(before.Network, seed);
        double[] one = NetworkOutputs.Of<double>(engine, before, data, null, cancellationToken);
        progress?.Report(0.4);
        double[] other = NetworkOutputs.Of<double>(engine, after, data, null, cancellationToken);
        progress?.Report(0.8);
        double largest = one.Max(Math.Abs), difference = one.Zip(other, (x, y) => Math.Abs(x - y)).Max();
        long? ties = TiesOf(engine, before, data, cancellationToken);
        progress?.Report(1);
        return new(difference == 0 ? 0 : difference / largest, words, ties);
    }

    private static Dataset Draw(Network network, ulong seed)
    {
        var random = new PhiloxStream(seed, RandomStreams.Symmetry);
        double[] values = new double[Drawn * network.Input.Size];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = random.Normal();
        }

        return Dataset.Classification("normal", network.Input, SampleStore.Doubles(values, network.Input.Size), new int[Drawn], 1);
    }

    private static long? TiesOf(Engine engine, Model model, Dataset data, CancellationToken cancellationToken)
    {
        long? ties = null;
        foreach (var node in model.Network.Nodes.Where(node => node.Layer is Sign && node.Inputs[0] != Network.Source))
        {
            double threshold = ((Sign)node.Layer).Threshold;
            ties = (ties ?? 0) + NetworkOutputs.Of<double>(engine, model.UpTo(node.Inputs[0]), data, null, cancellationToken).LongCount(value => value == threshold);
        }

        return ties;
    }
}
