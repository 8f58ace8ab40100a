using System.Runtime.InteropServices;
using Quotient.Files;

namespace Quotient.Backends.Gpu.Cuda;

/// <summary>Where CUDA's run-time compiler may lie: on the loader's path, in toolkits, in Conda, in Python's wheels.</summary>
internal static class NvrtcFiles
{
    private static readonly string[] Names =
    [
        "libnvrtc.so.13", "libnvrtc.so.12", "libnvrtc.so.11.2", "libnvrtc.so.11.1", "libnvrtc.so.11.0", "libnvrtc.so",
        "nvrtc64_130_0.dll", "nvrtc64_120_0.dll", "nvrtc64_112_0.dll",
    ];

    private static readonly EnumerationOptions Readable = new() { IgnoreInaccessible = true };

    /// <summary>All candidates, in the order of trying: newest first, but what is newer than the driver last.</summary>
    /// <param name="newest">The major version of CUDA that the driver is for: it may refuse what a newer compiler makes.</param>
    public static IEnumerable<string> Candidates(int newest)
    {
        var files = Names.Concat(from folder in Folders() from name in Names select Path.Combine(folder, name)).ToList();
        string[] tooNew = [.. from version in Enumerable.Range(11, 3) where version > newest select $".so.{version}"];
        bool IsTooNew(string file) => tooNew.Any(file.EndsWith);
        return files.Where(file => !IsTooNew(file)).Concat(files.Where(IsTooNew));
    }

    /// <summary>
    /// Loads the library of built-in functions that lies beside a compiler: the compiler asks for it by name alone, and the
    /// loader need not look there.
    /// </summary>
    public static void LoadBuiltins(string compiler)
    {
        if (Path.GetDirectoryName(compiler) is { Length: > 0 } folder)
        {
            foreach (string file in Directory.GetFiles(folder, "libnvrtc-builtins.so*", Readable))
            {
                _ = NativeLibrary.TryLoad(file, out _);
            }
        }
    }

    private static IEnumerable<string> Folders()
    {
        string?[] named = [.. new[] { "CUDA_HOME", "CUDA_PATH", "CONDA_PREFIX" }.Select(Environment.GetEnvironmentVariable)];
        foreach (string root in named.OfType<string>().Where(root => root.Length > 0).Concat(Below("/usr/local", "cuda*")))
        {
            yield return Path.Combine(root, "lib64");
            yield return Path.Combine(root, "targets/x86_64-linux/lib");
            yield return Path.Combine(root, "lib");
        }

        string? environment = Environment.GetEnvironmentVariable("VIRTUAL_ENV");
        string?[] pythons = [environment, UserFolders.Home is { } home ? Path.Combine(home, ".local") : null, "/usr/local", "/usr"];
        foreach (string library in pythons.OfType<string>().SelectMany(root => Below(Path.Combine(root, "lib"), "python3*")))
        {
            foreach (string packages in new[] { "site-packages", "dist-packages" })
            {
                string vendor = Path.Combine(library, packages, "nvidia");
                yield return Path.Combine(vendor, "cu13/lib");
                yield return Path.Combine(vendor, "cuda_nvrtc/lib");
            }
        }
    }

    private static IEnumerable<string> Below(string folder, string pattern) =>
        Directory.Exists(folder) ? Directory.GetDirectories(folder, pattern, Readable).OrderDescending() : [];
}
