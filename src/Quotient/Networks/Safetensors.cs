namespace Quotient.Networks;

/// <summary>A safetensors file open for reading. Errors are sentences that do not name the file: who opens it does.</summary>
internal sealed class Safetensors : IDisposable
{
    private const int ChunkElements = 8192;

    private readonly Stream _stream;
    private readonly long _dataStart;

    /// <summary>Reads and checks the header; takes the stream, which must know its length and seek.</summary>
    public Safetensors(Stream stream)
    {
        _stream = stream;
        (Metadata, Tensors) = SafetensorsHeader.Read(stream);
        _dataStart = stream.Position;
    }

    /// <summary>The text-to-text pairs of <c>__metadata__</c>.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>The tensors in the order of their bytes.</summary>
    public IReadOnlyList<StoredTensor> Tensors { get; }

    /// <summary>Reads one tensor, widened to double; refuses NaN and infinities.</summary>
    public void Read(StoredTensor tensor, Span<double> destination)
    {
        byte[] chunk = new byte[ChunkElements * tensor.Type.Width()];
        _stream.Position = _dataStart + tensor.Begin;
        for (var rest = destination; !rest.IsEmpty;)
        {
            var values = rest[..Math.Min(ChunkElements, rest.Length)];
            var bytes = chunk.AsSpan(0, values.Length * tensor.Type.Width());
            _stream.ReadExactly(bytes);
            tensor.Type.Widen(bytes, values);
            rest = rest[values.Length..];
        }

        CheckFinite(tensor, destination);
    }

    /// <summary>
    /// Writes a file: the same tensors and metadata always give the same bytes. The tensors lie in the order given, one after
    /// the other in <paramref name="values"/>. Values that are not finite in the type are refused before anything is written.
    /// </summary>
    public static void Write(
        Stream stream,
        IReadOnlyDictionary<string, string> metadata,
        IEnumerable<(string Name, TensorType Type, IReadOnlyList<long> Dimensions)> tensors,
        ReadOnlySpan<double> values)
    {
        var stored = new List<StoredTensor>();
        int at = 0;
        foreach (var (name, type, dimensions) in tensors)
        {
            var tensor = new StoredTensor(name, type, dimensions, stored.Count == 0 ? 0 : stored[^1].End);
            CheckFinite(tensor, values.Slice(at, (int)tensor.Size));
            at += (int)tensor.Size;
            stored.Add(tensor);
        }

        stream.Write(new SafetensorsHeader(metadata, stored).ToBytes());
        foreach (var tensor in stored)
        {
            WriteValues(stream, tensor.Type, values[..(int)tensor.Size]);
            values = values[(int)tensor.Size..];
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    /// <summary>Writes numbers, rounded to the type, little-endian.</summary>
    internal static void WriteValues(Stream stream, TensorType type, ReadOnlySpan<double> values)
    {
        byte[] chunk = new byte[ChunkElements * type.Width()];
        while (!values.IsEmpty)
        {
            var part = values[..Math.Min(ChunkElements, values.Length)];
            type.Narrow(part, chunk);
            stream.Write(chunk, 0, part.Length * type.Width());
            values = values[part.Length..];
        }
    }

    /// <summary>Refuses values that are not finite in their type, by the place of the first.</summary>
    internal static void CheckFinite(StoredTensor tensor, ReadOnlySpan<double> values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            double stored = tensor.Type == TensorType.F64 ? values[i] : (float)values[i];
            if (!double.IsFinite(stored))
            {
                string value = values[i].ToString(CultureInfo.InvariantCulture);
                throw new QuotientException(
                    $"tensor {Text.Quote(tensor.Name)} holds {value} at {Text.Bracket(Place(i, tensor.Dimensions))}, " +
                    $"which is not finite in {tensor.Type}");
            }
        }
    }

    private static long[] Place(long index, IReadOnlyList<long> dimensions)
    {
        long[] place = new long[dimensions.Count];
        for (int d = place.Length - 1; d >= 0; d--)
        {
            (index, place[d]) = Math.DivRem(index, dimensions[d]);
        }

        return place;
    }
}
