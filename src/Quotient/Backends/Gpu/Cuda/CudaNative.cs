using System.Runtime.InteropServices;

namespace Quotient.Backends.Gpu.Cuda;

/// <summary>
/// The calls of CUDA's driver API that are used, by the symbols that drivers of CUDA 11 to 13 export: where <c>cuda.h</c> renames
/// a call, its newest form with the same parameters in all of them.
/// </summary>
internal static unsafe partial class CudaNative
{
    public const int Success = 0, OutOfMemory = 2;
    public const int InvalidImage = 200, NoBinaryForDevice = 209;
    public const int InvalidPtx = 218, NoPtxCompiler = 221, UnsupportedPtxVersion = 222;
    public const int GroupLimit = 1, MultiprocessorCount = 16, KilohertzOfClock = 13, KilohertzOfMemory = 36, BitsOfMemoryBus = 37, CapabilityMajor = 75, CapabilityMinor = 76;
    public const int SharedBytesOptIn = 97, MemoryPoolsSupported = 115;
    public const int MaxDynamicSharedBytes = 8;
    public const int PoolReleaseThreshold = 4, PoolReserved = 5, PoolUsed = 7;
    public const int PinnedAllocation = 1, OnDevice = 1;
    public const int CaptureRelaxed = 2;
    public const uint StreamNonBlocking = 1, EventWithoutTiming = 2;

    private const string Library = NativeLibraries.Cuda;

    [LibraryImport(Library)]
    public static partial int cuInit(uint flags);

    [LibraryImport(Library)]
    public static partial int cuGetErrorName(int code, byte** text);

    [LibraryImport(Library)]
    public static partial int cuGetErrorString(int code, byte** text);

    [LibraryImport(Library)]
    public static partial int cuDriverGetVersion(int* version);

    [LibraryImport(Library)]
    public static partial int cuDeviceGetCount(int* count);

    [LibraryImport(Library)]
    public static partial int cuDeviceGet(int* device, int ordinal);

    [LibraryImport(Library)]
    public static partial int cuDeviceGetName(byte* name, int room, int device);

    [LibraryImport(Library)]
    public static partial int cuDeviceGetAttribute(int* value, int attribute, int device);

    [LibraryImport(Library)]
    public static partial int cuDeviceTotalMem_v2(nuint* bytes, int device);

    [LibraryImport(Library)]
    public static partial int cuDevicePrimaryCtxRetain(nint* context, int device);

    [LibraryImport(Library)]
    public static partial int cuDevicePrimaryCtxRelease_v2(int device);

    [LibraryImport(Library)]
    public static partial int cuCtxSetCurrent(nint context);

    [LibraryImport(Library)]
    public static partial int cuStreamCreate(nint* stream, uint flags);

    [LibraryImport(Library)]
    public static partial int cuStreamSynchronize(nint stream);

    [LibraryImport(Library)]
    public static partial int cuStreamDestroy_v2(nint stream);

    [LibraryImport(Library)]
    public static partial int cuMemGetInfo_v2(nuint* free, nuint* total);

    [LibraryImport(Library)]
    public static partial int cuMemAlloc_v2(nint* memory, nuint bytes);

    [LibraryImport(Library)]
    public static partial int cuMemFree_v2(nint memory);

    /// <summary>This and the other calls of pools: since CUDA 11.2.</summary>
    [LibraryImport(Library)]
    public static partial int cuMemPoolCreate(nint* pool, PoolProperties* properties);

    [LibraryImport(Library)]
    public static partial int cuMemPoolDestroy(nint pool);

    [LibraryImport(Library)]
    public static partial int cuMemPoolSetAttribute(nint pool, int attribute, void* value);

    [LibraryImport(Library)]
    public static partial int cuMemPoolGetAttribute(nint pool, int attribute, void* value);

    [LibraryImport(Library)]
    public static partial int cuMemPoolTrimTo(nint pool, nuint bytesToKeep);

    [LibraryImport(Library)]
    public static partial int cuMemAllocFromPoolAsync(nint* memory, nuint bytes, nint pool, nint stream);

    [LibraryImport(Library)]
    public static partial int cuMemFreeAsync(nint memory, nint stream);

    [LibraryImport(Library)]
    public static partial int cuMemHostAlloc(void** address, nuint bytes, uint flags);

    [LibraryImport(Library)]
    public static partial int cuMemFreeHost(void* address);

    [LibraryImport(Library)]
    public static partial int cuMemsetD8Async(nint memory, byte value, nuint count, nint stream);

    [LibraryImport(Library)]
    public static partial int cuMemcpyHtoDAsync_v2(nint memory, void* source, nuint bytes, nint stream);

    [LibraryImport(Library)]
    public static partial int cuMemcpyDtoHAsync_v2(void* target, nint memory, nuint bytes, nint stream);

    [LibraryImport(Library)]
    public static partial int cuEventCreate(nint* mark, uint flags);

    [LibraryImport(Library)]
    public static partial int cuEventRecord(nint mark, nint stream);

    [LibraryImport(Library)]
    public static partial int cuEventSynchronize(nint mark);

    [LibraryImport(Library)]
    public static partial int cuEventDestroy_v2(nint mark);

    [LibraryImport(Library)]
    public static partial int cuModuleLoadData(nint* program, void* image);

    [LibraryImport(Library)]
    public static partial int cuModuleUnload(nint program);

    [LibraryImport(Library)]
    public static partial int cuModuleGetFunction(nint* kernel, nint program, byte* name);

    [LibraryImport(Library)]
    public static partial int cuFuncGetAttribute(int* value, int attribute, nint kernel);

    [LibraryImport(Library)]
    public static partial int cuFuncSetAttribute(nint kernel, int attribute, int value);

    [LibraryImport(Library)]
    public static partial int cuLaunchKernel(
        nint kernel, uint groupsX, uint groupsY, uint groupsZ, uint threadsX, uint threadsY, uint threadsZ, uint sharedBytes,
        nint stream, void** arguments, void** extra);

    [LibraryImport(Library)]
    public static partial int cuStreamBeginCapture_v2(nint stream, int mode);

    [LibraryImport(Library)]
    public static partial int cuStreamEndCapture(nint stream, nint* graph);

    /// <summary>Since CUDA 11.4; before, <see cref="cuGraphInstantiate_v2"/>.</summary>
    [LibraryImport(Library)]
    public static partial int cuGraphInstantiateWithFlags(nint* recording, nint graph, ulong flags);

    [LibraryImport(Library)]
    public static partial int cuGraphInstantiate_v2(nint* recording, nint graph, nint* failedNode, byte* log, nuint room);

    [LibraryImport(Library)]
    public static partial int cuGraphDestroy(nint graph);

    [LibraryImport(Library)]
    public static partial int cuGraphLaunch(nint recording, nint stream);

    [LibraryImport(Library)]
    public static partial int cuGraphExecDestroy(nint recording);

    /// <summary><c>CUmemPoolProps</c>: 88 bytes in every version; what is not named here must be zero.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 88)]
    public struct PoolProperties
    {
        public int AllocationType, HandleTypes, LocationType, Device;
    }
}
