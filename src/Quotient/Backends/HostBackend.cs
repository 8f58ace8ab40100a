using System.Numerics;

namespace Quotient.Backends;

/// <summary>What all backends on the host's own memory share: allocation and copies, which need no queue.</summary>
public abstract unsafe class HostBackend(DeviceInfo device) : IBackend
{
    /// <inheritdoc/>
    public DeviceInfo Device { get; } = device;

    /// <inheritdoc/>
    public long AvailableMemory => Math.Max(HostMemory.Free, 64L << 20);

    /// <inheritdoc/>
    public abstract IOps<T> Ops<T>() where T : unmanaged, IFloatingPointIeee754<T>;

    /// <inheritdoc/>
    public DeviceBuffer<T> Allocate<T>(long length) where T : unmanaged => new HostBuffer<T>(length);

    /// <inheritdoc/>
    public void Write<T>(ReadOnlySpan<T> source, VectorView<T> destination) where T : unmanaged
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(source.Length, destination.Length);
        source.CopyTo(new Span<T>(destination.Pointer(), source.Length));
    }

    /// <inheritdoc/>
    public void Read<T>(VectorView<T> source, Span<T> destination) where T : unmanaged
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(destination.Length, source.Length);
        new ReadOnlySpan<T>(source.Pointer(), destination.Length).CopyTo(destination);
    }

    /// <inheritdoc/>
    public void Synchronise()
    {
        // Host operations are done when they return.
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Stops what the backend started.</summary>
    protected virtual void Dispose(bool disposing)
    {
    }
}
