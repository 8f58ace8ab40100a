using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Quotient.Backends.Gpu;

/// <summary>
/// The arguments of a launch, in order: <c>new() { x, alpha, y, y.Length }</c>. Every one is 8 or 4 bytes; a view is two, its memory
/// and its first element. As a sequence it is the bytes of each.
/// </summary>
internal struct Arguments : IEnumerable
{
    private const int Limit = 56;
    private Values _values;
    private Sizes _sizes;

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>Where the bytes of argument <paramref name="index"/> begin; the others follow 8 bytes apart.</summary>
    [UnscopedRef]
    public readonly ref readonly ulong this[int index] => ref _values[index];

    /// <summary>Bytes of argument <paramref name="index"/>.</summary>
    public readonly int Size(int index) => _sizes[index];

    /// <summary>A vector: memory and first element.</summary>
    public void Add<T>(VectorView<T> view) where T : unmanaged => AddView(view.Buffer, view.Offset);

    /// <summary>A matrix: memory, first element, and the stride of its rows.</summary>
    public void Add<T>(MatrixView<T> view) where T : unmanaged
    {
        AddView(view.Buffer, view.Offset);
        Add(view.Stride);
    }

    /// <summary>Matrices: memory, first element, the stride of their rows, and the step from one matrix to the next.</summary>
    public void Add<T>(MatrixBatch<T> batch) where T : unmanaged
    {
        Add(batch.First);
        Add(batch.Step);
    }

    /// <summary>A matrix of signs: memory, first word, and the stride of its rows.</summary>
    public void Add(BitMatrix bits)
    {
        AddView(bits.Buffer, bits.Offset);
        Add(bits.Stride);
    }

    /// <summary>What a product reads: matrices of numbers, images, or a matrix of signs that all members of the batch share.</summary>
    public void Add<T>(in Operand<T> operand) where T : unmanaged
    {
        if (operand.Reader == Reader.Signs)
        {
            Add(operand.Signs);
            Add(0L);
        }
        else
        {
            Add(operand.IsPatches ? operand.Images : operand.Values);
        }
    }

    /// <summary>Memory alone.</summary>
    public void Add<T>(DeviceBuffer<T> memory) where T : unmanaged => Add((ulong)GpuBuffer<T>.Of(memory).Memory, sizeof(ulong));

    /// <summary>A 64-bit integer.</summary>
    public void Add(long value) => Add((ulong)value, sizeof(long));

    /// <inheritdoc cref="Add(long)"/>
    public void Add(ulong value) => Add(value, sizeof(ulong));

    /// <summary>A 32-bit integer.</summary>
    public void Add(int value) => Add((uint)value, sizeof(int));

    /// <summary>A divisor: itself, and what stands for its inverse.</summary>
    public void Add(Divisor divisor)
    {
        Add(divisor.Value);
        Add(divisor.Inverse);
    }

    /// <summary>A double.</summary>
    public void Add(double value) => Add(BitConverter.DoubleToUInt64Bits(value), sizeof(double));

    readonly IEnumerator IEnumerable.GetEnumerator() => _sizes[..Count].ToArray().GetEnumerator();

    private void AddView<T>(DeviceBuffer<T>? buffer, long offset) where T : unmanaged
    {
        Add((ulong)(buffer is null ? 0 : GpuBuffer<T>.Of(buffer).Memory), sizeof(ulong));
        Add(offset);
    }

    private void Add(ulong value, int size)
    {
        _values[Count] = value;
        _sizes[Count++] = (byte)size;
    }

    [InlineArray(Limit)]
    private struct Values
    {
        private ulong _first;
    }

    [InlineArray(Limit)]
    private struct Sizes
    {
        private byte _first;
    }
}
