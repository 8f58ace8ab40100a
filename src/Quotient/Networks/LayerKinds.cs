using System.Text.Json;

namespace Quotient.Networks;

/// <summary>
/// How the metadata key <c>quotient.network</c> writes each kind of layer. The next kind is one more line of <see cref="All"/>.
/// </summary>
internal static class LayerKinds
{
    private static readonly Kind[] All =
    [
        Kind.Of<Dense>(
            "dense",
            fields => new(
                fields.TakeWhole("inputs", 1), fields.TakeWhole("outputs", 1), fields.TakeFlag("bias"),
                fields.Has("scale") ? fields.TakeReal("scale") : 1),
            (layer, json) =>
            {
                json.WriteNumber("inputs", layer.Inputs);
                json.WriteNumber("outputs", layer.Outputs);
                json.WriteBoolean("bias", layer.Bias);
                if (layer.Scale != 1)
                {
                    json.WriteNumber("scale", layer.Scale);
                }
            }),
        Kind.Of<Relu>("relu", _ => new(), (_, _) => { }),
        Kind.Of<BinaryDense>(
            "binary-dense",
            fields => new(fields.TakeWhole("inputs", 1), fields.TakeWhole("outputs", 1)),
            (layer, json) =>
            {
                json.WriteNumber("inputs", layer.Inputs);
                json.WriteNumber("outputs", layer.Outputs);
            }),
        Kind.Of<Sign>(
            "sign", fields => new(fields.TakeReal("threshold")), (layer, json) => json.WriteNumber("threshold", layer.Threshold)),
        Kind.Of<HardTanh>("hard-tanh", _ => new(), (_, _) => { }),
    ];

    /// <summary>Takes a layer's <c>type</c> and its own fields.</summary>
    public static Layer Read(JsonFields fields, string what)
    {
        string type = fields.TakeText("type");
        var kind = Array.Find(All, kind => kind.Name == type) ?? throw new QuotientException(
            $"{what} has the unknown type {Text.Quote(type)}; known are {string.Join(", ", All.Select(kind => kind.Name))}");
        return kind.Read(fields);
    }

    /// <summary>Writes a layer's <c>type</c> and its own fields.</summary>
    public static void Write(Layer layer, Utf8JsonWriter json)
    {
        var kind = Array.Find(All, kind => kind.Type == layer.GetType()) ?? throw new QuotientException(
            $"a layer of type {layer.GetType().Name} cannot be written to a model file");
        json.WriteString("type", kind.Name);
        kind.Write(layer, json);
    }

    private sealed record Kind(string Name, Type Type, Func<JsonFields, Layer> Read, Action<Layer, Utf8JsonWriter> Write)
    {
        public static Kind Of<TLayer>(string name, Func<JsonFields, TLayer> read, Action<TLayer, Utf8JsonWriter> write)
            where TLayer : Layer => new(name, typeof(TLayer), read, (layer, json) => write((TLayer)layer, json));
    }
}
