using System.Runtime.InteropServices;

namespace Quotient.Data;

/// <summary>Reads counted numbers from a stream.</summary>
internal static class Values
{
    private const int Chunk = 1 << 14;

    /// <summary>
    /// Reads <paramref name="count"/> numbers of type <typeparamref name="TStored"/>, converting them. The array grows with what
    /// arrives, from what the stream's length makes likely: a header that claims too much costs no memory.
    /// </summary>
    /// <param name="stream">Read to the end of the numbers.</param>
    /// <param name="name">The name of the file in errors.</param>
    /// <param name="count">Numbers that the header announces.</param>
    /// <param name="likely">Numbers that the stream probably holds.</param>
    /// <param name="swap">Whether the byte order differs from this machine's.</param>
    public static TValue[] Read<TStored, TValue>(Stream stream, string name, long count, long likely, bool swap = false)
        where TStored : unmanaged, INumberBase<TStored>
        where TValue : unmanaged, INumberBase<TValue>
    {
        QuotientException.ThrowIf(
            count > Array.MaxLength, $"{name}: announces {count} values, more than the {Array.MaxLength} that are supported");

        var values = GC.AllocateUninitializedArray<TValue>((int)Math.Min(count, Math.Max(likely, Chunk)));
        var chunk = new TStored[(int)Math.Min(count, Chunk)];
        for (int read = 0; read < count;)
        {
            var part = chunk.AsSpan(0, (int)Math.Min(count - read, Chunk));
            Fill(stream, name, part, read, count);
            if (swap)
            {
                Reverse(part);
            }

            if (read + part.Length > values.Length)
            {
                Array.Resize(ref values, (int)Math.Min(count, Math.Max(2L * values.Length, read + part.Length)));
            }

            Convert<TStored, TValue>(part, values.AsSpan(read));
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
