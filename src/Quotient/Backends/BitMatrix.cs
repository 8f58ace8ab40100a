namespace Quotient.Backends;

/// <summary>
/// A matrix of signs, one bit each: 1 is +1, 0 is −1. Element (i, j) is bit j mod 64 of word Offset + i·Stride + ⌊j/64⌋; the
/// bits of a row's last word beyond its columns are 0. A view owns nothing.
/// </summary>
/// <param name="Buffer">The words.</param>
/// <param name="Offset">The first word.</param>
/// <param name="Rows">Rows.</param>
/// <param name="Columns">Signs in a row.</param>
/// <param name="Stride">Words from one row to the next, at least <see cref="WordsFor"/> the columns.</param>
public readonly record struct BitMatrix(DeviceBuffer<ulong> Buffer, long Offset, long Rows, long Columns, long Stride)
{
    /// <summary>Signs in a word.</summary>
    public const int WordBits = 64;

    /// <summary>A matrix in the first words of a buffer, its rows next to each other.</summary>
    public BitMatrix(DeviceBuffer<ulong> buffer, long rows, long columns)
        : this(buffer, 0, rows, columns, WordsFor(columns))
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rows * Stride, buffer.Length, nameof(rows));
    }

    /// <summary>Words of a row that hold signs.</summary>
    public long Words => WordsFor(Columns);

    /// <summary>Words that so many signs take.</summary>
    public static long WordsFor(long columns) => (columns + WordBits - 1) / WordBits;

    /// <summary>Allocates room for a matrix.</summary>
    public static DeviceBuffer<ulong> Allocate(IBackend backend, long rows, long columns) =>
        backend.Allocate<ulong>(rows * WordsFor(columns));
}
