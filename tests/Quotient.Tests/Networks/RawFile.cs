using System.Buffers.Binary;
using System.Text;

namespace Quotient.Tests.Networks;

/// <summary>Safetensors files built and taken apart by hand.</summary>
public static class RawFile
{
    public static byte[] Of(string header, params float[] values) => Of(Encoding.UTF8.GetBytes(header), Bytes(values));

    public static byte[] Of(byte[] header, byte[] data)
    {
        byte[] prefix = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(prefix, header.Length);
        return [.. prefix, .. header, .. data];
    }

    public static (byte[] Header, byte[] Data) Split(byte[] file)
    {
        int length = (int)BinaryPrimitives.ReadInt64LittleEndian(file);
        return (file[8..(8 + length)], file[(8 + length)..]);
    }

    /// <summary>One tensor's part of a header.</summary>
    public static string Entry(string name, string shape, int begin, int end, string type = "F32") =>
        $"\"{name}\":{{\"dtype\":\"{type}\",\"shape\":{shape},\"data_offsets\":[{begin},{end}]}}";

    /// <summary>A header of such parts.</summary>
    public static string Header(params string[] entries) => $"{{{string.Join(',', entries)}}}";

    private static byte[] Bytes(float[] values)
    {
        byte[] bytes = new byte[values.Length * sizeof(float)];
        for (int i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), values[i]);
        }

        return bytes;
    }
}
