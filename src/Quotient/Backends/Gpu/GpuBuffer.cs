namespace Quotient.Backends.Gpu;

/// <summary>Elements in a device's memory.</summary>
internal sealed class GpuBuffer<T> : DeviceBuffer<T> where T : unmanaged
{
    private readonly GpuBackend _backend;
    private nint _memory;

    public GpuBuffer(GpuBackend backend, nint memory, long length) : base(length) => (_backend, _memory) = (backend, memory);

    ~GpuBuffer() => Dispose(false);

    /// <summary>The device's handle.</summary>
    public nint Memory
    {
        get
        {
            ObjectDisposedException.ThrowIf(_memory == 0, this);
            return _memory;
        }
    }

    /// <summary>The buffer of a view that belongs to a GPU.</summary>
    public static GpuBuffer<T> Of(DeviceBuffer<T> buffer) =>
        buffer as GpuBuffer<T> ?? throw new InvalidOperationException("The buffer belongs to another backend.");

    /// <summary>Released in the order of the queue: work queued before may still use the memory.</summary>
    protected override void Dispose(bool disposing)
    {
        using var pass = disposing ? _backend.Gate.EnterToRelease() : default;
        if (Interlocked.Exchange(ref _memory, 0) is not 0 and var memory)
        {
            if (disposing)
            {
                _backend.Release(memory);
            }
            else
            {
                _backend.Abandon(memory);
            }
        }
    }
}
