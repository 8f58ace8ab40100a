using System.Runtime.InteropServices;
using System.Text;
using static Quotient.Backends.Gpu.Cuda.NvrtcNative;

namespace Quotient.Backends.Gpu.Cuda;

/// <summary>
/// Compiles kernels with NVRTC: to the device's own code, or to PTX where the compiler is older than the device.
/// </summary>
internal static unsafe class CudaCompiler
{
    /// <summary>
    /// As in OpenCL's dialect, a product and a sum are one rounding only where a kernel says so; nothing else is fast either.
    /// </summary>
    public const string Options = "--std=c++17 --fmad=false";

    /// <summary>From this architecture on, some instructions (such as <c>wgmma</c>) are in its own variant alone.</summary>
    private const int FirstWithVariant = 90;

    /// <summary>The newest architecture of CUDA 11.1, which cannot be asked.</summary>
    private const int NewestUnasked = 80;

    /// <summary>The compiler's version, as 12.4.</summary>
    public static string Version
    {
        get
        {
            int major, minor;
            return nvrtcVersion(&major, &minor) == Success ? $"{major}.{minor}" : "of unknown version";
        }
    }

    /// <summary>Compiles a program for a device, to an image that <c>cuModuleLoadData</c> takes.</summary>
    /// <exception cref="DeviceException">The compiler's own message.</exception>
    public static byte[] Compile(string source, DeviceInfo device, int architecture)
    {
        nint program;
        fixed (byte* text = Terminated(source), name = "quotient.cu\0"u8)
        {
            Check(nvrtcCreateProgram(&program, text, name, 0, null, null), nameof(nvrtcCreateProgram), device);
        }

        try
        {
            int code = InvalidOption;
            var targets = Targets(architecture, Supported());
            if (targets.Count == 0)
            {
                throw new DeviceException(
                    $"NVRTC {Version} no longer compiles for {device.Id} ({device.Name}): it needs an older one");
            }

            foreach (string target in targets)
            {
                // An older compiler does not know an architecture's variant: then the next one down.
                code = Compile(program, target);
                if (code != InvalidOption)
                {
                    break;
                }
            }

            string log = code == Success ? "" : $":\n{Log(program)}";
            Check(code, nameof(nvrtcCompileProgram), device, log);
            return Image(program, device);
        }
        finally
        {
            _ = nvrtcDestroyProgram(&program);
        }
    }

    /// <summary>What to compile for, best first: <c>sm_90a</c> gives the device's code, <c>compute_80</c> PTX.</summary>
    /// <param name="architecture">The device's compute capability, 90 for 9.0.</param>
    /// <param name="supported">Those that the compiler knows; empty where it cannot be asked.</param>
    internal static IReadOnlyList<string> Targets(int architecture, IReadOnlyList<int> supported)
    {
        if (supported.Contains(architecture))
        {
            return architecture >= FirstWithVariant ? [$"sm_{architecture}a", $"sm_{architecture}"] : [$"sm_{architecture}"];
        }

        // No compiler makes code for what is older than all it knows.
        IEnumerable<int> known = supported.Count == 0 ? [Math.Min(architecture, NewestUnasked)] : supported;
        return [.. known.Where(one => one <= architecture).OrderDescending().Take(1).Select(one => $"compute_{one}")];
    }

    private static int Compile(nint program, string target)
    {
        byte[][] options = [.. Options.Split(' ').Append($"--gpu-architecture={target}").Select(Terminated)];
        var pinned = options.Select(option => GCHandle.Alloc(option, GCHandleType.Pinned)).ToList();
        try
        {
            byte** pointers = stackalloc byte*[options.Length];
            for (int i = 0; i < options.Length; i++)
            {
                pointers[i] = (byte*)pinned[i].AddrOfPinnedObject();
            }

            return nvrtcCompileProgram(program, options.Length, pointers);
        }
        finally
        {
            pinned.ForEach(handle => handle.Free());
        }
    }

    private static int[] Supported()
    {
        try
        {
            int count;
            if (nvrtcGetNumSupportedArchs(&count) != Success)
            {
                return [];
            }

            int[] architectures = new int[count];
            fixed (int* start = architectures)
            {
                return nvrtcGetSupportedArchs(start) == Success ? architectures : [];
            }
        }
        catch (EntryPointNotFoundException)
        {
            return [];
        }
    }

    /// <summary>The device's code if there is any, else PTX.</summary>
    private static byte[] Image(nint program, DeviceInfo device)
    {
        nuint size = 0;
        try
        {
            Check(nvrtcGetCUBINSize(program, &size), nameof(nvrtcGetCUBINSize), device);
        }
        catch (EntryPointNotFoundException)
        {
            // CUDA 11.0 makes PTX only.
        }

        bool isCode = size > 0;
        if (!isCode)
        {
            Check(nvrtcGetPTXSize(program, &size), nameof(nvrtcGetPTXSize), device);
        }

        byte[] image = new byte[size];
        fixed (byte* start = image)
        {
            int code = isCode ? nvrtcGetCUBIN(program, start) : nvrtcGetPTX(program, start);
            Check(code, isCode ? nameof(nvrtcGetCUBIN) : nameof(nvrtcGetPTX), device);
        }

        return image;
    }

    private static string Log(nint program)
    {
        nuint size;
        if (nvrtcGetProgramLogSize(program, &size) != Success)
        {
            return "";
        }

        byte[] text = new byte[size];
        fixed (byte* start = text)
        {
            return nvrtcGetProgramLog(program, start) == Success ? Encoding.UTF8.GetString(text).TrimEnd('\0', '\n') : "";
        }
    }

    private static byte[] Terminated(string text) => [.. Encoding.UTF8.GetBytes(text), 0];

    private static void Check(int code, string call, DeviceInfo device, string detail = "")
    {
        if (code != Success)
        {
            string meaning = Marshal.PtrToStringUTF8((nint)nvrtcGetErrorString(code)) ?? "unknown";
            throw new DeviceException($"{call} failed with code {code} ({meaning}) on {device.Id} ({device.Name}){detail}");
        }
    }
}
