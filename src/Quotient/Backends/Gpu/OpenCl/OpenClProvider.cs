namespace Quotient.Backends.Gpu.OpenCl;

/// <summary>Offers what OpenCL lists.</summary>
internal sealed class OpenClProvider : IBackendProvider
{
    public string Kind => "opencl";

    /// <summary>Above the host's own cores where the first device is a GPU, below them where it emulates one.</summary>
    public int Preference => OpenClDeviceId.All() is [{ Traits.IsProcessor: false }, ..] ? 20 : 5;

    public IReadOnlyList<DeviceInfo> Devices() => [.. OpenClDeviceId.All().Select(id => id.Info)];

    public IBackend Open(int index, BackendOptions options) =>
        new GpuBackend(new OpenClDevice(OpenClDeviceId.All()[index]), options.Products);
}
