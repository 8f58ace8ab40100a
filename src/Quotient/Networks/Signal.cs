using Quotient.Networks.Layers;

namespace Quotient.Networks;

/// <summary>
/// What flows out of a layer while a network is built from code, as <see cref="Network.Build"/> does: each method adds a layer that
/// reads it, and gives what flows out of that. It may be read more than once.
/// </summary>
public sealed class Signal
{
    private readonly List<Node> _nodes;
    private readonly int _node;

    internal Signal(List<Node> nodes, int node, Shape shape) => (_nodes, _node, Shape) = (nodes, node, shape);

    /// <summary>The shape of one sample.</summary>
    public Shape Shape { get; }

    /// <summary>A dense layer, with as many inputs as there are values here.</summary>
    public Signal Dense(int outputs, bool bias = true) => Then(new Dense(Shape.Size, outputs, bias));

    /// <summary>A convolution with a square window.</summary>
    public Signal Convolution(int outputs, int size, int stride = 1, int padding = 0, bool bias = true) =>
        Then(new Convolution(Shape.Channels, outputs, Window.Square(size, stride, padding), bias));

    /// <summary>The largest values of square windows, which lie side by side unless a stride is given.</summary>
    public Signal MaxPool(int size, int? stride = null, int padding = 0) => Then(new MaxPool(Window.Square(size, stride ?? size, padding)));

    /// <summary>The means of square windows, which lie side by side unless a stride is given.</summary>
    public Signal AveragePool(int size, int? stride = null, int padding = 0) =>
        Then(new AveragePool(Window.Square(size, stride ?? size, padding)));

    /// <summary>The mean of each channel.</summary>
    public Signal GlobalAveragePool() => Then(new GlobalAveragePool());

    /// <summary>Batch norm of each channel.</summary>
    public Signal BatchNorm() => Then(new BatchNorm(Shape.Channels));

    /// <summary>max(z, 0), element by element.</summary>
    public Signal Relu() => Then(new Relu());

    /// <summary>The values as a vector.</summary>
    public Signal Flatten() => Then(new Flatten());

    /// <summary>The sum of this and others of the same shape.</summary>
    public Signal Plus(params IReadOnlyList<Signal> others) => Then(new Sum(), others);

    /// <summary>x + f(x): a residual block around the layers that <paramref name="branch"/> adds.</summary>
    public Signal Residual(Func<Signal, Signal> branch) => branch(this).Plus(this);

    /// <summary>Any layer, that reads this and then the others; named by its position, as PyTorch's <c>Sequential</c> does.</summary>
    /// <exception cref="QuotientException">The inputs do not fit the layer.</exception>
    public Signal Then(Layer layer, params IReadOnlyList<Signal> others)
    {
        IReadOnlyList<Signal> inputs = [this, .. others];
        var shape = layer.Output([.. inputs.Select(input => input.Shape)]);
        _nodes.Add(new(_nodes.Count.ToString(CultureInfo.InvariantCulture), layer, [.. inputs.Select(input => input._node)]));
        return new(_nodes, _nodes.Count - 1, shape);
    }
}
