using System.Globalization;

namespace Quotient.Networks;

/// <summary>One layer in its place: a name, as in a PyTorch <c>state_dict</c>, and the nodes whose outputs it reads.</summary>
/// <param name="Name">The first part of its tensors' names: <c>0</c>, <c>features.3</c>.</param>
/// <param name="Layer">What it computes.</param>
/// <param name="Inputs">Indices of earlier nodes; <see cref="Network.Source"/> is the network's input.</param>
public sealed record Node(string Name, Layer Layer, IReadOnlyList<int> Inputs);

/// <summary>A trainable tensor in its place in the parameter vector θ.</summary>
/// <param name="Name">As in a PyTorch <c>state_dict</c>: <c>0.weight</c>.</param>
/// <param name="Node">Index of the node that it belongs to.</param>
/// <param name="Shape">What its layer declares of it.</param>
/// <param name="Offset">Where its first element lies in θ.</param>
public sealed record ParameterTensor(string Name, int Node, TensorShape Shape, long Offset)
{
    /// <summary>The number of elements.</summary>
    public long Size => Shape.Size;
}

/// <summary>
/// An architecture: layers as nodes in topological order, the last one the output. Most networks are chains; a residual sum
/// is a node with two inputs. Immutable, and without parameters: see <see cref="Model"/>.
/// </summary>
public sealed class Network
{
    /// <summary>The index by which a node names the network's own input.</summary>
    public const int Source = -1;

    /// <summary>Checks that shapes fit and lays the parameters out, node by node, in PyTorch's order.</summary>
    public Network(Shape input, IReadOnlyList<Node> nodes)
    {
        if (nodes.Count == 0)
        {
            throw new QuotientException("a network needs at least one layer");
        }

        Input = input;
        Nodes = nodes;
        var shapes = new List<Shape>(nodes.Count);
        var tensors = new List<ParameterTensor>();
        foreach (var (index, node) in nodes.Index())
        {
            if (node.Inputs.Any(from => from < Source || from >= index))
            {
                throw new QuotientException($"layer '{node.Name}' reads a layer that does not come before it");
            }

            shapes.Add(node.Layer.Output([.. node.Inputs.Select(from => from == Source ? input : shapes[from])]));
            foreach (var shape in node.Layer.Tensors)
            {
                tensors.Add(new($"{node.Name}.{shape.Suffix}", index, shape, ParameterCount));
                ParameterCount += shape.Size;
            }
        }

        Shapes = shapes;
        Tensors = tensors;
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
    public IReadOnlyList<ParameterTensor> Tensors { get; }

    /// <summary>The length of θ.</summary>
    public long ParameterCount { get; }

    /// <summary>A chain of layers, named by their position as PyTorch's <c>Sequential</c> does.</summary>
    public static Network Chain(Shape input, params IEnumerable<Layer> layers) =>
        new(input, [.. layers.Select((layer, i) => new Node(i.ToString(CultureInfo.InvariantCulture), layer, [i - 1]))]);

    /// <summary>Dense layers of the given widths with ReLU between: <c>Mlp([784, 512, 10])</c>.</summary>
    public static Network Mlp(IReadOnlyList<int> widths, bool bias = true)
    {
        if (widths.Count < 2 || widths.Any(width => width < 1))
        {
            throw new QuotientException(
                $"an architecture needs at least two widths, each at least 1, such as 784-512-10; got '{string.Join('-', widths)}'");
        }

        var layers = new List<Layer>();
        for (int l = 1; l < widths.Count; l++)
        {
            if (l > 1)
            {
                layers.Add(new Relu());
            }

            layers.Add(new Dense(widths[l - 1], widths[l], bias));
        }

        return Chain(new(widths[0]), layers);
    }

    /// <summary>Reads an architecture such as <c>784-512-512-10</c>: the widths of dense layers with ReLU between.</summary>
    public static Network Parse(string architecture, bool bias = true)
    {
        var widths = new List<int>();
        foreach (string part in architecture.Split('-'))
        {
            if (!int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int width))
            {
                throw new QuotientException(
                    $"architecture '{architecture}': expected widths joined by '-', such as 784-512-10, but found '{part}'");
            }

            widths.Add(width);
        }

        return Mlp(widths, bias);
    }

    /// <inheritdoc/>
    public override string ToString() =>
        string.Join('-', new[] { Input }.Concat(Shapes.Where((_, i) => Nodes[i].Layer is Dense)));
}
