using Onnx;

namespace Quotient.Networks.Import;

/// <summary>A node of an ONNX graph, read strictly: every attribute is taken by its operator, or the node is refused.</summary>
internal sealed class OnnxNode
{
    private readonly Dictionary<string, AttributeProto> _attributes = [];
    private readonly NodeProto _node;

    /// <summary>Refuses operators of other domains, and attributes that are there twice.</summary>
    public OnnxNode(NodeProto node, int index)
    {
        _node = node;
        What = node.Name.Length > 0 ? $"node {Text.Quote(node.Name)}" : $"node {index}, without a name,";
        if (node.Domain is not ("" or "ai.onnx"))
        {
            throw Wrong($"has the operator {Text.Quote(node.OpType)} of {Text.Quote(node.Domain)}, where ONNX's own are taken");
        }

        if (node.Attribute.FirstOrDefault(attribute => !_attributes.TryAdd(attribute.Name, attribute)) is { } twice)
        {
            throw Wrong($"has the attribute {Text.Quote(twice.Name)} twice");
        }
    }

    /// <summary>The node, for sentences: <c>node 'Conv_0'</c>.</summary>
    public string What { get; }

    /// <summary>Its name; empty where it has none.</summary>
    public string Name => _node.Name;

    /// <summary>The operator, fit for sentences.</summary>
    public string Operator => Text.Plain(_node.OpType, 40);

    /// <summary>The names that it reads; empty for what is left out.</summary>
    public IReadOnlyList<string> Inputs => _node.Input;

    /// <summary>The names that it makes.</summary>
    public IReadOnlyList<string> Outputs => _node.Output;

    /// <summary>Whether it reads something at a place.</summary>
    public bool Reads(int input) => input < Inputs.Count && Inputs[input].Length > 0;

    /// <summary>A refusal that names operator and node.</summary>
    public QuotientException Wrong(string sentence, Exception? inner = null) => new($"{Operator} {What} {sentence}", inner);

    /// <summary>Runs what may refuse in a sentence that does not name the node.</summary>
    public T Named<T>(Func<T> run)
    {
        try
        {
            return run();
        }
        catch (QuotientException error)
        {
            throw Wrong($"cannot be taken: {error.Message}", error);
        }
    }

    /// <summary>Takes a whole number.</summary>
    public long TakeWhole(string name, long standard) => Take(name, AttributeProto.Types.AttributeType.Int)?.I ?? standard;

    /// <summary>Takes a flag.</summary>
    public bool TakeFlag(string name, bool standard = false) => TakeWhole(name, standard ? 1 : 0) != 0;

    /// <summary>Takes a number as it is stored.</summary>
    public float TakeReal(string name, float standard) => Take(name, AttributeProto.Types.AttributeType.Float)?.F ?? standard;

    /// <summary>Takes a word.</summary>
    public string TakeText(string name, string standard) =>
        Take(name, AttributeProto.Types.AttributeType.String)?.S.ToStringUtf8() ?? standard;

    /// <summary>Takes a tensor.</summary>
    public TensorProto? TakeTensor(string name) => Take(name, AttributeProto.Types.AttributeType.Tensor)?.T;

    /// <summary>Takes whole numbers; null where they are not there.</summary>
    public IReadOnlyList<long>? TakeWholes(string name) => Take(name, AttributeProto.Types.AttributeType.Ints)?.Ints;

    /// <summary>Takes as many whole numbers of one range as are wanted.</summary>
    public int[] TakeWholes(string name, int count, int standard, int least)
    {
        var given = TakeWholes(name);
        return given is null ? [.. Enumerable.Repeat(standard, count)] : Whole(given, name, count, least);
    }

    /// <summary>Checks that whole numbers are as many as wanted, and in range.</summary>
    public int[] Whole(IReadOnlyList<long> given, string name, int count, int least) =>
        given.Count == count && given.All(value => value >= least && value <= int.MaxValue)
            ? [.. given.Select(value => (int)value)]
            : throw Wrong($"has {name} {Text.Bracket(given)} where {count} whole numbers from {least} up are wanted");

    /// <summary>Takes an attribute that must be at its standard.</summary>
    public void Require(string name, long standard, string wanted)
    {
        long value = TakeWhole(name, standard);
        if (value != standard)
        {
            throw Wrong($"has {name} {value}; only {wanted} is taken");
        }
    }

    /// <summary>Refuses attributes that nobody took.</summary>
    public void End()
    {
        if (_attributes.Count > 0)
        {
            throw Wrong($"has the attribute {Text.Quote(_attributes.Keys.First())}, which is not known");
        }
    }

    private AttributeProto? Take(string name, AttributeProto.Types.AttributeType type)
    {
        if (!_attributes.Remove(name, out var attribute))
        {
            return null;
        }

        bool isTensor = type != AttributeProto.Types.AttributeType.Tensor || attribute.T is not null;
        return (attribute.Type == type || attribute.Type == AttributeProto.Types.AttributeType.Undefined) && isTensor
            ? attribute
            : throw Wrong($"has an attribute {name} of type {attribute.Type} where {type} is wanted");
    }
}
