namespace Quotient.Backends;

/// <summary>A run of elements in a device's memory, owned by whoever allocated it.</summary>
public abstract class DeviceBuffer<T>(long length) : IDisposable where T : unmanaged
{
    /// <summary>The number of elements.</summary>
    public long Length { get; } = length;

    /// <summary>All of it, as a vector.</summary>
    public VectorView<T> All => new(this, 0, Length);

    /// <summary><paramref name="length"/> elements from <paramref name="offset"/>.</summary>
    public VectorView<T> Slice(long offset, long length) => All.Slice(offset, length);

    /// <summary>The first rows × columns elements, as a row-major matrix.</summary>
    public MatrixView<T> Matrix(long rows, long columns) => All.Slice(0, Views.Elements(rows, columns)).AsMatrix(rows, columns);

    /// <summary>Gives the memory back, once the work queued so far is done with it; does not wait.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Gives the memory back, once.</summary>
    protected abstract void Dispose(bool disposing);
}

/// <summary>Consecutive elements of a buffer. A view owns nothing.</summary>
public readonly record struct VectorView<T>(DeviceBuffer<T> Buffer, long Offset, long Length) where T : unmanaged
{
    /// <summary>A part of this vector; both ends are checked.</summary>
    public VectorView<T> Slice(long offset, long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Length - offset);
        return new(Buffer, Offset + offset, length);
    }

    /// <summary>The same elements as a row-major matrix.</summary>
    public MatrixView<T> AsMatrix(long rows, long columns)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(Views.Elements(rows, columns), Length);
        return new(Buffer, Offset, rows, columns, columns);
    }
}

/// <summary>A row-major matrix inside a buffer: element (i, j) is at Offset + i·Stride + j.</summary>
public readonly record struct MatrixView<T>(DeviceBuffer<T> Buffer, long Offset, long Rows, long Columns, long Stride)
    where T : unmanaged
{
    /// <summary>Row <paramref name="i"/> as a vector; there must be such a row.</summary>
    public VectorView<T> Row(long i)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(i);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(i, Rows);
        return new(Buffer, Offset + (i * Stride), Columns);
    }

    /// <summary>Rows first … first + count − 1; both ends are checked.</summary>
    public MatrixView<T> RowRange(long first, long count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Rows - first);
        return this with { Offset = Offset + (first * Stride), Rows = count };
    }

    /// <summary>All elements as a vector; the rows must be contiguous.</summary>
    public VectorView<T> AsVector()
    {
        if (Stride != Columns && Rows > 1)
        {
            throw new InvalidOperationException("A matrix whose rows are not contiguous is not a vector.");
        }

        return new(Buffer, Offset, Rows * Columns);
    }
}

/// <summary>
/// <paramref name="Count"/> matrices of one shape, each <paramref name="Step"/> elements after the one before; a step of
/// 0 repeats one matrix. A single matrix converts to a batch of one.
/// </summary>
public readonly record struct MatrixBatch<T>(MatrixView<T> First, int Count, long Step) where T : unmanaged
{
    /// <summary>Matrix <paramref name="i"/> of the batch; one that is repeated is as many as are asked for.</summary>
    public MatrixView<T> this[int i]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(i);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(i, Step == 0 ? int.MaxValue : Count);
            return First with { Offset = First.Offset + (i * Step) };
        }
    }

    /// <summary>All elements of all matrices as a vector; they must be contiguous. A single matrix that is repeated counts once.</summary>
    public VectorView<T> AsVector() => Count == 1 || Step == 0
        ? First.AsVector()
        : Step == First.Rows * First.Columns
            ? new(First.Buffer, First.Offset, Count * Step)
            : throw new InvalidOperationException("A batch whose matrices are not contiguous is not a vector.");

    /// <summary>A batch of one.</summary>
    public static implicit operator MatrixBatch<T>(MatrixView<T> matrix) => new(matrix, 1, 0);

    /// <summary>A batch of one.</summary>
    public static MatrixBatch<T> FromMatrixView(MatrixView<T> matrix) => matrix;
}

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
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Views.Elements(rows, Stride), buffer.Length, nameof(rows));
    }

    /// <summary>Words of a row that hold signs.</summary>
    public long Words => WordsFor(Columns);

    /// <summary>Words that so many signs take.</summary>
    public static long WordsFor(long columns) => (columns / WordBits) + (columns % WordBits > 0 ? 1 : 0);

    /// <summary>Allocates room for a matrix.</summary>
    public static DeviceBuffer<ulong> Allocate(IBackend backend, long rows, long columns) =>
        backend.Allocate<ulong>(Views.Elements(rows, WordsFor(columns)));
}

/// <summary>Arithmetic of shapes.</summary>
internal static class Views
{
    /// <summary>rows × columns, where neither is negative and their product can be counted.</summary>
    public static long Elements(long rows, long columns)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rows, long.MaxValue / Math.Max(columns, 1));
        return rows * columns;
    }
}
