using Quotient.Networks.Layers;

namespace Quotient.Networks.Zoo;

/// <summary>The binary form of a network: weights of ±1 without biases in convolutions and dense layers, signs in place of ReLUs.</summary>
internal static class BinaryForm
{
    /// <summary>
    /// The network in that form, with what the options say. A sign that max pooling alone would read stands behind it: the outputs are the
    /// same, sign(max z) = max sign(z), and gradients that pass straight through go to the largest z, not to the first of many +1 (Courbariaux
    /// et al. 2016, section 2). Names go with their layers.
    /// </summary>
    public static Network Of(Network network, BinaryMlp options)
    {
        int first = network.Nodes.ToList().FindIndex(node => node.Layer is Convolution or Dense);
        List<Node> nodes =
        [
            .. network.Nodes.Select((node, index) => node with
            {
                Layer = node.Layer switch
                {
                    Convolution or Dense when options.RealFirst && index == first => node.Layer,
                    Convolution layer => new BinaryConvolution(layer.Inputs, layer.Outputs, layer.Window),
                    Dense layer => new BinaryDense(layer.Inputs, layer.Outputs),
                    Relu when !options.Relu => new Sign(),
                    var layer => layer,
                },
            }),
        ];
        PoolBeforeSigns(network, nodes);
        return new(network.Input, options.InputThreshold is { } threshold ? SignFirst(nodes, threshold) : nodes);
    }

    private static void PoolBeforeSigns(Network network, List<Node> nodes)
    {
        for (int index = 0; index < nodes.Count; index++)
        {
            if (nodes[index].Layer is Sign && network.ReadersOf(index) is [var pool] && nodes[pool].Layer is MaxPool)
            {
                var (sign, read) = (nodes[index], nodes[pool]);
                nodes[index] = read with { Inputs = sign.Inputs };
                nodes[pool] = sign with { Inputs = read.Inputs };
            }
        }
    }

    private static List<Node> SignFirst(List<Node> nodes, double threshold) =>
    [
        new("sign", new Sign(threshold), [Network.Source]),
        .. nodes.Select(node => node with { Inputs = [.. node.Inputs.Select(from => from + 1)] }),
    ];
}
