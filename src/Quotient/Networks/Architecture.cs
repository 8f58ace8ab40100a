using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Quotient.Networks;

/// <summary>
/// A network as text, under the metadata key <see cref="Key"/> of a model file:
/// <code>
/// {"version":1,"input":[784],"nodes":[
///   {"name":"0","type":"dense","inputs":784,"outputs":512,"bias":true},
///   {"name":"1","type":"relu"},
///   {"name":"2","type":"dense","inputs":512,"outputs":10,"bias":true}]}
/// </code>
/// A node whose tensors do not bear its name lists theirs as <c>tensors</c>: <c>["onnx::MatMul_7","fc1.bias"]</c>.
/// <c>input</c> is [channels] or [channels, height, width]. A node reads the one before it, the first the network's input,
/// unless <c>from</c> lists the positions of those it reads, −1 for the network's input. Each kind of layer says its
/// fields in its own file.
/// </summary>
internal static class Architecture
{
    /// <summary>The metadata key.</summary>
    public const string Key = "quotient.network";

    private const int Version = 1;

    /// <summary>Reads what <see cref="Write"/> writes; anything else is a <see cref="QuotientException"/>.</summary>
    public static Network Read(string json) => JsonFields.Parse(Encoding.UTF8.GetBytes(json), Key, root =>
    {
        var fields = new JsonFields(root, Key);
        int version = fields.TakeWhole("version", 1);
        if (version != Version)
        {
            throw new QuotientException($"{Key} has version {version}; this release reads version {Version}");
        }

        var input = ReadShape(fields.TakeWholes("input", 1, int.MaxValue));
        var nodes = fields.TakeList("nodes").Select(ReadNode).ToList();
        fields.End();
        return new Network(input, nodes);
    });

    /// <summary>Writes a network.</summary>
    public static string Write(Network network)
    {
        var (channels, height, width) = network.Input;
        return Encoding.UTF8.GetString(JsonFields.ToUtf8(new()
        {
            ["version"] = Version,
            ["input"] = JsonFields.ListOf(network.Input.IsImage ? [channels, height, width] : [channels]),
            ["nodes"] = new JsonArray([.. network.Nodes.Select(WriteNode)]),
        }));
    }

    private static Shape ReadShape(IReadOnlyList<long> extents) => extents.Count switch
    {
        1 => new((int)extents[0]),
        3 => new((int)extents[0], (int)extents[1], (int)extents[2]),
        _ => throw new QuotientException(
            $"{Key} has an input of {extents.Count} extents where [channels] or [channels, height, width] is wanted"),
    };

    private static Node ReadNode(JsonElement element, int index)
    {
        string what = $"{Key}, node {index},";
        var fields = new JsonFields(element, what);
        string name = fields.TakeText("name");
        IReadOnlyList<int> inputs = fields.Has("from")
            ? [.. fields.TakeWholes("from", Network.Source, index - 1).Select(from => (int)from)]
            : [index - 1];
        IReadOnlyList<string>? tensors = fields.Has("tensors")
            ? [.. fields.TakeList("tensors").Select(tensor => fields.AsText(tensor, "tensors"))]
            : null;
        var layer = LayerKinds.Read(fields, what);
        fields.End();
        return new(name, layer, inputs) { TensorNames = tensors };
    }

    private static JsonObject WriteNode(Node node, int index)
    {
        var fields = LayerKinds.Write(node.Layer);
        fields.Insert(0, "name", node.Name);
        if (!node.Inputs.SequenceEqual([index - 1]))
        {
            fields["from"] = JsonFields.ListOf(node.Inputs.Select(from => (long)from));
        }

        if (node.TensorNames is { } tensors)
        {
            fields["tensors"] = new JsonArray([.. tensors.Select(tensor => JsonValue.Create(tensor))]);
        }

        return fields;
    }
}
