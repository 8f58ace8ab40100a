using Quotient.Networks.Layers;

namespace Quotient.Networks.Zoo;

/// <summary>A network under construction whose layers have names of their own; each reads the one before it unless told what to read.</summary>
internal sealed class NamedLayers(Shape input)
{
    private readonly List<Node> _nodes = [];
    private readonly List<Shape> _shapes = [];

    /// <summary>The node that was added last, <see cref="Network.Source"/> before any.</summary>
    public int Last => _nodes.Count - 1;

    /// <summary>The shape of its output.</summary>
    public Shape Shape => ShapeOf(Last);

    /// <summary>The shape of a node's output, or of the network's input.</summary>
    public Shape ShapeOf(int node) => node == Network.Source ? input : _shapes[node];

    /// <summary>Adds a layer.</summary>
    /// <exception cref="QuotientException">What it reads does not fit it.</exception>
    public NamedLayers Add(string name, Layer layer, params IReadOnlyList<int> from)
    {
        var node = new Node(name, layer, from.Count == 0 ? [Last] : from);
        _shapes.Add(Network.OutputOf(node, ShapeOf));
        _nodes.Add(node);
        return this;
    }

    /// <summary>Adds a convolution of all channels.</summary>
    public NamedLayers Convolution(string name, int outputs, Window window, bool bias) =>
        Add(name, new Convolution(Shape.Channels, outputs, window, bias));

    /// <summary>Adds a dense layer of all values.</summary>
    public NamedLayers Dense(string name, int outputs, bool bias) => Add(name, new Dense(Shape.Size, outputs, bias));

    /// <summary>Adds a batch norm of all channels.</summary>
    public NamedLayers BatchNorm(string name) => Add(name, new BatchNorm(Shape.Channels));

    /// <summary>Adds a ReLU.</summary>
    public NamedLayers Relu(string name) => Add(name, new Relu());

    /// <summary>Adds max pooling.</summary>
    public NamedLayers MaxPool(string name, int size, int stride) => Add(name, new MaxPool(Window.Square(size, stride)));

    /// <summary>The network of all that was added.</summary>
    public Network ToNetwork() => new(input, _nodes);
}
