using System.Buffers.Binary;
using System.Text;
using Quotient.Files;
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

    /// <summary>
    /// The dimensions that a file's header announces, and by its length holds; the numbers are not read.
    /// </summary>
    /// <exception cref="QuotientException">As <see cref="Read(string)"/>.</exception>
    public static IReadOnlyList<int> ReadShape(string path)
    {
        using var file = InputFile.Open(path);
        return InputFile.Guard(path, () => NpyHeader.Read(file, path, file.Length).Shape);
    }

    /// <summary>Reads a vector of finite numbers.</summary>
    /// <exception cref="QuotientException">As <see cref="Read(string)"/>; or it has other than one dimension, or NaN.</exception>
    public static double[] ReadVector(string path) => ReadVector(path, out _);

    /// <summary>Reads a vector of finite numbers, and says what precision the file holds them in.</summary>
    /// <exception cref="QuotientException">As <see cref="Read(string)"/>; or it has other than one dimension, or NaN.</exception>
    public static double[] ReadVector(string path, out Precision stored)
    {
        using var file = InputFile.Open(path);
        var array = InputFile.Guard(path, () =>
        {
            var header = NpyHeader.Read(file, path, file.Length);
            QuotientException.ThrowIf(
                header.Shape.Length != 1, $"{path}: has the shape {NpyArray.Tuple(header.Shape)}, expected a vector (one dimension)");

            return ReadValues(file, path, header);
        });
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

    /// <summary>Reads an array that takes up all of a stream of <paramref name="length"/> bytes, as its header must say too.</summary>
    internal static NpyArray Read(Stream stream, string name, long length) => ReadValues(stream, name, NpyHeader.Read(stream, name, length));

    /// <summary>Reads what follows a header to the end of the stream, into an array of the size that the header announces.</summary>
    internal static NpyArray ReadValues(Stream stream, string name, NpyHeader header)
    {
        var array = header.Type switch
        {
            "b1" or "u1" => Read<byte, byte>(stream, name, header),
            "i1" => Read<sbyte, float>(stream, name, header),
            "i2" => Read<short, float>(stream, name, header),
            "u2" => Read<ushort, float>(stream, name, header),
            "f2" => Read<Half, float>(stream, name, header),
            "f4" => Read<float, float>(stream, name, header),
            "i4" => Read<int, double>(stream, name, header),
            "u4" => Read<uint, double>(stream, name, header),
            "i8" => Read<long, double>(stream, name, header),
            "u8" => Read<ulong, double>(stream, name, header),
            _ => Read<double, double>(stream, name, header),
        };
        return Values.Ends(stream) ? array : throw header.TooLong(name);
    }

    private static NpyArray Read<TStored, TValue>(Stream stream, string name, NpyHeader header)
        where TStored : unmanaged, INumberBase<TStored>
        where TValue : unmanaged, INumberBase<TValue>
    {
        bool swap = header.BigEndian == BitConverter.IsLittleEndian;
        var order = header.ColumnMajor ? new ColumnMajorOrder(header.Shape) : null;
        return new(header.Type, header.Shape, Values.Read<TStored, TValue>(stream, name, header.Count, swap, order));
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
