namespace Quotient.Backends;

/// <summary>What all backends on the host's own memory share: allocation and copies, which need no queue.</summary>
public abstract unsafe class HostBackend : IBackend
{
    private readonly HostMemory _memory;

    /// <param name="device">What the device is.</param>
    /// <param name="memoryLimit">Bytes that its buffers may take in all.</param>
    protected HostBackend(DeviceInfo device, long memoryLimit = long.MaxValue)
    {
        (Device, Gate) = (device, new(device.Id));
        _memory = new(memoryLimit, Gate);
    }

    /// <inheritdoc/>
    public DeviceInfo Device { get; }

    /// <inheritdoc/>
    public ThreadGate Gate { get; }

    /// <inheritdoc/>
    public long AvailableMemory
    {
        get
        {
            using var pass = Gate.Enter();
            return _memory.Available;
        }
    }

    /// <inheritdoc/>
    public abstract IOps<T> Ops<T>() where T : unmanaged, IFloatingPointIeee754<T>;

    /// <inheritdoc/>
    public DeviceBuffer<T> Allocate<T>(long length) where T : unmanaged
    {
        using var pass = Gate.Enter();
        try
        {
            return new HostBuffer<T>(length, _memory);
        }
        catch (DeviceOutOfMemoryException)
        {
            // What nobody holds any more is given back by finalisers: now.
            GC.Collect();
            GC.WaitForPendingFinalizers();
            return new HostBuffer<T>(length, _memory);
        }
    }

    /// <inheritdoc/>
    public void Write<T>(ReadOnlySpan<T> source, VectorView<T> destination) where T : unmanaged
    {
        using var pass = Gate.Enter();
        ArgumentOutOfRangeException.ThrowIfNotEqual(source.Length, destination.Length);
        source.CopyTo(new Span<T>(destination.Pointer(), source.Length));
    }

    /// <inheritdoc/>
    public void Read<T>(VectorView<T> source, Span<T> destination) where T : unmanaged
    {
        using var pass = Gate.Enter();
        ArgumentOutOfRangeException.ThrowIfNotEqual(destination.Length, source.Length);
        new ReadOnlySpan<T>(source.Pointer(), destination.Length).CopyTo(destination);
    }

    /// <inheritdoc/>
    public void Synchronise()
    {
        // Host operations are done when they return.
        using var pass = Gate.Enter();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Gate.Close())
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }
    }

    /// <summary>Stops what the backend started.</summary>
    protected virtual void Dispose(bool disposing)
    {
    }
}
