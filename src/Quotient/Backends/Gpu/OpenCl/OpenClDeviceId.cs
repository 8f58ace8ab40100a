using System.Text;
using static Quotient.Backends.Gpu.OpenCl.OpenClNative;

namespace Quotient.Backends.Gpu.OpenCl;

/// <summary>A device that OpenCL lists, before it is opened.</summary>
/// <param name="Handle">OpenCL's handle.</param>
/// <param name="Info">What it is.</param>
/// <param name="Traits">What kernels depend on.</param>
internal sealed unsafe record OpenClDeviceId(nint Handle, DeviceInfo Info, GpuTraits Traits)
{
    /// <summary>Asked once a process: a driver may load a whole compiler to answer.</summary>
    private static readonly Lazy<(IReadOnlyList<OpenClDeviceId> Usable, IReadOnlyList<string> Refusals)> Listed = new(List);

    /// <summary>All devices with double precision, GPUs before processors; empty where there is no OpenCL.</summary>
    public static IReadOnlyList<OpenClDeviceId> All() => Listed.Value.Usable;

    /// <summary>A sentence for each device that cannot be used.</summary>
    public static IReadOnlyList<string> Refusals() => Listed.Value.Refusals;

    private static (IReadOnlyList<OpenClDeviceId>, IReadOnlyList<string>) List()
    {
        if (!NativeLibraries.IsPresent(NativeLibraries.OpenCl))
        {
            return ([], []);
        }

        var refusals = new List<string>();
        var found = new List<(nint Platform, nint Device, bool IsProcessor)>();
        foreach (nint platform in Platforms())
        {
            foreach (nint device in Devices(platform))
            {
                if (Number(device, Available) == 0)
                {
                    continue;
                }

                if (Number(device, Float64) == 0)
                {
                    refusals.Add($"OpenCL's device '{Text(device, DeviceName)}' has no double precision, in which sums are accumulated");
                    continue;
                }

                found.Add((platform, device, (Number(device, DeviceType) & Processor) != 0));
            }
        }

        var ordered = found.OrderBy(item => item.IsProcessor).Select((item, index) => Describe(item.Platform, item.Device, index));
        return ([.. ordered], refusals);
    }

    private static OpenClDeviceId Describe(nint platform, nint device, int index)
    {
        bool isProcessor = (Number(device, DeviceType) & Processor) != 0;
        string name = Text(device, DeviceName), platformName = PlatformText(platform, PlatformName);
        int units = (int)Number(device, ComputeUnits);
        string key = string.Join(
            '\n', platformName, PlatformText(platform, PlatformVersion), name, Text(device, DriverVersion), OpenClDevice.Options);
        var info = new DeviceInfo(
            $"opencl:{index}", name, (long)Number(device, GlobalBytes), units, $"{platformName}, {Text(device, DeviceVersion).Trim()}");
        return new(device, info, new(
            "opencl", key, isProcessor, units, (int)Number(device, GroupLimit), (int)Number(device, LocalBytes), 0));
    }

    private static nint[] Platforms()
    {
        uint count = 0;
        if (clGetPlatformIDs(0, null, &count) != 0 || count == 0)
        {
            return [];
        }

        var platforms = new nint[count];
        fixed (nint* start = platforms)
        {
            return clGetPlatformIDs(count, start, null) == 0 ? platforms : [];
        }
    }

    private static nint[] Devices(nint platform)
    {
        uint count = 0;
        if (clGetDeviceIDs(platform, AllDevices, 0, null, &count) != 0 || count == 0)
        {
            return [];
        }

        var devices = new nint[count];
        fixed (nint* start = devices)
        {
            return clGetDeviceIDs(platform, AllDevices, count, start, null) == 0 ? devices : [];
        }
    }

    /// <summary>A figure of 1 to 8 bytes.</summary>
    private static ulong Number(nint device, uint what)
    {
        ulong value = 0;
        return clGetDeviceInfo(device, what, sizeof(ulong), &value, null) == 0 ? value : 0;
    }

    private static string Text(nint device, uint what)
    {
        nuint size;
        if (clGetDeviceInfo(device, what, 0, null, &size) != 0)
        {
            return "";
        }

        var text = new byte[size];
        fixed (byte* start = text)
        {
            return clGetDeviceInfo(device, what, size, start, null) == 0 ? Encoding.UTF8.GetString(text).TrimEnd('\0') : "";
        }
    }

    private static string PlatformText(nint platform, uint what)
    {
        nuint size;
        if (clGetPlatformInfo(platform, what, 0, null, &size) != 0)
        {
            return "";
        }

        var text = new byte[size];
        fixed (byte* start = text)
        {
            return clGetPlatformInfo(platform, what, size, start, null) == 0 ? Encoding.UTF8.GetString(text).TrimEnd('\0') : "";
        }
    }
}
