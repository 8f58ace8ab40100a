using System.Runtime.InteropServices;
using Quotient.Backends.Gpu.Cuda;

namespace Quotient.Backends.Gpu;

/// <summary>Finds the vendors' libraries, which are called by one name here and have several on disk.</summary>
internal static class NativeLibraries
{
    public const string OpenCl = "OpenCL", Cuda = "cuda", Nvrtc = "nvrtc";

    private static readonly Lock Gate = new();
    private static readonly Dictionary<string, nint> Loaded = [];

    private static readonly Dictionary<string, Func<IEnumerable<string>>> Candidates = new()
    {
        [OpenCl] = () => ["libOpenCL.so.1", "libOpenCL.so", "OpenCL.dll"],
        [Cuda] = () => ["libcuda.so.1", "libcuda.so", "nvcuda.dll"],
        [Nvrtc] = () => NvrtcFiles.Candidates(CudaMajor()),
    };

    static NativeLibraries() => NativeLibrary.SetDllImportResolver(typeof(NativeLibraries).Assembly, (name, _, _) => Find(name));

    /// <summary>Whether a library is on this machine and can be loaded. Asked before anything in it is called.</summary>
    public static bool IsPresent(string name) => Find(name) != 0;

    private static nint Find(string name)
    {
        lock (Gate)
        {
            if (!Loaded.TryGetValue(name, out nint library) && Candidates.TryGetValue(name, out var files))
            {
                string? found = files().FirstOrDefault(file => NativeLibrary.TryLoad(file, out library));
                Loaded[name] = library;
                if (name == Nvrtc && found is not null)
                {
                    NvrtcFiles.LoadBuiltins(found);
                }
            }

            return library;
        }
    }

    /// <summary>The major version of CUDA that the driver is for; without a driver, the newest.</summary>
    private static unsafe int CudaMajor()
    {
        int version;
        return Find(Cuda) != 0 && CudaNative.cuDriverGetVersion(&version) == CudaNative.Success ? version / 1000 : int.MaxValue;
    }
}
