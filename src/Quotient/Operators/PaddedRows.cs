using Quotient.Backends;

namespace Quotient.Operators;

/// <summary>Blocks of vectors whose rows each begin on 128 bytes, whatever their length: products with other rows are slower.</summary>
internal static class PaddedRows
{
    private const int Alignment = 128;

    /// <summary>Elements from one row to the next.</summary>
    public static long Stride<T>(long length) where T : unmanaged
    {
        int unit = Alignment / Unsafe.SizeOf<T>();
        return (length + unit - 1) / unit * unit;
    }

    /// <summary>Memory for a block.</summary>
    public static DeviceBuffer<T> AllocateRows<T>(this IBackend backend, long rows, long length) where T : unmanaged =>
        backend.Allocate<T>(rows * Stride<T>(length));

    /// <summary>The first rows of such memory.</summary>
    public static MatrixView<T> Rows<T>(this DeviceBuffer<T> buffer, long rows, long length) where T : unmanaged =>
        new(buffer, 0, rows, length, Stride<T>(length));
}
