using Onnx;
using Quotient.Networks.Import;
using Quotient.Networks.Layers;

namespace Quotient.Networks.Export;

/// <summary>The nodes of an ONNX graph that compute a network; vectors have two axes in it, images four.</summary>
internal sealed class OnnxNodes
{
    private readonly HashSet<string> _names;
    private readonly List<(string Name, bool IsImage)> _signals = [];
    private readonly List<NodeProto> _nodes = [];
    private readonly List<TensorProto> _constants = [];
    private readonly Network _network;

    public OnnxNodes(Network network)
    {
        _network = network;
        _names = [.. network.Tensors.Concat(network.Buffers).Select(tensor => tensor.Name)];
        Input = OnnxNames.Free(_names, ["input"]);
        InputIsImage = network.Input.Size != network.Input.Channels
            || network.ReadersOf(Network.Source).Any(reader => ReadsImage(network.Nodes[reader].Layer));
        foreach (var (index, node) in network.Nodes.Index())
        {
            _signals.Add(Add(index, node));
        }

        // A vector that is still an image of 1 × 1 leaves as a vector.
        var (last, isImage) = _signals[^1];
        bool flattens = isImage && network.Output.Size == network.Output.Channels;
        (Output, OutputIsImage) = flattens ? (Flattened(last), false) : (last, isImage);
    }

    /// <summary>The nodes in order.</summary>
    public IReadOnlyList<NodeProto> All => _nodes;

    /// <summary>What they read besides the network's tensors.</summary>
    public IReadOnlyList<TensorProto> Constants => _constants;

    /// <summary>The name of what goes in.</summary>
    public string Input { get; }

    /// <summary>The name of what comes out.</summary>
    public string Output { get; }

    /// <summary>The extents of a sample that goes in.</summary>
    public IReadOnlyList<int> InputExtents => Extents(_network.Input, InputIsImage);

    /// <summary>The extents of what comes out for it.</summary>
    public IReadOnlyList<int> OutputExtents => Extents(_network.Output, OutputIsImage);

    private bool InputIsImage { get; }

    private bool OutputIsImage { get; }

    private static int[] Extents(Shape shape, bool isImage) => isImage ? [shape.Channels, shape.Height, shape.Width] : [shape.Size];

    private static bool ReadsImage(Layer layer) =>
        layer is Layers.Convolution or MaxPool or AveragePool or GlobalAveragePool or Shortcut;

    private (string Name, bool IsImage) Add(int index, Node node)
    {
        var inputs = node.Inputs.Select(from => from == Network.Source ? (Name: Input, IsImage: InputIsImage) : _signals[from]).ToList();
        bool isImage = inputs[0].IsImage;
        if (ReadsImage(node.Layer) && !isImage)
        {
            throw new QuotientException($"layer {Text.Quote(node.Name)} reads a vector as an image, for which ONNX files of feed-forward nets have no node");
        }

        if (node.Layer is Dense || inputs.Exists(input => input.IsImage != isImage))
        {
            inputs = [.. inputs.Select(input => (input.IsImage ? Flattened(input.Name) : input.Name, false))];
            isImage = false;
        }

        var tensors = _network.Tensors.Concat(_network.Buffers).Where(tensor => tensor.Node == index).Select(tensor => tensor.Name);
        string[] names = [.. inputs.Select(input => input.Name)];
        return node.Layer switch
        {
            Dense dense => (Dense(node, dense, [names[0], .. tensors]), false),
            Convolution convolution => (Convolution(node, convolution, [names[0], .. tensors]), true),
            MaxPool pool => (Make("MaxPool", node.Name, names, [.. OfWindow(pool.Window)]), true),
            AveragePool pool => (Make(
                "AveragePool", node.Name, names, [.. OfWindow(pool.Window), Whole("count_include_pad", pool.CountsPadding ? 1 : 0)]), true),
            GlobalAveragePool => (Make("GlobalAveragePool", node.Name, names), true),
            BatchNorm norm => (Make(
                "BatchNormalization", node.Name, [names[0], .. tensors], Real("epsilon", norm.Epsilon), Real("momentum", 1 - norm.Momentum)), isImage),
            Shortcut shortcut => (Skip(node.Name, names[0], shortcut, InputOf(node).Channels), true),
            Sum => (Total(node.Name, names), isImage),
            Relu => (Make("Relu", node.Name, names), isImage),
            Flatten => (isImage ? Make("Flatten", node.Name, names, Whole("axis", 1)) : names[0], false),
            var other => throw new QuotientException(
                $"layer {Text.Quote(node.Name)} of kind {LayerKinds.NameOf(other)} has no form in ONNX files of feed-forward nets"),
        };
    }

