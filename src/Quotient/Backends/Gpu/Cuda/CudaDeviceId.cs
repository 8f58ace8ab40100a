using System.Text;
using Quotient.Backends.Gpu.Products;
using static Quotient.Backends.Gpu.Cuda.CudaNative;

namespace Quotient.Backends.Gpu.Cuda;

/// <summary>A device that CUDA's driver lists, before it is opened.</summary>
/// <param name="Handle">The driver's handle.</param>
/// <param name="HasMemoryPools">Whether memory can be given back in the order of a stream.</param>
/// <param name="Info">What it is.</param>
/// <param name="Traits">What kernels depend on.</param>
internal sealed unsafe record CudaDeviceId(int Handle, bool HasMemoryPools, DeviceInfo Info, GpuTraits Traits)
{
    private const int NameRoom = 256;

    /// <summary>Asked once a process: neither the devices nor what they lack change while it runs.</summary>
    private static readonly Lazy<(IReadOnlyList<CudaDeviceId> Usable, string? Problem)> Listed = new(List);

    /// <summary>Why there are none that can be used, as the part of a sentence that follows a colon; else null.</summary>
    public static string? Problem => Listed.Value.Problem;

    /// <summary>All devices, in the driver's order; empty where there are none or no compiler for them.</summary>
    public static IReadOnlyList<CudaDeviceId> All() => Listed.Value.Usable;

    private static (IReadOnlyList<CudaDeviceId>, string?) List()
    {
        string? problem = Missing(out int count);
        return (problem is null ? [.. Enumerable.Range(0, count).Select(Describe)] : [], problem);
    }

    private static string? Missing(out int count)
    {
        count = 0;
        if (!NativeLibraries.IsPresent(NativeLibraries.Cuda))
        {
            return "NVIDIA's driver was not found (libcuda.so.1)";
        }

        int number = 0, code = cuInit(0);
        code = code == Success ? cuDeviceGetCount(&number) : code;
        if (code != Success)
        {
            return $"NVIDIA's driver reports code {code} ({CudaStatus.Name(code)}), {CudaStatus.Meaning(code)}";
        }

        count = number;
        if (count == 0)
        {
            return "NVIDIA's driver lists no device";
        }

        return NativeLibraries.IsPresent(NativeLibraries.Nvrtc)
            ? null
            : "CUDA's run-time compiler was not found (libnvrtc of version 11 to 13, on the loader's path or below CUDA_HOME), "
                + "without which 'opencl' is the way to use this device";
    }

    private static CudaDeviceId Describe(int ordinal)
    {
        int device, driver;
        nuint bytes;
        byte* text = stackalloc byte[NameRoom];
        Check(cuDeviceGet(&device, ordinal), nameof(cuDeviceGet), ordinal);
        Check(cuDeviceGetName(text, NameRoom, device), nameof(cuDeviceGetName), ordinal);
        Check(cuDeviceTotalMem_v2(&bytes, device), nameof(cuDeviceTotalMem_v2), ordinal);
        Check(cuDriverGetVersion(&driver), nameof(cuDriverGetVersion), ordinal);
        string name = Encoding.UTF8.GetString(new ReadOnlySpan<byte>(text, NameRoom)).Split('\0')[0];
        int architecture = (10 * Attribute(device, CapabilityMajor)) + Attribute(device, CapabilityMinor);
        int units = Attribute(device, MultiprocessorCount);
        string versions = $"driver for CUDA {driver / 1000}.{driver % 1000 / 10}, NVRTC {CudaCompiler.Version}";
        var info = new DeviceInfo(
            $"cuda:{ordinal}", name, (long)bytes, units,
            $"compute capability {architecture / 10}.{architecture % 10}, {versions}")
        {
            Products = architecture >= TensorProduct.FirstArchitecture ? MatrixPrecisions.WithTensorCores : MatrixPrecisions.FullOnly,
            Peaks = DevicePeaks.OfCuda(
                architecture, units, 1e3 * Attribute(device, KilohertzOfClock), 1e3 * Attribute(device, KilohertzOfMemory),
                Attribute(device, BitsOfMemoryBus)),
        };
        string key = string.Join('\n', name, architecture, versions, CudaCompiler.Options);
        return new(device, Attribute(device, MemoryPoolsSupported) != 0, info, new(
            "cuda", key, false, units, Attribute(device, GroupLimit), Attribute(device, SharedBytesOptIn), architecture));
    }

    /// <summary>A figure of a device; 0 for one that this driver does not know.</summary>
    private static int Attribute(int device, int attribute)
    {
        int value;
        return cuDeviceGetAttribute(&value, attribute, device) == Success ? value : 0;
    }

    private static void Check(int code, string call, int ordinal) =>
        CudaStatus.Check(code, call, new($"cuda:{ordinal}", "not opened yet", 0, 0, ""));
}
