using System.Numerics;
using Quotient.Backends;

namespace Quotient.Tests.Backends;

/// <summary>Another backend, which it owns, as tests derive backends from it that differ in one respect.</summary>
public abstract class ForwardingBackend(IBackend inner) : IBackend
{
    public DeviceInfo Device => inner.Device;

    public virtual long AvailableMemory => inner.AvailableMemory;

    public virtual IOps<T> Ops<T>() where T : unmanaged, IFloatingPointIeee754<T> => inner.Ops<T>();

    public virtual DeviceBuffer<T> Allocate<T>(long length) where T : unmanaged => inner.Allocate<T>(length);

    public void Write<T>(ReadOnlySpan<T> source, VectorView<T> destination) where T : unmanaged => inner.Write(source, destination);

    public void Read<T>(VectorView<T> source, Span<T> destination) where T : unmanaged => inner.Read(source, destination);

    public void Synchronise() => inner.Synchronise();

    public void Dispose()
    {
        inner.Dispose();
        GC.SuppressFinalize(this);
    }
}
