using Quotient.Networks;
using Quotient.Networks.Zoo;

namespace Quotient;

/// <summary>One layer in its place: a name, as in a PyTorch <c>state_dict</c>, and the nodes whose outputs it reads.</summary>
/// <param name="Name">The first part of its tensors' names: <c>0</c>, <c>features.3</c>.</param>
/// <param name="Layer">What it computes.</param>
/// <param name="Inputs">Indices of earlier nodes; <see cref="Network.Source"/> is the network's input.</param>
public sealed record Node(string Name, Layer Layer, IReadOnlyList<int> Inputs)
{
    /// <summary>
    /// The names of its tensors, those of its buffers last, where a file of others calls them something else than
    /// <c>name.weight</c>, <c>name.bias</c>, …; null where it does not.
    /// </summary>
    public IReadOnlyList<string>? TensorNames { get; init; }

    /// <summary>The name of the tensor at some place among its tensors and buffers.</summary>
    internal string NameOf(int index, TensorShape tensor) => TensorNames?[index] ?? $"{Name}.{tensor.Suffix}";
}

/// <summary>A tensor in its place: a trainable one in the parameter vector θ, another in the vector of buffers.</summary>
/// <param name="Name">As in a PyTorch <c>state_dict</c>, <c>0.weight</c>, unless its node names it otherwise.</param>
/// <param name="Node">Index of the node that it belongs to.</param>
/// <param name="Shape">What its layer declares of it.</param>
/// <param name="Offset">Where its first element lies in the vector.</param>
public sealed record NetworkTensor(string Name, int Node, TensorShape Shape, long Offset)
{
    /// <summary>The number of elements.</summary>
    public long Size => Shape.Size;

    /// <summary>Where its elements lie in the vector.</summary>
    internal Range Range => (int)Offset..(int)(Offset + Size);

    /// <summary>Whether the network uses the signs of its elements alone.</summary>
    public bool IsBinary => Shape.Role == TensorRole.BinaryWeight;
}

/// <summary>The parameters of one node, which lie together in θ: for a dense layer its weight, then its bias.</summary>
/// <param name="Name">The node's name.</param>
/// <param name="Node">Index of the node.</param>
/// <param name="Offset">Where the range begins in θ.</param>
/// <param name="Length">The number of parameters in it.</param>
public sealed record ParameterBlock(string Name, int Node, long Offset, long Length)
{
    /// <summary>Where its parameters lie in θ.</summary>
    internal Range Range => (int)Offset..(int)(Offset + Length);
}

/// <summary>
/// An architecture: layers as nodes in topological order, the last one the output. Immutable, and without parameters: see
/// <see cref="Model"/>.
/// </summary>
/// <remarks>
/// Most networks are chains, but the nodes form a directed acyclic graph, whose edges are <see cref="Node.Inputs"/>: a residual
/// sum is a node with two inputs, and a node that is read twice starts a skip connection. Passes run over the nodes in order,
/// or in reverse and adding up what comes back from every reader. θ is laid out node by node, so a layer's parameters are
/// one range of it (<see cref="ParameterBlocks"/>) in any graph.
/// </remarks>
public sealed partial class Network
{
    private readonly Lazy<ILookup<int, int>> _readers;

    /// <summary>The index by which a node names the network's own input.</summary>
    public const int Source = -1;

    /// <summary>Checks that shapes fit and lays the parameters out, node by node, in PyTorch's order.</summary>
    /// <exception cref="QuotientException">
    /// There is no layer, a name is empty or used twice, a layer reads a later one or is read by none, shapes do not fit, or the
    /// parameters are too many to count.
    /// </exception>
    public Network(Shape input, IReadOnlyList<Node> nodes)
    {
        CheckGraph(nodes);
        if (!input.IsValid)
        {
            throw new QuotientException($"a network cannot have an input of shape {input}");
        }

        Input = input;
        Nodes = [.. nodes];
        _readers = new(() => Nodes.Index().SelectMany(node => node.Item.Inputs.Distinct().Select(from => (From: from, node.Index)))
            .ToLookup(edge => edge.From, edge => edge.Index));
        Shapes = ShapesOf(input, Nodes);
        Tensors = LayOut(Nodes, layer => layer.Tensors, _ => 0);
        Buffers = LayOut(Nodes, layer => layer.Buffers, layer => layer.Tensors.Count);
        CheckTensorNames();
        ParameterCount = Tensors.Sum(tensor => tensor.Size);
        BufferCount = Buffers.Sum(tensor => tensor.Size);
        ParameterBlocks =
        [
            .. Tensors.GroupBy(tensor => tensor.Node).Select(
                own => new ParameterBlock(Nodes[own.Key].Name, own.Key, own.First().Offset, own.Sum(tensor => tensor.Size))),
        ];
    }

    /// <summary>The shape of one input sample.</summary>
    public Shape Input { get; }

    /// <summary>The shape of one output.</summary>
    public Shape Output => Shapes[^1];

    /// <summary>The layers, inputs before those who read them.</summary>
    public IReadOnlyList<Node> Nodes { get; }

    /// <summary>The output shape of each node.</summary>
    public IReadOnlyList<Shape> Shapes { get; }

