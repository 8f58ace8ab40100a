using System.Buffers.Binary;

namespace Quotient.Networks;

/// <summary>
/// The element formats of a safetensors file that are read: IEEE binary16, bfloat16 (the upper half of a binary32), IEEE binary32 and
/// binary64, each of which widens to double without rounding; bytes, in which the weights of binary layers are packed; and integers, which
/// are never parameters: others count their batches in them.
/// </summary>
internal enum TensorType
{
    F16,
    BF16,
    F32,
    F64,
    U8,
    I64,
}

/// <summary>Elements between bytes, little-endian, and double.</summary>
internal static class TensorTypes
{
    /// <summary>Bytes of one element.</summary>
    public static int Width(this TensorType type) => type switch
    {
        TensorType.F32 => sizeof(float),
        TensorType.F64 or TensorType.I64 => sizeof(double),
        TensorType.U8 => sizeof(byte),
        _ => sizeof(ushort),
    };

    /// <summary>Widens as many elements as <paramref name="values"/> holds.</summary>
    public static void Widen(this TensorType type, ReadOnlySpan<byte> bytes, Span<double> values)
    {
        int width = type.Width();
        for (int i = 0; i < values.Length; i++)
        {
            var element = bytes.Slice(i * width, width);
            values[i] = type switch
            {
                TensorType.F16 => (double)BinaryPrimitives.ReadHalfLittleEndian(element),
                TensorType.BF16 => BitConverter.UInt32BitsToSingle((uint)BinaryPrimitives.ReadUInt16LittleEndian(element) << 16),
                TensorType.F32 => BinaryPrimitives.ReadSingleLittleEndian(element),
                TensorType.U8 => element[0],
                TensorType.I64 => BinaryPrimitives.ReadInt64LittleEndian(element),
                _ => BinaryPrimitives.ReadDoubleLittleEndian(element),
            };
        }
    }

    /// <summary>Rounds every value to the format; files are written in F32, F64 and U8 only.</summary>
    public static void Narrow(this TensorType type, ReadOnlySpan<double> values, Span<byte> bytes)
    {
        int width = type.Width();
        for (int i = 0; i < values.Length; i++)
        {
            var element = bytes.Slice(i * width, width);
            switch (type)
            {
                case TensorType.F64:
                    BinaryPrimitives.WriteDoubleLittleEndian(element, values[i]);
                    break;
                case TensorType.U8:
                    element[0] = (byte)values[i];
                    break;
                default:
                    BinaryPrimitives.WriteSingleLittleEndian(element, (float)values[i]);
                    break;
            }
        }
    }
}
