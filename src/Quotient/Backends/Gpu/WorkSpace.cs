namespace Quotient.Backends.Gpu;

/// <summary>Device memory for what an operation leaves behind between its launches, kept from call to call.</summary>
/// <remarks>
/// Every call gets the same memory: the queue is in order, so that one operation is done with it before the next begins. What is
/// outgrown is kept, because recorded work may still use it.
/// </remarks>
internal sealed class WorkSpace<T>(GpuBackend backend) where T : unmanaged
{
    private readonly List<DeviceBuffer<T>> _areas = [];

    /// <summary>Elements whose values are undefined.</summary>
    public VectorView<T> Take(long length)
    {
        long largest = _areas.Count == 0 ? 0 : _areas[^1].Length;
        if (largest < length || _areas.Count == 0)
        {
            _areas.Add(backend.Allocate<T>(Math.Max(length, 2 * largest)));
        }

        return _areas[^1].Slice(0, length);
    }
}
