using System.Text.Json.Nodes;

namespace Quotient.Networks;

/// <summary>How the metadata key <c>quotient.network</c> writes one kind of layer.</summary>
internal sealed record LayerKind(string Name, Type Type, Func<JsonFields, Layer> Read, Func<Layer, JsonObject> Write) : INamed;

/// <summary>The known kinds of layers; each registers itself in its own file.</summary>
internal static class LayerKinds
{
    private static readonly Registry<LayerKind> Kinds = new("layer");

    /// <summary>Adds a kind: the name of its type in files, and how its own fields are read and written.</summary>
    public static void Register<TLayer>(string name, Func<JsonFields, TLayer> read, Func<TLayer, JsonObject> write)
        where TLayer : Layer => Kinds.Register(new(name, typeof(TLayer), read, layer => write((TLayer)layer)));

    /// <summary>Adds a kind without fields.</summary>
    public static void Register<TLayer>(string name) where TLayer : Layer, new() => Register<TLayer>(name, _ => new(), _ => []);

    /// <summary>Takes a layer's <c>type</c> and its own fields.</summary>
    public static Layer Read(JsonFields fields, string what)
    {
        string type = fields.TakeText("type");
        var kind = Kinds.All.FirstOrDefault(kind => kind.Name == type) ?? throw new QuotientException(
            $"{what} has the unknown type {Text.Quote(type)}; known are {string.Join(", ", Kinds.All.Select(kind => kind.Name))}");
        return kind.Read(fields);
    }

    /// <summary>A layer's <c>type</c> and its own fields.</summary>
    public static JsonObject Write(Layer layer)
    {
        var kind = Of(layer) ?? throw new QuotientException($"a layer of type {layer.GetType().Name} cannot be written to a model file");
        var fields = kind.Write(layer);
        fields.Insert(0, "type", kind.Name);
        return fields;
    }

    /// <summary>The name of a layer's kind; that of its type, where files do not know it.</summary>
    public static string NameOf(Layer layer) => Of(layer)?.Name ?? layer.GetType().Name;

    private static LayerKind? Of(Layer layer) => Kinds.All.FirstOrDefault(kind => kind.Type == layer.GetType());
}
