namespace Quotient.Backends.Gpu.Cuda;

/// <summary>Offers NVIDIA's GPUs through CUDA's driver and run-time compiler.</summary>
internal sealed class CudaProvider : IBackendProvider
{
    public string Kind => "cuda";

    public int Preference => 30;

    public IReadOnlyList<DeviceInfo> Devices() => [.. CudaDeviceId.All(out _).Select(id => id.Info)];

    public string? WhyNone() => Problem();

    public IBackend Open(int index, BackendOptions options) =>
        new GpuBackend(new CudaDevice(CudaDeviceId.All(out _)[index]), options.Products);

    /// <summary>Why CUDA cannot be used here, as the part of a sentence that follows a colon; null where it can.</summary>
    internal static string? Problem()
    {
        _ = CudaDeviceId.All(out string? problem);
        return problem;
    }
}
