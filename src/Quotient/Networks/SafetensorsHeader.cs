using System.Buffers.Binary;
using System.Text.Encodings.Web;
using System.Text.Json;

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
    /// <summary>Bytes of the length that comes first.</summary>
    public const int Prefix = sizeof(ulong);

    private const long Longest = 100_000_000;
    private const string MetadataKey = "__metadata__";
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The JSON's length, from the first bytes of a file; checked before anything of that length is made.</summary>
    public static int Length(ReadOnlySpan<byte> prefix, long fileLength)
    {
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        long rest = fileLength - Prefix;
        return length >= 2 && length <= (ulong)Math.Min(Longest, rest)
            ? (int)length
            : throw new QuotientException(
                $"this is no safetensors file, or a truncated one: its header would take {length} bytes, where {rest} follow and the " +
                $"format allows 2 to {Longest}");
    }

    /// <summary>Reads the JSON of a file that holds <paramref name="dataLength"/> bytes after it.</summary>
    public static SafetensorsHeader Parse(ReadOnlyMemory<byte> json, long dataLength)
    {
        // Leading space would be JSON too, but the format wants the brace first so that files can be told from others.
        if (json.Span[0] != '{')
        {
            throw new QuotientException(
                $"this is no safetensors file: its header begins with byte {json.Span[0]} where '{{' is wanted");
        }

        return JsonFields.Parse(json, "the header", root =>
        {
            var fields = new JsonFields(root, "the header");
            var metadata = fields.Has(MetadataKey) ? ReadMetadata(fields.Take(MetadataKey)) : [];
            var tensors = fields.Rest.Select(field => ReadTensor(field.Key, field.Value)).OrderBy(tensor => tensor.Begin)
                .ThenBy(tensor => tensor.End).ToList();
            CheckCover(tensors, dataLength);
            return new SafetensorsHeader(metadata, tensors);
        });
    }

    /// <summary>The bytes that begin a file: the length, then the JSON, padded so that tensors begin at a multiple of 8.</summary>
    public byte[] ToBytes()
    {
        using var stream = new MemoryStream();
        stream.Write(new byte[Prefix]);
        using (var writer = new Utf8JsonWriter(stream, Relaxed))
        {
            WriteJson(writer);
        }

        while (stream.Length % Prefix != 0)
        {
            stream.WriteByte((byte)' ');
        }

        byte[] bytes = stream.ToArray();
        if (bytes.Length - Prefix > Longest)
        {
            throw new QuotientException(
                $"the header with its metadata would take {bytes.Length - Prefix} bytes, where the format allows {Longest}");
        }

        BinaryPrimitives.WriteInt64LittleEndian(bytes, bytes.Length - Prefix);
        return bytes;
    }

    private void WriteJson(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        if (Metadata.Count > 0)
        {
            writer.WriteStartObject(MetadataKey);
            foreach (var (key, value) in Metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            {
                // The writer would put replacement characters for what is not Unicode, and two keys could become one.
                if (!Text.IsUnicode(key) || !Text.IsUnicode(value))
                {
                    throw new QuotientException($"the metadata under {Text.Quote(key)} is not valid Unicode");
                }

                writer.WriteString(key, value);
            }

            writer.WriteEndObject();
        }

        foreach (var tensor in Tensors)
        {
            writer.WriteStartObject(tensor.Name);
            writer.WriteString("dtype", tensor.Type.ToString());
            WriteList(writer, "shape", tensor.Dimensions);
            WriteList(writer, "data_offsets", [tensor.Begin, tensor.End]);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private static void WriteList(Utf8JsonWriter writer, string name, IEnumerable<long> values)
    {
        writer.WriteStartArray(name);
        foreach (long value in values)
        {
            writer.WriteNumberValue(value);
        }

        writer.WriteEndArray();
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
                $"{what} has dtype {Text.Quote(type)}, which is not read; F16, BF16, F32, F64 and U8 are");
        }

        var dimensions = fields.TakeWholes("shape");
        var offsets = fields.TakeWholes("data_offsets");
        fields.End();
        if (offsets.Count != 2)
        {
            throw new QuotientException($"{what} has {offsets.Count} data_offsets where a begin and an end are wanted");
        }

        var tensor = new StoredTensor(name, Enum.Parse<TensorType>(type), dimensions, offsets[0]);
        if (EndOf(tensor, what) != offsets[1])
        {
            throw new QuotientException(
                $"{what} of shape {Text.Bracket(dimensions)} in {type} takes {tensor.End - tensor.Begin} bytes, but its " +
                $"data_offsets are {Text.Bracket(offsets)}");
        }

        return tensor;
    }

    private static long EndOf(StoredTensor tensor, string what)
    {
        try
        {
            return tensor.End;
        }
        catch (OverflowException error)
        {
            throw new QuotientException(
                $"{what} of shape {Text.Bracket(tensor.Dimensions)} has too many elements to count", error);
        }
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
