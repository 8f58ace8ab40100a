using Quotient.Backends;
using Quotient.Networks;

namespace Quotient;

/// <summary>
/// How parameters are drawn before training. Fan-in and fan-out are a tensor's incoming and outgoing connections: for a dense
/// layer its inputs and outputs. The shadow weights of binary layers are U(−1, 1) in all of them.
/// </summary>
public enum Initialisation
{
    /// <summary>
    /// He, Zhang, Ren, Sun (2015), eq. 10: weights N(0, 2 / fan-in), which keeps the forward variance through ReLU; biases 0.
    /// </summary>
    He,

    /// <summary>Glorot, Bengio (2010), eq. 16: weights U(−b, b), b = √(6 / (fan-in + fan-out)); biases 0.</summary>
    GlorotUniform,

    /// <summary>Glorot, Bengio (2010), eq. 12: weights N(0, 2 / (fan-in + fan-out)); biases 0.</summary>
    GlorotNormal,

    /// <summary>What PyTorch's layers start from: weights and biases U(−b, b), b = 1 / √fan-in.</summary>
    PyTorch,
}

public sealed partial class Model
{
    // "INIT" in the upper word keeps these streams apart from those of probes, shuffles and data under the same seed.
    private const ulong FirstStream = 0x494E4954_00000000;

    /// <summary>Draws parameters for a network.</summary>
    /// <remarks>
    /// Counter-based: element i of tensor t is a function of (seed, t, i) alone, through <see cref="Philox"/>. Block k of
    /// stream t serves elements 2k and 2k + 1. Single precision rounds the same numbers.
    /// </remarks>
    /// <param name="network">The architecture.</param>
    /// <param name="initialisation">The distribution.</param>
    /// <param name="seed">Another seed gives other numbers, the same seed the same.</param>
    /// <param name="stored">Single rounds every parameter to a float.</param>
    /// <exception cref="QuotientException">The parameters do not fit in memory.</exception>
    public static Model Initialise(
        Network network, Initialisation initialisation, ulong seed, Precision stored = Precision.Single)
    {
        double[] parameters = NewVector(network);
        foreach (var (index, tensor) in network.Tensors.Index())
        {
            var values = parameters.AsSpan(tensor.Range);
            Draw(values, initialisation, tensor.Shape, WeightBeside(network, tensor), seed, FirstStream + (ulong)index);
            if (stored == Precision.Single)
            {
                foreach (ref double value in values)
                {
                    value = (float)value;
                }
            }
        }

        return new(network, parameters, stored);
    }

    /// <summary>The weight of a tensor's layer, whose connections are those of its bias too.</summary>
    private static TensorShape WeightBeside(Network network, NetworkTensor tensor) => network.Tensors
        .FirstOrDefault(other => other.Node == tensor.Node && other.Shape.Role != TensorRole.Bias, tensor).Shape;

    private static void Draw(
        Span<double> values, Initialisation initialisation, TensorShape shape, TensorShape weight, ulong seed, ulong stream)
    {
        double fanIn = weight.FanIn, fans = fanIn + weight.FanOut;
        if (shape.Start is { } start)
        {
            values.Fill(start);
            return;
        }

        var (scale, isNormal) = (initialisation, shape.Role) switch
        {
            (_, TensorRole.BinaryWeight) => (1, false),
            (Initialisation.PyTorch, _) => (1 / Math.Sqrt(fanIn), false),
            (Initialisation.He or Initialisation.GlorotUniform or Initialisation.GlorotNormal, TensorRole.Bias) => (0, false),
            (Initialisation.He, _) => (Math.Sqrt(2 / fanIn), true),
            (Initialisation.GlorotUniform, _) => (Math.Sqrt(6 / fans), false),
            (Initialisation.GlorotNormal, _) => (Math.Sqrt(2 / fans), true),
            _ => throw new QuotientException($"the initialisation {initialisation} is unknown"),
        };
        // Where the scale is 0, they stay the zeros that they are.
        for (int i = 0; i < values.Length && scale > 0; i += 2)
        {
            ulong block = (ulong)i / 2;
            var (first, second) = isNormal ? Philox.Normals(seed, stream, block) : Uniforms(seed, stream, block);
            values[i] = scale * first;
            if (i + 1 < values.Length)
            {
                values[i + 1] = scale * second;
            }
        }
    }

    private static (double First, double Second) Uniforms(ulong seed, ulong stream, ulong block)
    {
        var (x, y, z, w) = Philox.Block(seed, stream, block);
        return (Centred(x, y), Centred(z, w));
    }

    /// <summary>The upper 53 of 64 bits as a signed offset from their middle: uniform in [−1, 1).</summary>
    private static double Centred(uint low, uint high) =>
        ((long)((((ulong)high << 32) | low) >> 11) - (1L << 52)) * (1.0 / (1L << 52));
}
