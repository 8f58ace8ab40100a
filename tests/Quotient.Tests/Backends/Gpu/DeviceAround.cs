using Quotient.Backends;
using Quotient.Backends.Gpu;

namespace Quotient.Tests.Backends.Gpu;

/// <summary>A device that does what another one does; tests change some of it.</summary>
internal abstract unsafe class DeviceAround(GpuDevice inner) : GpuDevice
{
    public override DeviceInfo Info => inner.Info;

    public override GpuTraits Traits => inner.Traits;

    public override long FreeMemory => inner.FreeMemory;

    public override nint Allocate(long bytes) => inner.Allocate(bytes);

    public override void Release(nint memory) => inner.Release(memory);

    public override HostArea AllocateHost(int bytes) => inner.AllocateHost(bytes);

    public override void ReleaseHost(HostArea area) => inner.ReleaseHost(area);

    public override void Clear(nint memory, long bytes) => inner.Clear(memory, bytes);

    public override void Write(void* source, nint memory, long offset, long bytes) => inner.Write(source, memory, offset, bytes);

    public override void Read(nint memory, long offset, void* destination, long bytes) =>
        inner.Read(memory, offset, destination, bytes);

    public override nint Mark() => inner.Mark();

    public override void Wait(nint mark) => inner.Wait(mark);

    public override void Synchronise() => inner.Synchronise();

    public override byte[] Compile(string source) => inner.Compile(source);

    public override nint? Load(byte[] binary) => inner.Load(binary);

    public override nint Kernel(nint program, string name) => inner.Kernel(program, name);

    public override void Launch(nint kernel, LaunchShape shape, in Arguments arguments) => inner.Launch(kernel, shape, arguments);

    protected override void Dispose(bool disposing) => inner.Dispose();
}
