using Quotient.Backends;

namespace Quotient.Linearisation;

/// <summary>
/// Work space that a stage owns for as long as its plan. What was taken once stays where it is, since recorded work refers to it; so each
/// purpose takes few lengths.
/// </summary>
internal sealed class Rooms<T>(IBackend backend) : IDisposable where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Dictionary<(int Purpose, long Length), DeviceBuffer<T>> _buffers = [];

    /// <summary>Room for so many matrices, one after the other.</summary>
    public MatrixBatch<T> Take(int purpose, int count, long rows, long columns)
    {
        var key = (purpose, count * rows * columns);
        if (!_buffers.TryGetValue(key, out var buffer))
        {
            buffer = backend.Allocate<T>(key.Item2);
            _buffers.Add(key, buffer);
        }

        return new(buffer.Matrix(rows, columns), count, count == 1 ? 0 : rows * columns);
    }

    /// <summary>Room for a vector.</summary>
    public VectorView<T> Take(int purpose, long length) => Take(purpose, 1, 1, length).First.Row(0);

    public void Dispose()
    {
        foreach (var buffer in _buffers.Values)
        {
            buffer.Dispose();
        }
    }
}
