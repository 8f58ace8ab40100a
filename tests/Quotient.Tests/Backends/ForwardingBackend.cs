using System.Numerics;
using Quotient.Backends;
using Quotient.Backends.Reference;

namespace Quotient.Tests.Backends;

/// <summary>The reference backend, as tests derive backends from it that fail in one respect.</summary>
public abstract class ForwardingBackend : IBackend
{
    public DeviceInfo Device => Inner.Device;

    public virtual long AvailableMemory => Inner.AvailableMemory;

    protected ReferenceBackend Inner { get; } = new();

    public virtual IOps<T> Ops<T>() where T : unmanaged, IFloatingPointIeee754<T> => Inner.Ops<T>();

    public virtual DeviceBuffer<T> Allocate<T>(long length) where T : unmanaged => Inner.Allocate<T>(length);

    public void Write<T>(ReadOnlySpan<T> source, VectorView<T> destination) where T : unmanaged => Inner.Write(source, destination);

    public void Read<T>(VectorView<T> source, Span<T> destination) where T : unmanaged => Inner.Read(source, destination);

    public void Synchronise() => Inner.Synchronise();

    public void Dispose()
    {
        Inner.Dispose();
        GC.SuppressFinalize(this);
    }
}