    /// <summary>The trainable tensors in the order of θ: per layer weight, then bias.</summary>
    public IReadOnlyList<NetworkTensor> Tensors { get; }

    /// <summary>The tensors that are not trained, layer by layer, in a vector of their own.</summary>
    public IReadOnlyList<NetworkTensor> Buffers { get; }

    /// <summary>The length of that vector.</summary>
    public long BufferCount { get; }

    /// <summary>The range of θ that each node with parameters holds, in order; together they cover θ.</summary>
    public IReadOnlyList<ParameterBlock> ParameterBlocks { get; }

    /// <summary>The length of θ.</summary>
    public long ParameterCount { get; }

    /// <summary>
    /// What the weights of a node multiply for one sample: each of its elements as often as its output has places, Σ |W| · height · width.
    /// </summary>
    public long MultiplyAdds(int node)
    {
        var weights = Nodes[node].Layer.Tensors.Where(tensor => tensor.Role != TensorRole.Bias);
        return weights.Sum(tensor => tensor.Size * ((long)Shapes[node].Height * Shapes[node].Width));
    }

    /// <summary>The kind of a layer, as files name it: <c>dense</c>, <c>max-pool</c>.</summary>
    public static string KindOf(Layer layer) => LayerKinds.NameOf(layer);

    /// <summary>Its name, such as <c>lenet</c>; else the widths of its layers, such as <c>784-512-10</c>, with what else its layers add.</summary>
    public override string ToString() => ShortText.Of(this);

    /// <summary>The output of a node, from those of the nodes before it.</summary>
    /// <exception cref="QuotientException">Inputs do not fit, or the output has no values or too many.</exception>
    internal static Shape OutputOf(Node node, Func<int, Shape> shapeOf)
    {
        Shape shape;
        try
        {
            shape = node.Layer.Output([.. node.Inputs.Select(shapeOf)]);
        }
        catch (QuotientException error)
        {
            throw new QuotientException($"layer {Text.Quote(node.Name)}: {error.Message}", error);
        }

        return shape.IsValid
            ? shape
            : throw new QuotientException($"layer {Text.Quote(node.Name)} cannot have an output of shape {shape}");
    }

    /// <summary>The nodes that read a node's output, or the network's input, in order.</summary>
    internal IReadOnlyList<int> ReadersOf(int node) => [.. _readers.Value[node]];

    private static void CheckGraph(IReadOnlyList<Node> nodes)
    {
        if (nodes.Count == 0)
        {
            throw new QuotientException("a network needs at least one layer");
        }

        var names = new HashSet<string>();
        foreach (var (index, node) in nodes.Index())
        {
            if (string.IsNullOrEmpty(node.Name))
            {
                throw new QuotientException($"layer {index} of the network has no name");
            }

            if (!names.Add(node.Name))
            {
                throw new QuotientException($"two layers of the network are called {Text.Quote(node.Name)}");
            }

            if (node.Inputs.Any(from => from < Source || from >= index))
            {
                throw new QuotientException($"layer {Text.Quote(node.Name)} reads a layer that does not come before it");
            }
        }

        if (nodes.FirstOrDefault(node => node.TensorNames is { } own && own.Count != node.Layer.Tensors.Count + node.Layer.Buffers.Count)
            is { } misnamed)
        {
            throw new QuotientException(
                $"layer {Text.Quote(misnamed.Name)} has {misnamed.Layer.Tensors.Count + misnamed.Layer.Buffers.Count} tensors, but names for " +
                $"{misnamed.TensorNames!.Count}");
        }

        var read = nodes.SelectMany(node => node.Inputs).ToHashSet();
        if (nodes.Index().SkipLast(1).FirstOrDefault(node => !read.Contains(node.Index)).Item is { } unread)
        {
            throw new QuotientException($"no layer reads layer {Text.Quote(unread.Name)}, which is not the last");
        }
    }

    private static List<Shape> ShapesOf(Shape input, IReadOnlyList<Node> nodes)
    {
        var shapes = new List<Shape>(nodes.Count);
        foreach (var node in nodes)
        {
            shapes.Add(OutputOf(node, from => from == Source ? input : shapes[from]));
        }

        return shapes;
    }

    private void CheckTensorNames()
    {
        var names = new HashSet<string>();
        if (Tensors.Concat(Buffers).FirstOrDefault(tensor => !names.Add(tensor.Name)) is { } second)
        {
            throw new QuotientException($"two tensors of the network are called {Text.Quote(second.Name)}");
        }
    }

    private static List<NetworkTensor> LayOut(
        IReadOnlyList<Node> nodes, Func<Layer, IReadOnlyList<TensorShape>> declared, Func<Layer, int> first)
    {
        var tensors = new List<NetworkTensor>();
        long offset = 0;
        foreach (var (index, node) in nodes.Index())
        {
            int place = first(node.Layer);
            foreach (var shape in declared(node.Layer))
            {
                tensors.Add(new(node.NameOf(place++, shape), index, shape, offset));
                try
                {
                    offset = checked(offset + shape.Size);
                }
                catch (OverflowException error)
                {
                    throw new QuotientException($"tensor {Text.Quote(tensors[^1].Name)} has too many elements to count", error);
                }
            }
        }

        return tensors;
    }
}
