using Onnx;

namespace Quotient.Networks.Import;

/// <summary>
/// A graph while it is read: what each of its names stands for, and the layers so far. Nodes are taken in the file's order, in which each
/// reads only what stands before it.
/// </summary>
internal sealed class OnnxGraph
{
    private readonly Dictionary<string, OnnxValue> _values = [];
    private readonly Dictionary<string, string> _takers = [];
    private readonly HashSet<string> _made;
    private readonly ILookup<string, int> _readers;
    private readonly List<OnnxLayer> _layers = [];

    /// <summary>Takes the initialisers and the input; the nodes follow one by one.</summary>
    public OnnxGraph(GraphProto graph, string folder)
    {
        Folder = folder;
        QuotientException.ThrowIf(graph.SparseInitializer.Count > 0, $"the graph has sparse initialisers, which are not read");
        foreach (var tensor in graph.Initializer)
        {
            Define(tensor.Name, new OnnxConstant(tensor.Name, tensor));
        }

        // Files of older versions list their initialisers among the inputs.
        var inputs = graph.Input.Where(input => !_values.ContainsKey(input.Name)).ToList();
        if (inputs.Count != 1)
        {
            throw new QuotientException($"the graph has {Sentence.Count(inputs.Count, "input")} where one is wanted");
        }

        (Input, bool isImage, Samples) = OnnxInput.Read(inputs[0]);
        Define(inputs[0].Name, new OnnxSignal(Network.Source, Input, isImage));
        _made = [.. graph.Node.SelectMany(node => node.Output)];
        _readers = graph.Node.SelectMany(node => node.Input).Concat(graph.Output.Select(output => output.Name)).Select((name, at) => (name, at))
            .ToLookup(read => read.name, read => read.at);
    }

    /// <summary>The shape of one sample.</summary>
    public Shape Input { get; }

    /// <summary>The number of samples that the graph was traced with; null where it is open.</summary>
    public long? Samples { get; }

    /// <summary>Where files beside the model are looked for.</summary>
    public string Folder { get; }

    /// <summary>The layers so far, each reading earlier ones.</summary>
    public IReadOnlyList<OnnxLayer> Layers => _layers;

    /// <summary>What a node reads at a place.</summary>
    public OnnxValue Value(OnnxNode node, int input)
    {
        if (!node.Reads(input))
        {
            throw node.Wrong($"has {Sentence.Count(node.Inputs.Count(name => name.Length > 0), "input")}, too few");
        }

        string name = node.Inputs[input];
        return _values.TryGetValue(name, out var value) ? value
            : _made.Contains(name) ? throw node.Wrong($"reads {Text.Quote(name)}, which no node before it makes: the graph has a cycle, or is out of order")
            : throw node.Wrong($"reads {Text.Quote(name)}, which is no initialiser, no input, and made by no node");
    }

    /// <summary>A signal that a node reads, with no zeros around it.</summary>
    public OnnxSignal Signal(OnnxNode node, int input)
    {
        var signal = PaddedSignal(node, input);
        return signal.Padding.IsThere
            ? throw node.Wrong($"reads {Text.Quote(node.Inputs[input])}, around which a Pad laid zeros; only windows take these in")
            : signal;
    }

    /// <summary>A signal that a node reads.</summary>
    public OnnxSignal PaddedSignal(OnnxNode node, int input) => Value(node, input) as OnnxSignal
        ?? throw node.Wrong($"reads {Text.Quote(node.Inputs[input])}, which is the same for all samples, where a layer's output is wanted");

    /// <summary>A tensor of the file that a node reads.</summary>
    public OnnxConstant Constant(OnnxNode node, int input) => Value(node, input) as OnnxConstant
        ?? throw node.Wrong($"reads {Text.Quote(node.Inputs[input])}, which is no tensor of the file, where one is wanted");

    /// <summary>Whole numbers that a node reads, such as a shape, or that a layer's shape gave.</summary>
    public OnnxExtents Extents(OnnxNode node, int input) => Value(node, input) switch
    {
        OnnxExtents extents => extents,
        OnnxConstant constant => node.Named(() => new OnnxExtents(
            [.. OnnxTensor.ReadWholes(constant.Key, constant.Tensor, Folder).Select(value => (long?)value)], constant.Dimensions.Count == 0)),
        _ => throw node.Wrong($"reads {Text.Quote(node.Inputs[input])} where whole numbers are wanted"),
    };

    /// <summary>Whole numbers that a node reads and that do not depend on the number of samples.</summary>
    public IReadOnlyList<long> Wholes(OnnxNode node, int input) =>
        [.. Extents(node, input).Values.Select(value => value ?? throw node.Wrong("reads the number of samples where another number is wanted"))];

