namespace Quotient.Backends.Gpu.Cuda;

/// <summary>Offers NVIDIA's GPUs through CUDA's driver and run-time compiler.</summary>
internal sealed class CudaProvider : IBackendProvider
{
    [ModuleInitializer]
    internal static void Register() => DeviceKinds.Register(new CudaProvider());

    public string Kind => "cuda";

    public int Preference => 30;

    public IReadOnlyList<DeviceInfo> Devices() => [.. CudaDeviceId.All().Select(id => id.Info)];

    public string? WhyNone() => Problem();

    /// <summary>A driver that is there and cannot be used is worth a sentence; a machine without one is not.</summary>
    public IReadOnlyList<string> Refusals() =>
        NativeLibraries.IsPresent(NativeLibraries.Cuda) && Problem() is { } problem ? [$"CUDA cannot be used: {problem}"] : [];

    public IReadOnlyList<string> Notes() => ProgramCache.OfUser.Problem is { } problem ? [problem] : [];

    public IBackend Open(int index, BackendOptions options)
    {
        var id = CudaDeviceId.All()[index];
        MatrixPrecisions.Require(id.Info, options.Products);
        return new GpuBackend(new CudaDevice(id), options.Products);
    }

    /// <summary>Why CUDA cannot be used here, as the part of a sentence that follows a colon; null where it can.</summary>
    internal static string? Problem() => CudaDeviceId.Problem;
}
