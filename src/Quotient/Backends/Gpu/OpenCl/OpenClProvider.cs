namespace Quotient.Backends.Gpu.OpenCl;

/// <summary>Offers what OpenCL lists.</summary>
internal sealed class OpenClProvider : IBackendProvider
{
    [ModuleInitializer]
    internal static void Register() => DeviceKinds.Register(new OpenClProvider());

    public string Kind => "opencl";

    /// <summary>Above the host's own cores where the first device is a GPU, below them where it emulates one.</summary>
    public int Preference => OpenClDeviceId.All() is [{ Traits.IsProcessor: false }, ..] ? 20 : 5;

    public IReadOnlyList<DeviceInfo> Devices() => [.. OpenClDeviceId.All().Select(id => id.Info)];

    public IReadOnlyList<string> Refusals() => OpenClDeviceId.Refusals();

    public IReadOnlyList<string> Notes() => ProgramCache.OfUser.Problem is { } problem ? [problem] : [];

    public IBackend Open(int index, BackendOptions options)
    {
        var id = OpenClDeviceId.All()[index];
        MatrixPrecisions.Require(id.Info, options.Products);
        return new GpuBackend(new OpenClDevice(id), options.Products);
    }
}
