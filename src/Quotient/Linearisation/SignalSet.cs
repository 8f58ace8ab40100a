using System.Numerics;
using Quotient.Backends;

namespace Quotient.Linearisation;

/// <summary>
/// One matrix for the output of every step, for up to so many samples: activations, their adjoints, or k stacked tangents of
/// either. Member j of a batch is an N × n matrix, one row a sample; the k members are contiguous.
/// </summary>
internal sealed class SignalSet<T> : IDisposable where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly DeviceBuffer<T>[] _buffers;
    private readonly int[] _widths;

    /// <summary>Allocates room for <paramref name="count"/> matrices of <paramref name="capacity"/> rows at every step.</summary>
    public SignalSet(IBackend backend, IReadOnlyList<int> widths, int capacity, int count)
    {
        _widths = [.. widths];
        _buffers = [.. widths.Select(width => backend.Allocate<T>((long)count * capacity * width))];
        (Count, MaxCount, Rows) = (count, count, capacity);
    }

    /// <summary>The most stacked matrices that fit.</summary>
    public int MaxCount { get; }

    /// <summary>The number of steps.</summary>
    public int Steps => _buffers.Length;

    /// <summary>k, the number of stacked matrices in use now.</summary>
    public int Count { get; set; }

    /// <summary>N, the samples in use now.</summary>
    public int Rows { get; set; }

    /// <summary>The k matrices of a step's output; a single one is repeated for every member of a larger batch.</summary>
    public MatrixBatch<T> this[int step] =>
        new(new(_buffers[step], 0, Rows, _widths[step], _widths[step]), Count, Count == 1 ? 0 : (long)Rows * _widths[step]);

    /// <summary>The k matrices of a step's output as one matrix of k·N rows.</summary>
    public MatrixView<T> Stacked(int step) => new(_buffers[step], 0, (long)Count * Rows, _widths[step], _widths[step]);

    public void Dispose()
    {
        foreach (var buffer in _buffers)
        {
            buffer.Dispose();
        }
    }
}
