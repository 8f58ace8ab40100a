using System.Runtime.InteropServices;
using static Quotient.Backends.Gpu.Cuda.CudaNative;

namespace Quotient.Backends.Gpu.Cuda;

/// <summary>Turns what a call of the driver returns into an error that names the call, the code and the device.</summary>
internal static unsafe class CudaStatus
{
    /// <summary>Throws if a call failed.</summary>
    /// <param name="code">What it returned.</param>
    /// <param name="call">Its name.</param>
    /// <param name="device">The device it was for.</param>
    public static void Check(int code, string call, DeviceInfo device)
    {
        if (code != Success)
        {
            throw Error(code, call, device);
        }
    }

    /// <summary>The error of a call that failed.</summary>
    public static DeviceException Error(int code, string call, DeviceInfo device)
    {
        string message = $"{call} failed with code {code} ({Name(code)}) on {device.Id} ({device.Name}): {Meaning(code)}";
        return code == OutOfMemory ? new DeviceOutOfMemoryException(message) : new DeviceException(message);
    }

    /// <summary>A code's name in <c>cuda.h</c>.</summary>
    public static string Name(int code)
    {
        byte* text;
        return cuGetErrorName(code, &text) == Success ? Marshal.PtrToStringUTF8((nint)text) ?? "" : "unknown";
    }

    /// <summary>What the driver says of a code.</summary>
    public static string Meaning(int code)
    {
        byte* text;
        return cuGetErrorString(code, &text) == Success ? Marshal.PtrToStringUTF8((nint)text) ?? "" : "unknown error";
    }
}
