using System.Runtime.InteropServices;

namespace Quotient.Backends.Gpu.Cuda;

/// <summary>The calls of CUDA's run-time compiler, as <c>nvrtc.h</c> declares them.</summary>
internal static unsafe partial class NvrtcNative
{
    public const int Success = 0, InvalidOption = 5, CompilationFailed = 6;

    private const string Library = NativeLibraries.Nvrtc;

    [LibraryImport(Library)]
    public static partial byte* nvrtcGetErrorString(int code);

    [LibraryImport(Library)]
    public static partial int nvrtcVersion(int* major, int* minor);

    /// <summary>This and <see cref="nvrtcGetSupportedArchs"/>: since CUDA 11.2.</summary>
    [LibraryImport(Library)]
    public static partial int nvrtcGetNumSupportedArchs(int* count);

    [LibraryImport(Library)]
    public static partial int nvrtcGetSupportedArchs(int* architectures);

    [LibraryImport(Library)]
    public static partial int nvrtcCreateProgram(
        nint* program, byte* source, byte* name, int headerCount, byte** headers, byte** headerNames);

    [LibraryImport(Library)]
    public static partial int nvrtcDestroyProgram(nint* program);

    [LibraryImport(Library)]
    public static partial int nvrtcCompileProgram(nint program, int optionCount, byte** options);

    [LibraryImport(Library)]
    public static partial int nvrtcGetProgramLogSize(nint program, nuint* size);

    [LibraryImport(Library)]
    public static partial int nvrtcGetProgramLog(nint program, byte* log);

    [LibraryImport(Library)]
    public static partial int nvrtcGetPTXSize(nint program, nuint* size);

    [LibraryImport(Library)]
    public static partial int nvrtcGetPTX(nint program, byte* text);

    /// <summary>This and <see cref="nvrtcGetCUBIN"/>: since CUDA 11.1.</summary>
    [LibraryImport(Library)]
    public static partial int nvrtcGetCUBINSize(nint program, nuint* size);

    [LibraryImport(Library)]
    public static partial int nvrtcGetCUBIN(nint program, byte* image);
}