    /// <summary>Says what a node makes.</summary>
    public void Set(OnnxNode node, OnnxValue value)
    {
        QuotientException.ThrowIf(node.Outputs.Count == 0 || node.Outputs[0].Length == 0, $"{node.Operator} {node.What} has no output");
        Define(node.Outputs[0], value);
    }

    /// <summary>Adds a layer.</summary>
    /// <param name="node">The node that it stands for.</param>
    /// <param name="layer">What it computes.</param>
    /// <param name="inputs">What it reads.</param>
    /// <param name="tensors">Its tensors, then its buffers, in the layer's order.</param>
    /// <param name="isImage">Whether its output has the axes of an image; as its first input, if it is not said.</param>
    public void Add(
        OnnxNode node, Layer layer, IReadOnlyList<OnnxSignal> inputs, IReadOnlyList<OnnxConstant> tensors, bool? isImage = null)
    {
        foreach (var (tensor, shape) in tensors.Zip(layer.Tensors.Concat(layer.Buffers)))
        {
            Claim(node, tensor, shape);
        }

        var output = node.Named(() => layer.Output([.. inputs.Select(input => input.Shape)]));
        if (!output.IsValid)
        {
            throw node.Wrong($"cannot have an output of shape {output}");
        }

        Set(node, new OnnxSignal(_layers.Count, output, isImage ?? inputs[0].IsImage));
        _layers.Add(new(node, layer, [.. inputs.Select(input => input.Node)], tensors));
    }

    /// <summary>The layer that made a signal, if nothing but one node reads it.</summary>
    public OnnxLayer? OwnLayer(OnnxNode node, int input) =>
        Value(node, input) is OnnxSignal { Node: not Network.Source, Padding.IsThere: false } signal
        && _readers[node.Inputs[input]].Count() == 1
        && _layers[signal.Node].Node.Outputs[0] == node.Inputs[input]
            ? _layers[signal.Node]
            : null;

    /// <summary>Puts another layer in the place of one that <see cref="OwnLayer"/> found, with more tensors; a node makes its output then.</summary>
    public void Replace(OnnxNode node, OnnxLayer old, Layer layer, Shape shape, params IReadOnlyList<OnnxConstant> tensors)
    {
        foreach (var (tensor, declared) in tensors.Zip(layer.Tensors.TakeLast(tensors.Count)))
        {
            Claim(node, tensor, declared);
        }

        int index = _layers.IndexOf(old);
        _layers[index] = old with { Layer = layer, Tensors = [.. old.Tensors, .. tensors] };
        Set(node, ((OnnxSignal)_values[old.Node.Outputs[0]]) with { Shape = shape });
    }

    /// <summary>The network's output, which must be the last layer's.</summary>
    public void CheckOutput(GraphProto graph)
    {
        if (graph.Output.Count != 1)
        {
            throw new QuotientException($"the graph has {Sentence.Count(graph.Output.Count, "output")} where one is wanted");
        }

        string name = graph.Output[0].Name;
        QuotientException.ThrowIf(
            !_values.TryGetValue(name, out var value) || value is not OnnxSignal { Padding.IsThere: false } signal || signal.Node != _layers.Count - 1,
            $"the graph's output {Text.Quote(name)} is not what its last layer makes");
    }

    /// <summary>Takes a tensor for a layer; tied ones are refused, since curvature counts each parameter once.</summary>
    private void Claim(OnnxNode node, OnnxConstant tensor, TensorShape shape)
    {
        if (!_takers.TryAdd(tensor.Key, node.What))
        {
            throw node.Wrong(
                $"reads the tensor {Text.Quote(tensor.Key)} that {_takers[tensor.Key]} reads too: tied weights are not taken, since each " +
                "parameter belongs to one layer");
        }

        // A bias may be written as [1, n] or [n, 1, 1].
        bool fits = tensor.Dimensions.Where(extent => extent != 1).SequenceEqual(
            shape.Dimensions.Where(extent => extent != 1).Select(extent => (long)extent));
        if (!fits)
        {
            throw node.Wrong(
                $"reads the tensor {Text.Quote(tensor.Key)} of shape {Text.Bracket([.. tensor.Dimensions])} where " +
                $"{Text.Bracket([.. shape.Dimensions])} is wanted");
        }
    }

    private void Define(string name, OnnxValue value)
    {
        if (!_values.TryAdd(name, value))
        {
            throw new QuotientException($"the name {Text.Quote(name)} is made twice");
        }
    }
}

/// <summary>A layer of a network that is being read.</summary>
/// <param name="Node">The node that it stands for.</param>
/// <param name="Layer">What it computes.</param>
/// <param name="Inputs">Indices of the layers that it reads.</param>
/// <param name="Tensors">Its tensors, then its buffers.</param>
internal sealed record OnnxLayer(OnnxNode Node, Layer Layer, IReadOnlyList<int> Inputs, IReadOnlyList<OnnxConstant> Tensors);
