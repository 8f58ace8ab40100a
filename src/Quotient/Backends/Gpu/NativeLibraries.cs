using System.Runtime.InteropServices;

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
        [Nvrtc] = NvrtcFiles,
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
                _ = files().FirstOrDefault(file => NativeLibrary.TryLoad(file, out library));
                Loaded[name] = library;
            }

            return library;
        }
    }

    /// <summary>Versions 13 to 11, newest first: where the loader looks, then where toolkits and Python's wheels put them.</summary>
    private static IEnumerable<string> NvrtcFiles()
    {
        string[] names = ["libnvrtc.so.13", "libnvrtc.so.12", "libnvrtc.so.11.2", "libnvrtc.so.11.1", "libnvrtc.so.11.0", "libnvrtc.so"];
        var folders = new List<string>();
        foreach (string variable in new[] { "CUDA_HOME", "CUDA_PATH" })
        {
            if (Environment.GetEnvironmentVariable(variable) is { Length: > 0 } root)
            {
                folders.AddRange([Path.Combine(root, "lib64"), Path.Combine(root, "targets/x86_64-linux/lib")]);
            }
        }

        folders.AddRange(Directory.Exists("/usr/local")
            ? Directory.GetDirectories("/usr/local", "cuda*").OrderDescending().Select(root => Path.Combine(root, "lib64"))
            : []);
        return names
            .Concat(folders.SelectMany(folder => names.Select(name => Path.Combine(folder, name))))
            .Concat(["nvrtc64_130_0.dll", "nvrtc64_120_0.dll", "nvrtc64_112_0.dll"]);
    }
}
