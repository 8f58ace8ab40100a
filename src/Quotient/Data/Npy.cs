using System.Buffers.Binary;
using System.Text;
using Quotient.Networks;

namespace Quotient.Data;

/// <summary>
/// NumPy's array format NPY, versions 1 to 3: a magic, a header that is a Python dictionary of <c>descr</c>,
/// <c>fortran_order</c> and <c>shape</c>, then the numbers. Source: NumPy Enhancement Proposal 1 and numpy.lib.format.
/// </summary>
public static class Npy
{
    /// <summary>Reads an array of real numbers, whole numbers or truth values, of either byte order and either layout.</summary>
    /// <exception cref="QuotientException">The file is missing, damaged, truncated, too long, or of another type.</exception>
    public static NpyArray Read(string path)
    {
        using var file = InputFile.Open(path);
        return InputFile.Guard(path, () => Read(file, path, file.Length));
    }

    /// <summary>Reads a vector of finite numbers.</summary>
    /// <exception cref="QuotientException">As <see cref="Read(string)"/>; or it has other than one dimension, or NaN.</exception>
    public static double[] ReadVector(string path) => ReadVector(path, out _);

    /// <summary>Reads a vector of finite numbers, and says what precision the file holds them in.</summary>
    /// <exception cref="QuotientException">As <see cref="Read(string)"/>; or it has other than one dimension, or NaN.</exception>
    public static double[] ReadVector(string path, out Precision stored)
    {
        var array = Read(path);
        QuotientException.ThrowIf(
            array.Shape.Count != 1, $"{path}: has the shape {array.ShapeText}, expected a vector (one dimension)");

        array.CheckFinite(path);
        stored = array.Type is "f4" or "f2" ? Precision.Single : Precision.Double;
        return array.ToDoubles();
    }

    /// <summary>Writes a vector.</summary>
    public static void WriteVector(string path, ReadOnlySpan<double> values, Precision precision) =>
        Write(path, values, [values.Length], precision);

    /// <summary>Writes an array in row-major order, little-endian, to a temporary name that is then renamed.</summary>
    /// <param name="path">The file; one that exists is replaced.</param>
    /// <param name="values">As many as the product of <paramref name="shape"/>.</param>
    /// <param name="shape">Dimensions.</param>
    /// <param name="precision">float32 or float64; a float32 file holds the nearest values.</param>
    public static void Write(string path, ReadOnlySpan<double> values, IReadOnlyList<int> shape, Precision precision)
    {
        QuotientException.ThrowIf(
            shape.Aggregate(1L, (size, dimension) => checked(size * dimension)) != values.Length,
            $"{path}: {values.Length} values do not fill the shape ({string.Join(", ", shape)})");

        byte[] header = Header(shape, precision);
        double[] copy = values.ToArray();
        try
        {
            WholeFile.Write(path, file =>
            {
                file.Write(header);
                Safetensors.WriteValues(file, precision == Precision.Single ? TensorType.F32 : TensorType.F64, copy);
            });
        }
        catch (QuotientException refused)
        {
            throw new QuotientException($"'{path}' cannot be written: {InputFile.Clause(refused)}", refused);
        }
    }

    /// <summary>Reads an array that takes up all of a stream of about <paramref name="length"/> bytes.</summary>
    internal static NpyArray Read(Stream stream, string name, long length)
    {
        var header = NpyHeader.Read(stream, name);
        var array = header.Type switch
        {
            "b1" or "u1" => Read<byte, byte>(stream, name, length, header),
            "i1" => Read<sbyte, float>(stream, name, length, header),
            "i2" => Read<short, float>(stream, name, length, header),
            "u2" => Read<ushort, float>(stream, name, length, header),
            "f2" => Read<Half, float>(stream, name, length, header),
            "f4" => Read<float, float>(stream, name, length, header),
            "i4" => Read<int, double>(stream, name, length, header),
            "u4" => Read<uint, double>(stream, name, length, header),
            "i8" => Read<long, double>(stream, name, length, header),
            "u8" => Read<ulong, double>(stream, name, length, header),
            _ => Read<double, double>(stream, name, length, header),
        };
        return Values.Ends(stream)
            ? array
            : throw new QuotientException($"{name}: is too long: bytes follow the {header.Count} values that its header announces");
    }

    private static unsafe NpyArray Read<TStored, TValue>(Stream stream, string name, long length, NpyHeader header)
        where TStored : unmanaged, INumberBase<TStored>
        where TValue : unmanaged, INumberBase<TValue>
    {
        bool swap = header.BigEndian == BitConverter.IsLittleEndian;
        var values = Values.Read<TStored, TValue>(stream, name, header.Count, length / sizeof(TStored), swap);
        return new(header.Type, header.Shape, header.ColumnMajor ? NpyArray.Transposed(values, header.Shape) : values);
    }

    private static byte[] Header(IReadOnlyList<int> shape, Precision precision)
    {
        string type = precision == Precision.Single ? "<f4" : "<f8";
        string text = $"{{'descr': '{type}', 'fortran_order': False, 'shape': {NpyArray.Tuple(shape)}, }}";
        // Magic, version and length take 10 bytes, a line feed ends the header, and the numbers start at a multiple of 64.
        text = text.PadRight(((10 + text.Length + 1 + 63) / 64 * 64) - 11) + "\n";
        byte[] header = [.. NpyHeader.Magic, 1, 0, 0, 0, .. Encoding.ASCII.GetBytes(text)];
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(8), (ushort)text.Length);
        return header;
    }
}
