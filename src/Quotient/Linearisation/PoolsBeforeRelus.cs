using Quotient.Networks.Layers;

namespace Quotient.Linearisation;

/// <summary>What a plan changes in a network's graph before it makes steps of it; values and derivatives stay, bit for bit.</summary>
internal static class PoolsBeforeRelus
{
    /// <summary>
    /// The network with each ReLU that a max pool alone reads behind that pool: both are monotone, so the largest values are the same, and
    /// where they are 0 the ReLU's derivative is 0 in either order. The image before the pool is then neither masked nor kept.
    /// </summary>
    public static Network WithPoolsBeforeRelus(this Network network)
    {
        Node[] nodes = [.. network.Nodes];
        foreach (var (relu, node) in network.Nodes.Index().Where(entry => entry.Item.Layer is Relu))
        {
            if (network.ReadersOf(relu) is [var pool] && nodes[pool] is { Layer: MaxPool } reader)
            {
                (nodes[relu], nodes[pool]) = (reader with { Inputs = node.Inputs }, node with { Inputs = [relu] });
            }
        }

        return nodes.SequenceEqual(network.Nodes) ? network : new(network.Input, nodes);
    }
}
