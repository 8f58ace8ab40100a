namespace Quotient.Networks;

/// <summary>
/// The loss of a network of signs is piecewise constant: wherever its Hessian exists, it is 0. Curvature is that of a surrogate,
/// a network whose loss is differentiable, and which of them is always said.
/// </summary>
public enum Surrogate
{
    /// <summary>
    /// The network itself. Where it has binary weights and ReLU alone, its weights are taken as real parameters at ±1: the loss
    /// is differentiable there, and is that of the network.
    /// </summary>
    None,

    /// <summary>Signs become hard tanhs, and weights the real shadow weights.</summary>
    HardTanhAtShadow,

    /// <summary>Signs become hard tanhs; weights are real parameters at their signs.</summary>
    HardTanhAtBinary,
}

/// <summary>Models as their surrogates.</summary>
public static class Surrogates
{
    /// <summary>
    /// The surrogate of a model: each <see cref="BinaryDense"/> becomes a <see cref="Dense"/> without bias and with the same scale, each
    /// <see cref="Sign"/> behind trainable layers a <see cref="HardTanh"/>; names and the order of θ stay. A sign of the inputs stays:
    /// nothing before it varies.
    /// </summary>
    /// <exception cref="QuotientException">
    /// The network has signs and no surrogate is named, or one has a threshold other than 0; or a surrogate is named and the network has none.
    /// </exception>
    public static Model ToSurrogate(this Model model, Surrogate surrogate)
    {
        var network = model.Network;
        bool isBinary = network.Nodes.Any(node => node.Layer is BinaryDense);
        var signs = SignsOfActivations(network);
        if (surrogate == Surrogate.None)
        {
            return signs.Count > 0
                ? throw new QuotientException(
                    $"the loss of the network {network} is piecewise constant, because its activations are signs: it has no curvature; " +
                    "name a surrogate: hard-tanh-shadow or hard-tanh-binary")
                : isBinary ? Relaxed(model.AtBinaryWeights(), signs) : model;
        }

        return isBinary || signs.Count > 0
            ? Relaxed(surrogate == Surrogate.HardTanhAtBinary ? model.AtBinaryWeights() : model, signs)
            : throw new QuotientException($"the network {network} has nothing binary, and needs no surrogate");
    }

    /// <summary>Reads <c>none</c>, <c>hard-tanh-shadow</c> or <c>hard-tanh-binary</c>.</summary>
    public static Surrogate Parse(string name) => name switch
    {
        "none" => Surrogate.None,
        "hard-tanh-shadow" => Surrogate.HardTanhAtShadow,
        "hard-tanh-binary" => Surrogate.HardTanhAtBinary,
        _ => throw new QuotientException($"the surrogate {Text.Quote(name)} is unknown; choose none, hard-tanh-shadow or hard-tanh-binary"),
    };

    private static Model Relaxed(Model model, HashSet<int> signs)
    {
        var network = model.Network;
        var nodes = network.Nodes.Select((node, index) => node with
        {
            Layer = node.Layer switch
            {
                BinaryDense layer => new Dense(layer.Inputs, layer.Outputs, false, layer.Scale),
                Sign { Threshold: not 0 } when signs.Contains(index) => throw new QuotientException(
                    $"layer {Text.Quote(node.Name)} compares with a threshold other than 0, which no hard tanh stands for"),
                Sign when signs.Contains(index) => new HardTanh(),
                var other => other,
            },
        });
        return new(new(network.Input, [.. nodes]), model.Parameters, model.Stored) { Metadata = model.Metadata };
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
