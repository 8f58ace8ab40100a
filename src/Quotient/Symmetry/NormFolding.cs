using Quotient.Networks;
using Quotient.Networks.Layers;

namespace Quotient.Symmetry;

/// <summary>Batch norms at their running statistics as what they are then: an affine map of each channel.</summary>
internal static class NormFolding
{
    /// <summary>
    /// The same function with each batch norm that alone reads a dense layer or a convolution taken into its weights and bias,
    /// W ← a ∘ W, b ← β + a ∘ (b − μ) with a = γ/√(σ² + ε). Others stay, with statistics that do nothing: mean 0 and variance 1 − ε.
    /// </summary>
    public static (Model Model, int Folded, int Kept) Of(Model model)
    {
        var network = model.Network;
        int norms = network.Nodes.Count(node => node.Layer is BatchNorm);
        if (norms == 0)
        {
            return (model, 0, 0);
        }

        var folded = network.Nodes.Index().Where(pair => IsFoldable(network, pair.Index)).Select(pair => pair.Index).ToHashSet();
        var target = new Network(network.Input, NodesWithout(network, folded));
        var result = new Model(target, new double[target.ParameterCount], model.Stored) { Metadata = model.Metadata };
        foreach (var (index, node) in network.Nodes.Index().Where(pair => !folded.Contains(pair.Index)))
        {
            Copy(model, index, result, node.Name);
        }

        foreach (int norm in folded)
        {
            Fold(model, norm, result);
        }

        foreach (var (index, node) in target.Nodes.Index().Where(pair => pair.Item.Layer is BatchNorm))
        {
            Neutralise(result, index, (BatchNorm)node.Layer);
        }

        return (result, folded.Count, norms - folded.Count);
    }

    private static bool IsFoldable(Network network, int node) =>
        network.Nodes[node].Layer is BatchNorm && network.Nodes[node].Inputs[0] is >= 0 and int maker
        && network.Nodes[maker].Layer is Dense or Convolution && network.ReadersOf(maker).Count == 1
        && network.Shapes[maker] == network.Shapes[node];

    private static List<Node> NodesWithout(Network network, HashSet<int> folded)
    {
        var nodes = new List<Node>();
        var places = new Dictionary<int, int> { [Network.Source] = Network.Source };
        foreach (var (index, node) in network.Nodes.Index())
        {
            if (folded.Contains(index))
            {
                places[index] = places[node.Inputs[0]];
                continue;
            }

            bool takesNorm = network.ReadersOf(index).Any(folded.Contains);
            nodes.Add(node with
            {
                Layer = takesNorm ? WithBias(node.Layer) : node.Layer,
                Inputs = [.. node.Inputs.Select(from => places[from])],
                TensorNames = takesNorm && node.TensorNames is [var weight] ? [weight, $"{node.Name}.bias"] : node.TensorNames,
            });
            places[index] = nodes.Count - 1;
        }

        return nodes;
    }

    private static Layer WithBias(Layer layer) => layer switch
    {
        Dense dense => dense with { Bias = true },
        Convolution convolution => convolution with { Bias = true },
        _ => layer,
    };

    /// <summary>Copies a layer's tensors, and what is not trained, to the layer of a name.</summary>
    private static void Copy(Model model, int node, Model result, string name)
    {
        foreach (var tensor in model.Network.Tensors.Where(tensor => tensor.Node == node))
        {
            model.Parameters.AsSpan(tensor.Range).CopyTo(Part(result, result.Network.Tensors, result.Parameters, name, tensor.Shape.Suffix));
        }

        foreach (var tensor in model.Network.Buffers.Where(tensor => tensor.Node == node))
        {
            model.Buffers.AsSpan(tensor.Range).CopyTo(Part(result, result.Network.Buffers, result.Buffers, name, tensor.Shape.Suffix));
        }
    }

    private static void Fold(Model model, int norm, Model result)
    {
        var node = model.Network.Nodes[norm];
        var maker = model.Network.Nodes[node.Inputs[0]];
        var (factor, shift) = AffineOf(model, norm, (BatchNorm)node.Layer);
        var bias = Part(result, result.Network.Tensors, result.Parameters, maker.Name, "bias");
        for (int channel = 0; channel < factor.Length; channel++)
        {
            bias[channel] = shift[channel] + (factor[channel] * bias[channel]);
        }

        var tensor = result.Network.Tensors.First(tensor => result.Network.Nodes[tensor.Node].Name == maker.Name && tensor.Shape.Suffix == "weight");
        var weight = result.Parameters.AsSpan(tensor.Range);
        bool inputsFirst = tensor.Shape.Axes[0] == Axis.In;
        int ofOutput = weight.Length / factor.Length;
        for (int i = 0; i < weight.Length; i++)
        {
            weight[i] *= factor[inputsFirst ? i % factor.Length : i / ofOutput];
        }
    }

    /// <summary>a and β − a ∘ μ.</summary>
    private static (double[] Factor, double[] Shift) AffineOf(Model model, int node, BatchNorm norm)
    {
        string name = model.Network.Nodes[node].Name;
        double[] gamma = [.. Part(model, model.Network.Tensors, model.Parameters, name, "weight")];
        double[] beta = [.. Part(model, model.Network.Tensors, model.Parameters, name, "bias")];
        double[] mean = [.. Part(model, model.Network.Buffers, model.Buffers, name, "running_mean")];
        double[] variance = [.. Part(model, model.Network.Buffers, model.Buffers, name, "running_var")];
        double[] factor = [.. gamma.Zip(variance, (scale, square) => scale / Math.Sqrt(square + norm.Epsilon))];
        return (factor, [.. beta.Select((shift, channel) => shift - (factor[channel] * mean[channel]))]);
    }

    private static void Neutralise(Model model, int node, BatchNorm norm)
    {
        string name = model.Network.Nodes[node].Name;
        var (factor, shift) = AffineOf(model, node, norm);
        factor.CopyTo(Part(model, model.Network.Tensors, model.Parameters, name, "weight"));
        shift.CopyTo(Part(model, model.Network.Tensors, model.Parameters, name, "bias"));
        Part(model, model.Network.Buffers, model.Buffers, name, "running_mean").Clear();
        Part(model, model.Network.Buffers, model.Buffers, name, "running_var").Fill(1 - norm.Epsilon);
    }

    private static Span<double> Part(Model model, IReadOnlyList<NetworkTensor> tensors, double[] values, string layer, string suffix) =>
        values.AsSpan(tensors.First(tensor => model.Network.Nodes[tensor.Node].Name == layer && tensor.Shape.Suffix == suffix).Range);
}