    private string Flattened(string signal) => Make("Flatten", $"{signal}.flatten", [signal], Whole("axis", 1));

    private string Dense(Node node, Dense layer, string[] inputs)
    {
        float alpha = (float)layer.Scale;
        QuotientException.ThrowIf(
            alpha != layer.Scale, $"layer {Text.Quote(node.Name)} has the scale {layer.Scale}, which ONNX would round to single precision");
        return Make("Gemm", node.Name, inputs, Real("alpha", alpha), Whole("transB", layer.InputsFirst ? 0 : 1));
    }

    private string Convolution(Node node, Convolution layer, string[] inputs)
    {
        QuotientException.ThrowIf(
            layer.Scale != 1 || layer.Window.Ceiling,
            $"layer {Text.Quote(node.Name)} has a scale or windows beyond the padding; a convolution in ONNX has neither");
        return Make("Conv", node.Name, inputs, [.. OfWindow(layer.Window)]);
    }

    /// <summary>Add takes two signals.</summary>
    private string Total(string name, string[] terms)
    {
        string sum = terms[0];
        for (int i = 1; i < terms.Length; i++)
        {
            sum = Make("Add", i == terms.Length - 1 ? name : $"{name}.{i}", [sum, terms[i]]);
        }

        return sum;
    }

    /// <summary>Every place of a stride is the maximum of a window of one; then channels of zeros.</summary>
    private string Skip(string name, string input, Shortcut layer, int channels)
    {
        int more = layer.Outputs - channels;
        if (layer.Stride == 1 && more == 0)
        {
            return Make("Identity", name, [input]);
        }

        string strided = layer.Stride == 1 ? input : Make(
            "MaxPool", name, [input], [.. OfWindow(new(1, 1) { StrideY = layer.Stride, StrideX = layer.Stride })]);
        return more == 0 ? strided : Make(
            "Pad", layer.Stride == 1 ? name : $"{name}.pad", [strided, Constant($"{name}.pads", 0, more / 2, 0, 0, 0, more - (more / 2), 0, 0)]);
    }

    private Shape InputOf(Node node) => node.Inputs[0] == Network.Source ? _network.Input : _network.Shapes[node.Inputs[0]];

    /// <summary>Adds whole numbers that a node reads.</summary>
    private string Constant(string name, params IReadOnlyList<long> values)
    {
        var constant = new TensorProto { Name = OnnxNames.Free(_names, [name]), DataType = (int)TensorProto.Types.DataType.Int64 };
        constant.Dims.Add(values.Count);
        constant.Int64Data.Add(values);
        _constants.Add(constant);
        return constant.Name;
    }

    /// <summary>Adds a node, and names what it makes as the node.</summary>
    private string Make(string type, string name, IReadOnlyList<string> inputs, params IReadOnlyList<AttributeProto> attributes)
    {
        string output = OnnxNames.Free(_names, [name]);
        var node = new NodeProto { OpType = type, Name = name };
        node.Input.Add(inputs);
        node.Output.Add(output);
        node.Attribute.Add(attributes);
        _nodes.Add(node);
        return output;
    }

    private static IEnumerable<AttributeProto> OfWindow(Window window)
    {
        yield return Wholes("kernel_shape", window.Height, window.Width);
        yield return Wholes("strides", window.StrideY, window.StrideX);
        yield return Wholes("pads", window.Top, window.Left, window.Bottom, window.Right);
        if (window.Ceiling)
        {
            yield return Whole("ceil_mode", 1);
        }
    }

    private static AttributeProto Whole(string name, long value) =>
        new() { Name = name, Type = AttributeProto.Types.AttributeType.Int, I = value };

    private static AttributeProto Real(string name, double value) =>
        new() { Name = name, Type = AttributeProto.Types.AttributeType.Float, F = (float)value };

    private static AttributeProto Wholes(string name, params ReadOnlySpan<long> values)
    {
        var attribute = new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Ints };
        attribute.Ints.Add(values.ToArray());
        return attribute;
    }
}
