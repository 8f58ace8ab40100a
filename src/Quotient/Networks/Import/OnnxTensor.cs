using System.Buffers.Binary;
using Onnx;
using DataType = Onnx.TensorProto.Types.DataType;

namespace Quotient.Networks.Import;

/// <summary>
/// The numbers of an ONNX tensor, which lie in the file itself, as bytes or as a list, or in a file beside it. That they are all there is
/// checked before anything is allocated for them.
/// </summary>
internal sealed class OnnxTensor
{
    private const int MostExtents = 64;

    private readonly string _key;
    private readonly TensorProto _tensor;
    private readonly ExternalData? _external;

    /// <summary>Checks type, extents and the number of values.</summary>
    /// <param name="key">Its name, for sentences.</param>
    /// <param name="tensor">The tensor.</param>
    /// <param name="folder">Where files beside the model are looked for.</param>
    public OnnxTensor(string key, TensorProto tensor, string folder)
    {
        (_key, _tensor) = (key, tensor);
        Type = TypeOf((DataType)tensor.DataType) ?? throw Wrong(
            $"has the type {NameOf(tensor.DataType)}, which is not read; FLOAT, DOUBLE, FLOAT16 and BFLOAT16 are");
        Size = CountOf([.. tensor.Dims]);
        _external = tensor.DataLocation == TensorProto.Types.DataLocation.External
            ? new(key, tensor, Size * Type.Width(), folder)
            : null;
        long there = Count();
        if (there != Size)
        {
            throw Wrong($"of shape {Text.Bracket(tensor.Dims)} has {Size} values, but {there} are stored");
        }
    }

    /// <summary>The format of its values.</summary>
    public TensorType Type { get; }

    /// <summary>How many there are.</summary>
    public long Size { get; }

    /// <summary>The file beside the model that its values lie in, and its length; null where they lie in the model's own.</summary>
    public (string Path, long Length)? Beside => _external?.File;

    /// <summary>Reads its values, widened to double; refuses NaN and infinities.</summary>
    public void Read(Span<double> values)
    {
        if (_external is not null)
        {
            _external.Read(Type, values);
        }
        else if (_tensor.RawData.Length > 0)
        {
            Type.Widen(_tensor.RawData.Span, values);
        }
        else
        {
            ReadList(values);
        }

        Safetensors.CheckFinite(new(_key, Type, [.. _tensor.Dims], 0), values);
    }

    /// <summary>Reads a few whole numbers, such as a shape.</summary>
    public static IReadOnlyList<long> ReadWholes(string key, TensorProto tensor, string folder)
    {
        const int Most = 64;
        if ((DataType)tensor.DataType != DataType.Int64 || tensor.DataLocation == TensorProto.Types.DataLocation.External)
        {
            throw new QuotientException($"tensor {Text.Quote(key)} is no list of INT64 in the file itself, where a shape is wanted");
        }

        var stored = new OnnxTensor(key, tensor, folder);
        if (stored.Size > Most)
        {
            throw stored.Wrong($"has {stored.Size} values where a shape is wanted");
        }

        var bytes = tensor.RawData.Span;
        long[] values = [.. tensor.Int64Data];
        for (int i = 0; bytes.Length > 0; i++, bytes = bytes[sizeof(long)..])
        {
            values = [.. values[..i], BinaryPrimitives.ReadInt64LittleEndian(bytes)];
        }

        return values;
    }

    private static TensorType? TypeOf(DataType type) => type switch
    {
        DataType.Float => TensorType.F32,
        DataType.Double => TensorType.F64,
        DataType.Float16 => TensorType.F16,
        DataType.Bfloat16 => TensorType.BF16,
        DataType.Int64 => TensorType.I64,
        _ => null,
    };

    private static string NameOf(int type) => Enum.IsDefined((DataType)type) ? $"{(DataType)type}".ToUpperInvariant() : $"{type}";

    private long CountOf(long[] dimensions)
    {
        Int128 size = 1;
        foreach (long dimension in dimensions)
        {
            size *= dimension;
            if (dimension < 0 || size > long.MaxValue / sizeof(double) || dimensions.Length > MostExtents)
            {
                throw Wrong($"cannot have the shape {Text.Bracket(dimensions)}");
            }
        }

        return (long)size;
    }

    /// <summary>The number of values that are stored.</summary>
    private long Count() => _external is not null ? Size
        : _tensor.RawData.Length > 0 ? RawCount()
        : Type switch
        {
            TensorType.F32 => _tensor.FloatData.Count,
            TensorType.F64 => _tensor.DoubleData.Count,
            TensorType.I64 => _tensor.Int64Data.Count,
            _ => _tensor.Int32Data.Count,
        };

    private long RawCount() => _tensor.RawData.Length % Type.Width() == 0
        ? _tensor.RawData.Length / Type.Width()
        : throw Wrong($"has {_tensor.RawData.Length} bytes, no multiple of {Type.Width()}");

    /// <summary>Halves lie in the lower bits of integers.</summary>
    private void ReadList(Span<double> values)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ushort)];
        for (int i = 0; i < values.Length; i++)
        {
            switch (Type)
            {
                case TensorType.F32:
                    values[i] = _tensor.FloatData[i];
                    break;
                case TensorType.F64:
                    values[i] = _tensor.DoubleData[i];
                    break;
                default:
                    BinaryPrimitives.WriteUInt16LittleEndian(bytes, (ushort)_tensor.Int32Data[i]);
                    Type.Widen(bytes, values.Slice(i, 1));
                    break;
            }
        }
    }

    private QuotientException Wrong(string sentence) => new($"tensor {Text.Quote(_key)} {sentence}");
}
