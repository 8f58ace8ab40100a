using System.Runtime.InteropServices;

namespace Quotient.Backends.Gpu.OpenCl;

/// <summary>The calls of OpenCL 1.2 that are used, as <c>cl.h</c> declares them.</summary>
internal static unsafe partial class OpenClNative
{
    public const int DeviceNotFound = -1, AllocationFailed = -4, OutOfResources = -5, OutOfHostMemory = -6, InvalidBufferSize = -61;
    public const int PlatformNotFound = -1001;
    public const ulong AllDevices = 0xFFFFFFFF, Processor = 1 << 1;
    public const ulong ReadWrite = 1, AllocatedByHost = 1 << 4, MapWrite = 1 << 1;
    public const uint PlatformName = 0x0902, PlatformVersion = 0x0901;
    public const uint DeviceType = 0x1000, ComputeUnits = 0x1002, GroupLimit = 0x1004, GlobalBytes = 0x101F, LocalBytes = 0x1023;
    public const uint DeviceName = 0x102B, DriverVersion = 0x102D, DeviceVersion = 0x102F, Float64 = 0x1032, Available = 0x1027;
    public const uint BuildLog = 0x1183, BinarySizes = 0x1165, Binaries = 0x1166;

    private const string Library = NativeLibraries.OpenCl;

    [LibraryImport(Library)]
    public static partial int clGetPlatformIDs(uint room, nint* platforms, uint* count);

    [LibraryImport(Library)]
    public static partial int clGetPlatformInfo(nint platform, uint what, nuint room, void* value, nuint* size);

    [LibraryImport(Library)]
    public static partial int clGetDeviceIDs(nint platform, ulong type, uint room, nint* devices, uint* count);

    [LibraryImport(Library)]
    public static partial int clGetDeviceInfo(nint device, uint what, nuint room, void* value, nuint* size);

    [LibraryImport(Library)]
    public static partial nint clCreateContext(nint* properties, uint count, nint* devices, nint notify, nint user, int* error);

    [LibraryImport(Library)]
    public static partial int clReleaseContext(nint context);

    [LibraryImport(Library)]
    public static partial nint clCreateCommandQueue(nint context, nint device, ulong properties, int* error);

    [LibraryImport(Library)]
    public static partial int clReleaseCommandQueue(nint queue);

    [LibraryImport(Library)]
    public static partial nint clCreateBuffer(nint context, ulong flags, nuint bytes, void* host, int* error);

    [LibraryImport(Library)]
    public static partial int clReleaseMemObject(nint memory);

    [LibraryImport(Library)]
    public static partial int clEnqueueWriteBuffer(
        nint queue, nint memory, uint blocking, nuint offset, nuint bytes, void* source, uint waits, nint* waitList, nint* done);

    [LibraryImport(Library)]
    public static partial int clEnqueueReadBuffer(
        nint queue, nint memory, uint blocking, nuint offset, nuint bytes, void* target, uint waits, nint* waitList, nint* done);

    [LibraryImport(Library)]
    public static partial int clEnqueueFillBuffer(
        nint queue, nint memory, void* pattern, nuint patternBytes, nuint offset, nuint bytes, uint waits, nint* waitList, nint* done);

    [LibraryImport(Library)]
    public static partial void* clEnqueueMapBuffer(
        nint queue, nint memory, uint blocking, ulong flags, nuint offset, nuint bytes, uint waits, nint* waitList, nint* done,
        int* error);

    [LibraryImport(Library)]
    public static partial int clEnqueueUnmapMemObject(nint queue, nint memory, void* mapped, uint waits, nint* waitList, nint* done);

    [LibraryImport(Library)]
    public static partial int clEnqueueMarkerWithWaitList(nint queue, uint waits, nint* waitList, nint* done);

    [LibraryImport(Library)]
    public static partial int clWaitForEvents(uint count, nint* events);

    [LibraryImport(Library)]
    public static partial int clReleaseEvent(nint mark);

    [LibraryImport(Library)]
    public static partial int clFlush(nint queue);

    [LibraryImport(Library)]
    public static partial int clFinish(nint queue);

    [LibraryImport(Library)]
    public static partial nint clCreateProgramWithSource(nint context, uint count, byte** texts, nuint* lengths, int* error);

    [LibraryImport(Library)]
    public static partial nint clCreateProgramWithBinary(
        nint context, uint count, nint* devices, nuint* lengths, byte** binaries, int* statuses, int* error);

    [LibraryImport(Library)]
    public static partial int clBuildProgram(nint program, uint count, nint* devices, byte* options, nint notify, nint user);

    [LibraryImport(Library)]
    public static partial int clGetProgramBuildInfo(nint program, nint device, uint what, nuint room, void* value, nuint* size);

    [LibraryImport(Library)]
    public static partial int clGetProgramInfo(nint program, uint what, nuint room, void* value, nuint* size);

    [LibraryImport(Library)]
    public static partial int clReleaseProgram(nint program);

    [LibraryImport(Library)]
    public static partial nint clCreateKernel(nint program, byte* name, int* error);

    [LibraryImport(Library)]
    public static partial int clReleaseKernel(nint kernel);

    [LibraryImport(Library)]
    public static partial int clSetKernelArg(nint kernel, uint index, nuint size, void* value);

    [LibraryImport(Library)]
    public static partial int clEnqueueNDRangeKernel(
        nint queue, nint kernel, uint dimensions, nuint* offset, nuint* threads, nuint* group, uint waits, nint* waitList, nint* done);
}
