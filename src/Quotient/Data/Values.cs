using System.Runtime.InteropServices;

namespace Quotient.Data;

/// <summary>Reads counted numbers from a stream.</summary>
internal static class Values
{
    /// <summary>
    /// The most that a byte of a deflated stream can grow to: 258 bytes, the longest repetition, are told by two bits (RFC 1951). What
    /// claims to hold more is not believed.
    /// </summary>
    public const long MostInflation = 1032;

    private const int Chunk = 1 << 14;

    /// <summary>
    /// Reads <paramref name="count"/> numbers of type <typeparamref name="TStored"/>, converting them, into an array of that size: whether
    /// the stream can hold so many is to be asked before.
    /// </summary>
    /// <param name="stream">Read to the end of the numbers.</param>
    /// <param name="name">The name of the file in errors.</param>
    /// <param name="count">Numbers that the header announces.</param>
    /// <param name="swap">Whether the byte order differs from this machine's.</param>
    /// <param name="order">Where each of the numbers belongs; null where they come in order.</param>
    public static TValue[] Read<TStored, TValue>(Stream stream, string name, long count, bool swap = false, ColumnMajorOrder? order = null)
        where TStored : unmanaged, INumberBase<TStored>
        where TValue : unmanaged, INumberBase<TValue>
    {
        var values = HostArray.New<TValue>(count, () => $"{name}: the array");
        var chunk = new TStored[(int)Math.Min(count, Chunk)];
        for (int read = 0; read < count;)
        {
            var part = chunk.AsSpan(0, (int)Math.Min(count - read, Chunk));
            Fill(stream, name, part, read, count);
            if (swap)
            {
                Reverse(part);
            }

            if (order is null)
            {
                Convert<TStored, TValue>(part, values.AsSpan(read));
            }
            else
            {
                foreach (var value in part)
                {
                    values[order.Next()] = TValue.CreateTruncating(value);
                }
            }

            read += part.Length;
        }

        return values;
    }

    public static bool Ends(Stream stream) => stream.ReadByte() < 0;

    /// <summary>values ← stored, converted one by one.</summary>
    public static void Convert<TStored, TValue>(ReadOnlySpan<TStored> stored, Span<TValue> values)
        where TStored : unmanaged, INumberBase<TStored>
        where TValue : unmanaged, INumberBase<TValue>
    {
        if (typeof(TStored) == typeof(TValue))
        {
            MemoryMarshal.Cast<TStored, TValue>(stored).CopyTo(values);
            return;
        }

        values = values[..stored.Length];
        for (int i = 0; i < stored.Length; i++)
        {
            values[i] = TValue.CreateTruncating(stored[i]);
        }
    }

    private static void Fill<TStored>(Stream stream, string name, Span<TStored> part, int before, long count)
        where TStored : unmanaged
    {
        var bytes = MemoryMarshal.AsBytes(part);
        int got = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        QuotientException.ThrowIf(
            got < bytes.Length,
            $"{name}: is truncated: it ends after {before + (got / (bytes.Length / part.Length))} of {count} values");
    }

    private static unsafe void Reverse<TStored>(Span<TStored> part) where TStored : unmanaged
    {
        var bytes = MemoryMarshal.AsBytes(part);
        for (int i = 0; i < bytes.Length; i += sizeof(TStored))
        {
            bytes.Slice(i, sizeof(TStored)).Reverse();
        }
    }
}

/// <summary>Goes through an array with its first index running fastest.</summary>
internal sealed class ColumnMajorOrder(int[] shape)
{
    private readonly int[] _index = new int[shape.Length];

    /// <summary>The place of the next element in row-major order.</summary>
    public int Next()
    {
        int at = 0;
        for (int d = 0; d < shape.Length; d++)
        {
            at = (at * shape[d]) + _index[d];
        }

        for (int d = 0; d < shape.Length && ++_index[d] == shape[d]; d++)
        {
            _index[d] = 0;
        }

        return at;
    }
}
