using System.Numerics;

namespace Quotient.Data;

/// <summary>
/// Rows of numbers, kept as compactly and exactly as they came: pixels stay bytes until they are asked for in a precision.
/// </summary>
public abstract class SampleStore(int count, int width)
{
    /// <summary>The number of rows.</summary>
    public int Count { get; } = count;

    /// <summary>Values in a row.</summary>
    public int Width { get; } = width;

    /// <summary>Bytes scaled by 1/<paramref name="divisor"/>: the division is done in double, then rounded once.</summary>
    public static SampleStore Bytes(ReadOnlyMemory<byte> values, int width, double divisor) =>
        new Store<byte>(values, width, divisor);

    /// <summary>Floats as they are.</summary>
    public static SampleStore Floats(ReadOnlyMemory<float> values, int width) => new Store<float>(values, width, 1);

    /// <summary>Doubles as they are.</summary>
    public static SampleStore Doubles(ReadOnlyMemory<double> values, int width) => new Store<double>(values, width, 1);

    /// <summary>Rows first … first + count − 1, sharing memory.</summary>
    public abstract SampleStore Slice(int first, int count);

    /// <summary>Writes all rows, converting to <typeparamref name="T"/>.</summary>
    public abstract void CopyTo<T>(Span<T> destination) where T : unmanaged, IFloatingPointIeee754<T>;

    private sealed class Store<TValue>(ReadOnlyMemory<TValue> values, int width, double divisor)
        : SampleStore(values.Length / width, width) where TValue : unmanaged, INumberBase<TValue>
    {
        public override SampleStore Slice(int first, int count) =>
            new Store<TValue>(values.Slice(first * Width, count * Width), Width, divisor);

        public override void CopyTo<T>(Span<T> destination)
        {
            var source = values.Span;
            for (int i = 0; i < source.Length; i++)
            {
                destination[i] = T.CreateChecked(double.CreateChecked(source[i]) / divisor);
            }
        }
    }
}
