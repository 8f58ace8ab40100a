using System.Buffers.Binary;
using System.IO.Compression;

namespace Quotient.Data.Formats;

/// <summary>
/// The IDX format of MNIST (LeCun, Cortes, Burges): two zero bytes, the type (8: unsigned bytes), the number of dimensions, each
/// dimension as a big-endian 32-bit integer, then the bytes in row-major order; often gzipped.
/// </summary>
internal static class Idx
{
    private const int UnsignedBytes = 8;

    /// <summary>Images with their labels, the pixels divided by 255.</summary>
    public static Dataset ReadPair(string name, string imagesName, byte[] imagesFile, string labelsName, byte[] labelsFile)
    {
        var images = Read(imagesName, imagesFile, 3);
        var labels = Read(labelsName, labelsFile, 1);
        int wrong = labels.Values.AsSpan().IndexOfAnyExceptInRange((byte)0, (byte)9);
        QuotientException.ThrowIf(
            wrong >= 0, $"{labelsName}: the label of sample {wrong} is {labels.Values[wrong]}, expected 0 to 9");
        QuotientException.ThrowIf(
            images.Dimensions[0] != labels.Dimensions[0],
            $"{labelsName}: holds {labels.Dimensions[0]} labels, expected one for each of the {images.Dimensions[0]} images");

        int height = images.Dimensions[1], width = images.Dimensions[2];
        var pixels = SampleStore.Bytes(images.Values, height * width, 255);
        return Dataset.Classification(
            name, new(1, height, width), pixels, Array.ConvertAll(labels.Values, label => (int)label), 10);
    }

    /// <summary>An array of bytes, gzipped or plain.</summary>
    public static (int[] Dimensions, byte[] Values) Read(string name, byte[] file, int rank) => InputFile.Guard(name, () =>
    {
        bool zipped = file is [0x1f, 0x8b, ..];
        using var memory = new MemoryStream(file);
        using Stream stream = zipped ? new GZipStream(memory, CompressionMode.Decompress) : memory;
        var dimensions = ReadHeader(name, stream, rank);
        long count = Size(name, dimensions), left = file.Length - HeaderLength(rank);

        // Memory is taken by what the header says: only so much as may be there.
        QuotientException.ThrowIf(
            !zipped && left < count, $"{name}: is truncated: it ends after {left} of {count} values");
        QuotientException.ThrowIf(
            zipped && count / Values.MostInflation > file.Length,
            $"{name}: is truncated or damaged: its {file.Length} bytes cannot hold the {count} values that its header announces");

        byte[] values = Values.Read<byte, byte>(stream, name, count);
        return Values.Ends(stream)
            ? (dimensions, values)
            : throw new QuotientException($"{name}: is too long: bytes follow the {count} that its header announces");
    });

    private static int HeaderLength(int rank) => 4 + (4 * rank);

    private static int[] ReadHeader(string name, Stream stream, int rank)
    {
        Span<byte> header = stackalloc byte[HeaderLength(rank)];
        QuotientException.ThrowIf(
            stream.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) < header.Length,
            $"{name}: is truncated: it ends within its header of {header.Length} bytes");

        uint magic = BinaryPrimitives.ReadUInt32BigEndian(header), wanted = (uint)((UnsignedBytes << 8) + rank);
        QuotientException.ThrowIf(
            magic != wanted, $"{name}: begins with 0x{magic:x8}, expected 0x{wanted:x8} (IDX, unsigned bytes, {rank} dimensions)");

        var dimensions = new int[rank];
        for (int d = 0; d < rank; d++)
        {
            uint dimension = BinaryPrimitives.ReadUInt32BigEndian(header[(4 + (4 * d))..]);
            dimensions[d] = dimension is > 0 and <= int.MaxValue
                ? (int)dimension
                : throw new QuotientException($"{name}: dimension {d} is {dimension}, expected 1 to {int.MaxValue}");
        }

        return dimensions;
    }

    private static long Size(string name, int[] dimensions)
    {
        var size = dimensions.Aggregate((UInt128)1, (product, dimension) => product * (uint)dimension);
        return size <= (UInt128)Array.MaxLength
            ? (long)size
            : throw new QuotientException($"{name}: announces {string.Join(" × ", dimensions)} values, more than are supported");
    }
}
