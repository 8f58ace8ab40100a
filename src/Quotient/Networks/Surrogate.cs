using Quotient.Networks.Layers;

namespace Quotient.Networks;

/// <summary>
/// The loss of a network of signs is piecewise constant: wherever its Hessian exists, it is 0. Curvature is that of a surrogate,
/// a network whose loss is differentiable, and which of them is always said.
/// </summary>
public enum Surrogate
{
    /// <summary>The network itself, which has nothing binary.</summary>
    None,

    /// <summary>
    /// Binary weights are real parameters at their signs. Without signs among the activations, the loss is that of the network itself.
    /// </summary>
    BinaryWeights,

    /// <summary>Signs become hard tanhs, and weights the real shadow weights.</summary>
    HardTanhAtShadow,

    /// <summary>Signs become hard tanhs; weights are real parameters at their signs.</summary>
    HardTanhAtBinary,
}

/// <summary>Models as their surrogates.</summary>
public static class Surrogates
{
    private static readonly IReadOnlyList<(Surrogate Surrogate, string Name)> Names =
    [
        (Surrogate.None, "none"), (Surrogate.BinaryWeights, "binary-weights"),
        (Surrogate.HardTanhAtShadow, "hard-tanh-shadow"), (Surrogate.HardTanhAtBinary, "hard-tanh-binary"),
    ];

    /// <summary>Its name on the command line and in results: <c>hard-tanh-shadow</c>.</summary>
    public static string Name(this Surrogate surrogate) => Names.Single(pair => pair.Surrogate == surrogate).Name;

    /// <summary>Reads a name.</summary>
    /// <exception cref="QuotientException">There is no surrogate of that name.</exception>
    public static Surrogate Parse(string name) => Names.Any(pair => pair.Name == name)
        ? Names.Single(pair => pair.Name == name).Surrogate
        : throw new QuotientException(
            $"the surrogate {Text.Quote(name)} is unknown; choose one of {string.Join(", ", Names.Select(pair => pair.Name))}");

    /// <summary>
    /// The surrogate of a network: the one asked for, and where none is, <see cref="Surrogate.BinaryWeights"/> for a network with binary
    /// weights and no signs among its activations.
    /// </summary>
    /// <exception cref="QuotientException">
    /// Activations are signs and none is named that replaces them; or one is named and the network has nothing that it would replace.
    /// </exception>
    public static Surrogate For(Network network, Surrogate asked)
    {
        bool weights = network.Tensors.Any(tensor => tensor.IsBinary), signs = SignsOfActivations(network).Count > 0;
        return asked switch
        {
            Surrogate.None or Surrogate.BinaryWeights when signs => throw new QuotientException(
                $"the loss of the network {network} is piecewise constant, because its activations are signs: it has no curvature; name a " +
                "surrogate that has: hard-tanh-shadow or hard-tanh-binary"),
            Surrogate.None => weights ? Surrogate.BinaryWeights : Surrogate.None,
            Surrogate.BinaryWeights when !weights => throw new QuotientException($"the network {network} has no binary weights"),
            Surrogate.HardTanhAtShadow or Surrogate.HardTanhAtBinary when !signs => throw new QuotientException(
                $"the network {network} has no signs among its activations that a hard tanh would replace"),
            _ => asked,
        };
    }

    /// <summary>
    /// A model's surrogate, as <see cref="For"/> finds it: each <see cref="BinaryDense"/> becomes a <see cref="Dense"/>, each
    /// <see cref="BinaryConvolution"/> a <see cref="Convolution"/>, without bias and with the same scale, and each <see cref="Sign"/> behind
    /// trainable layers a <see cref="HardTanh"/>; names and the order of θ stay. A sign of the inputs stays: nothing before it varies.
    /// </summary>
    /// <exception cref="QuotientException">
    /// As of <see cref="For"/>; or a sign has a threshold other than 0; or shadow weights are asked for and none were kept.
    /// </exception>
    public static Model ToSurrogate(this Model model, Surrogate surrogate) => For(model.Network, surrogate) switch
    {
        Surrogate.None => model,
        Surrogate.HardTanhAtShadow when HasSignsAlone(model) => throw new QuotientException(
            $"the binary weights of the network {model.Network} are all ±1: their shadow weights were not kept; use hard-tanh-binary, or train " +
            "with --weights shadow"),
        Surrogate.HardTanhAtShadow => Relaxed(model),
        _ => Relaxed(model.AtBinaryWeights()),
    };

    private static bool HasSignsAlone(Model model) => model.Network.Tensors.Where(tensor => tensor.IsBinary)
        .All(tensor => model.Parameters.AsSpan(tensor.Range).IndexOfAnyExcept(1, -1) < 0);

    private static Model Relaxed(Model model)
    {
        var network = model.Network;
        var signs = SignsOfActivations(network);
        var nodes = network.Nodes.Select((node, index) => node with
        {
            Layer = node.Layer switch
            {
                BinaryDense layer => new Dense(layer.Inputs, layer.Outputs, false, layer.Scale),
                BinaryConvolution layer => new Convolution(layer.Inputs, layer.Outputs, layer.Window, false, layer.Scale),
                Sign { Threshold: not 0 } when signs.Contains(index) => throw new QuotientException(
                    $"layer {Text.Quote(node.Name)} compares with a threshold other than 0, which no hard tanh stands for"),
                Sign when signs.Contains(index) => new HardTanh(),
                var other => other,
            },
        });
        return model.With(new(network.Input, [.. nodes]), model.Parameters);
    }

    /// <summary>The signs with parameters before them.</summary>
    private static HashSet<int> SignsOfActivations(Network network)
    {
        var varies = new bool[network.Nodes.Count];
        var signs = new HashSet<int>();
        foreach (var (index, node) in network.Nodes.Index())
        {
            bool inputVaries = node.Inputs.Any(from => from != Network.Source && varies[from]);
            varies[index] = inputVaries || node.Layer.Tensors.Count > 0;
            if (inputVaries && node.Layer is Sign)
            {
                signs.Add(index);
            }
        }

        return signs;
    }
}
