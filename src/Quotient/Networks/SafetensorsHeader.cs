using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Quotient.Networks;

/// <summary>A tensor that a safetensors file holds, and where.</summary>
/// <param name="Name">Its key in the header.</param>
/// <param name="Type">The format of its elements.</param>
/// <param name="Dimensions">Row-major, each at least 0.</param>
/// <param name="Begin">Its first byte, counted from the end of the header.</param>
internal sealed record StoredTensor(string Name, TensorType Type, IReadOnlyList<long> Dimensions, long Begin)
{
    /// <summary>The number of elements.</summary>
    public long Size => Dimensions.Aggregate(1L, (size, dimension) => checked(size * dimension));

    /// <summary>The byte after its last.</summary>
    public long End => checked(Begin + (Size * Type.Width()));
}

/// <summary>
/// The header of a safetensors file: 8 bytes, its length N as a little-endian integer; then N bytes of JSON, an object of
/// <c>"name": {"dtype", "shape", "data_offsets": [begin, end]}</c> with text-to-text pairs under <c>__metadata__</c>, padded with
/// spaces. The tensors follow and cover the rest of the file without gap or overlap.
/// </summary>
/// <remarks>Source: the format's description in the README of huggingface/safetensors, whose limit of 100 MB is kept.</remarks>
internal sealed record SafetensorsHeader(IReadOnlyDictionary<string, string> Metadata, IReadOnlyList<StoredTensor> Tensors)
{
    private const int Prefix = sizeof(ulong);
    private const long Longest = 100_000_000;

    /// <summary>As many as NumPy's arrays may have; no layer has more.</summary>
    private const int MostDimensions = 64;
    private const string MetadataKey = "__metadata__";

    /// <summary>Reads and checks the header of a file, and leaves the stream where the tensors begin.</summary>
    public static SafetensorsHeader Read(Stream stream)
    {
        byte[] json = ReadJson(stream);
        return JsonFields.Parse(json, "the header", root =>
        {
            var fields = new JsonFields(root, "the header");
            var metadata = fields.Has(MetadataKey) ? ReadMetadata(fields.Take(MetadataKey)) : [];
            var tensors = fields.Rest.Select(field => ReadTensor(field.Key, field.Value)).OrderBy(tensor => tensor.Begin)
                .ThenBy(tensor => tensor.End).ToList();
            CheckCover(tensors, stream.Length - Prefix - json.Length);
            return new SafetensorsHeader(metadata, tensors);
        });
    }

    /// <summary>The bytes that begin a file: the length, then the JSON, padded so that tensors begin at a multiple of 8.</summary>
    public byte[] ToBytes()
    {
        var fields = new JsonObject();
        if (Metadata.Count > 0)
        {
            fields[MetadataKey] = new JsonObject(Metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(WriteText));
        }

        foreach (var tensor in Tensors)
        {
            fields[tensor.Name] = new JsonObject
            {
                ["dtype"] = tensor.Type.ToString(),
                ["shape"] = JsonFields.ListOf(tensor.Dimensions),
                ["data_offsets"] = JsonFields.ListOf([tensor.Begin, tensor.End]),
            };
        }

        byte[] json = JsonFields.ToUtf8(fields);
        long length = (json.Length + Prefix - 1L) / Prefix * Prefix;
        if (length > Longest)
        {
            throw new QuotientException(
                $"the header with its metadata would take {length} bytes, where the format allows {Longest}");
        }

        byte[] bytes = new byte[Prefix + length];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, length);
        json.CopyTo(bytes, Prefix);
        bytes.AsSpan(Prefix + json.Length).Fill((byte)' ');
        return bytes;
    }

    private static KeyValuePair<string, JsonNode?> WriteText(KeyValuePair<string, string> pair) =>
        // The writer would put replacement characters for what is not Unicode, and two keys could become one.
        Text.IsUnicode(pair.Key) && Text.IsUnicode(pair.Value)
            ? new(pair.Key, pair.Value)
            : throw new QuotientException($"the metadata under {Text.Quote(pair.Key)} is not valid Unicode");

    private static byte[] ReadJson(Stream stream)
    {
        long rest = stream.Length - Prefix;
        if (rest < 0)
        {
            throw new QuotientException($"this is no safetensors file: it is {stream.Length} bytes long, and a header alone takes more");
        }

        byte[] prefix = new byte[Prefix];
        stream.ReadExactly(prefix);
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length < 2 || length > (ulong)Math.Min(Longest, rest))
        {
            throw new QuotientException(
                $"this is no safetensors file, or a truncated one: its header would take {length} bytes, where {rest} follow and the " +
                $"format allows 2 to {Longest}");
        }

        byte[] json = new byte[length];
        stream.ReadExactly(json);

        // Leading space would be JSON too, but the format wants the brace first so that files can be told from others.
        return json[0] == '{'
            ? json
            : throw new QuotientException($"this is no safetensors file: its header begins with byte {json[0]} where '{{' is wanted");
    }

    private static Dictionary<string, string> ReadMetadata(JsonElement element)
    {
        var fields = new JsonFields(element, $"the header's {MetadataKey}");
        return fields.Rest.ToDictionary(field => field.Key, field => fields.AsText(field.Value, field.Key));
    }

    private static StoredTensor ReadTensor(string name, JsonElement element)
    {
        string what = $"tensor {Text.Quote(name)}";
        var fields = new JsonFields(element, what);
        string type = fields.TakeText("dtype");
        if (!Enum.GetNames<TensorType>().Contains(type))
        {
            throw new QuotientException(
                $"{what} has dtype {Text.Quote(type)}, which is not read; F16, BF16, F32, F64, U8 and I64 are");
        }

        var dimensions = fields.TakeWholes("shape", longest: MostDimensions);
        var offsets = fields.TakeWholes("data_offsets", longest: MostDimensions);
        fields.End();
        if (offsets.Count != 2)
        {
            throw new QuotientException($"{what} has {offsets.Count} data_offsets where a begin and an end are wanted");
        }

        var tensor = new StoredTensor(name, Enum.Parse<TensorType>(type), dimensions, offsets[0]);
        try
        {
            _ = tensor.End;
        }
        catch (OverflowException error)
        {
            throw new QuotientException($"{what} of shape {Text.Bracket(dimensions)} has too many elements to count", error);
        }

        if (tensor.End != offsets[1])
        {
            throw new QuotientException(
                $"{what} of shape {Text.Bracket(dimensions)} in {type} takes {tensor.End - tensor.Begin} bytes, but its " +
                $"data_offsets are {Text.Bracket(offsets)}");
        }

        return tensor;
    }

    private static void CheckCover(IEnumerable<StoredTensor> tensors, long dataLength)
    {
        long end = 0;
        foreach (var tensor in tensors)
        {
            if (tensor.Begin != end)
            {
                throw new QuotientException(
                    $"tensor {Text.Quote(tensor.Name)} begins at byte {tensor.Begin}, but the tensor before it ends at {end}");
            }

            end = tensor.End;
        }

        if (end != dataLength)
        {
            string how = end > dataLength ? "truncated" : "too long";
            throw new QuotientException($"the file is {how}: its tensors take {end} bytes, but {dataLength} follow the header");
        }
    }
}
