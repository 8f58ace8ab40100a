using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Quotient.Networks;

/// <summary>
/// A network as text, under the metadata key <see cref="Key"/> of a model file:
/// <code>
/// {"version":1,"input":[784],"nodes":[
///   {"name":"0","type":"dense","inputs":784,"outputs":512,"bias":true},
///   {"name":"1","type":"relu"},
///   {"name":"2","type":"dense","inputs":512,"outputs":10,"bias":true}]}
/// </code>
/// <c>input</c> is [channels] or [channels, height, width]. A node reads the one before it, the first the network's input,
/// unless <c>from</c> lists the positions of those it reads, −1 for the network's input. Each kind of layer says its
/// fields in its own file.
/// </summary>
internal static class Architecture
{
    /// <summary>The metadata key.</summary>
    public const string Key = "quotient.network";

    private const int Version = 1;
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

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
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, Relaxed))
        {
            json.WriteStartObject();
            json.WriteNumber("version", Version);
            var (channels, height, width) = network.Input;
            WriteList(json, "input", (height, width) == (1, 1) ? [channels] : [channels, height, width]);
            json.WriteStartArray("nodes");
            foreach (var (index, node) in network.Nodes.Index())
            {
                WriteNode(json, index, node);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
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
        var layer = LayerKinds.Read(fields, what);
        fields.End();
        return new(name, layer, inputs);
    }

    private static void WriteNode(Utf8JsonWriter json, int index, Node node)
    {
        json.WriteStartObject();
        json.WriteString("name", node.Name);
        LayerKinds.Write(node.Layer, json);
        if (!node.Inputs.SequenceEqual([index - 1]))
        {
            WriteList(json, "from", node.Inputs);
        }

        json.WriteEndObject();
    }

    private static void WriteList(Utf8JsonWriter json, string name, IEnumerable<int> values)
    {
        json.WriteStartArray(name);
        foreach (int value in values)
        {
            json.WriteNumberValue(value);
        }

        json.WriteEndArray();
    }
}
