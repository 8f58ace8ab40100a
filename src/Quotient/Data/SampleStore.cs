namespace Quotient.Data;

/// <summary>
/// Rows of numbers, stored in the type of their source: pixels stay bytes until they are read in some precision.
/// </summary>
public abstract class SampleStore(int count, int width)
{
    /// <summary>The number of rows.</summary>
    public int Count { get; } = count;

    /// <summary>Values in a row.</summary>
    public int Width { get; } = width;

    /// <summary>Bytes scaled by 1/<paramref name="divisor"/>: the division is done in double, then rounded once.</summary>
    public static SampleStore Bytes(ReadOnlyMemory<byte> values, int width, double divisor) =>
        new ByteStore(values, width, divisor);

    /// <summary>Floats as they are.</summary>
    public static SampleStore Floats(ReadOnlyMemory<float> values, int width) => new RealStore<float>(values, width);

    /// <summary>Doubles as they are.</summary>
    public static SampleStore Doubles(ReadOnlyMemory<double> values, int width) => new RealStore<double>(values, width);

    /// <summary>Rows first … first + count − 1, sharing memory.</summary>
    public abstract SampleStore Slice(int first, int count);

    /// <summary>Writes all rows, converting to <typeparamref name="T"/>.</summary>
    public abstract void CopyTo<T>(Span<T> destination) where T : unmanaged, IFloatingPointIeee754<T>;

    private sealed class ByteStore(ReadOnlyMemory<byte> values, int width, double divisor)
        : SampleStore(values.Length / width, width)
    {
        public override SampleStore Slice(int first, int count) =>
            new ByteStore(values.Slice(first * Width, count * Width), Width, divisor);

        public override void CopyTo<T>(Span<T> destination)
        {
            Span<T> scaled = stackalloc T[256];
            for (int value = 0; value < scaled.Length; value++)
            {
                scaled[value] = T.CreateChecked(value / divisor);
            }

            var source = values.Span;
            destination = destination[..source.Length];
            for (int i = 0; i < source.Length; i++)
            {
                destination[i] = scaled[source[i]];
            }
        }
    }

    private sealed class RealStore<TValue>(ReadOnlyMemory<TValue> values, int width)
        : SampleStore(values.Length / width, width) where TValue : unmanaged, IFloatingPointIeee754<TValue>
    {
        public override SampleStore Slice(int first, int count) =>
            new RealStore<TValue>(values.Slice(first * Width, count * Width), Width);

        public override void CopyTo<T>(Span<T> destination) => Values.Convert(values.Span, destination);
    }
}
