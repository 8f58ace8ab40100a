using System.Text;
using static Quotient.Backends.Gpu.OpenCl.OpenClNative;

namespace Quotient.Backends.Gpu.OpenCl;

/// <summary>A device of OpenCL 1.2 with double precision: one context, one queue in order.</summary>
internal unsafe class OpenClDevice : GpuDevice
{
    /// <summary>Launches after which the driver is told to begin, if nothing is waited for before.</summary>
    private const int LaunchesUntilFlush = 32;

    /// <summary>What programs are compiled with; a part of the key by which they are kept.</summary>
    public const string Options = "-cl-std=CL1.2";

    private readonly OpenClDeviceId _id;
    private readonly nint _context, _queue;
    private readonly Dictionary<nint, long> _allocated = [];
    private readonly List<nint> _programs = [], _kernels = [];
    private int _launches;

    public OpenClDevice(OpenClDeviceId id)
    {
        _id = id;
        nint device = id.Handle;
        int error;
        _context = clCreateContext(null, 1, &device, 0, 0, &error);
        Check(error, nameof(clCreateContext));
        _queue = clCreateCommandQueue(_context, device, 0, &error);
        Check(error, nameof(clCreateCommandQueue));
    }

    public override DeviceInfo Info => _id.Info;

    public override GpuTraits Traits => _id.Traits;

    /// <summary>OpenCL does not say what is free: the whole less what is allocated here, and a processor's is the host's.</summary>
    public override long FreeMemory
    {
        get
        {
            long rest = Math.Max(0, Info.Memory - _allocated.Values.Sum());
            return Traits.IsProcessor ? Math.Min(rest, Math.Max(HostMemory.Free, 64L << 20)) : rest;
        }
    }

    public override nint Allocate(long bytes)
    {
        int error;
        nint memory = clCreateBuffer(_context, ReadWrite, (nuint)bytes, null, &error);
        Check(error, nameof(clCreateBuffer), bytes);
        _allocated[memory] = bytes;
        return memory;
    }

    public override void Release(nint memory)
    {
        _allocated.Remove(memory);
        Check(clReleaseMemObject(memory), nameof(clReleaseMemObject));
    }

    public override HostArea AllocateHost(int bytes)
    {
        int error;
        nint memory = clCreateBuffer(_context, ReadWrite | AllocatedByHost, (nuint)bytes, null, &error);
        Check(error, nameof(clCreateBuffer), bytes);
        void* address = clEnqueueMapBuffer(_queue, memory, 1, MapWrite, 0, (nuint)bytes, 0, null, null, &error);
        Check(error, nameof(clEnqueueMapBuffer));
        return new((nint)address, memory, bytes);
    }

    public override void ReleaseHost(HostArea area)
    {
        Check(clEnqueueUnmapMemObject(_queue, area.Handle, area.Pointer, 0, null, null), nameof(clEnqueueUnmapMemObject));
        Check(clReleaseMemObject(area.Handle), nameof(clReleaseMemObject));
    }

    public override void Clear(nint memory, long bytes)
    {
        byte zero = 0;
        Check(clEnqueueFillBuffer(_queue, memory, &zero, 1, 0, (nuint)bytes, 0, null, null), nameof(clEnqueueFillBuffer), bytes);
    }

    public override void Write(void* source, nint memory, long offset, long bytes) => Check(
        clEnqueueWriteBuffer(_queue, memory, 0, (nuint)offset, (nuint)bytes, source, 0, null, null), nameof(clEnqueueWriteBuffer));

    public override void Read(nint memory, long offset, void* destination, long bytes) => Check(
        clEnqueueReadBuffer(_queue, memory, 1, (nuint)offset, (nuint)bytes, destination, 0, null, null), nameof(clEnqueueReadBuffer));

    public override nint Mark()
    {
        nint mark;
        Check(clEnqueueMarkerWithWaitList(_queue, 0, null, &mark), nameof(clEnqueueMarkerWithWaitList));
        Check(clFlush(_queue), nameof(clFlush));
        return mark;
    }

    public override void Wait(nint mark)
    {
        Check(clWaitForEvents(1, &mark), nameof(clWaitForEvents));
        Check(clReleaseEvent(mark), nameof(clReleaseEvent));
    }

    public override void Synchronise() => Check(clFinish(_queue), nameof(clFinish));

    public override byte[] Compile(string source)
    {
        byte[] text = Encoding.UTF8.GetBytes(source);
        int error;
        nint program;
        fixed (byte* start = text)
        {
            byte* first = start;
            nuint length = (nuint)text.Length;
            program = clCreateProgramWithSource(_context, 1, &first, &length, &error);
            Check(error, nameof(clCreateProgramWithSource));
        }

        try
        {
            error = Build(program);
            if (error != 0)
            {
                throw new DeviceException($"{Describe(error, nameof(clBuildProgram))}:\n{Log(program)}");
            }

            return Binary(program);
        }
        finally
        {
            _ = clReleaseProgram(program);
        }
    }

    public override nint? Load(byte[] binary)
    {
        nint device = _id.Handle;
        nuint length = (nuint)binary.Length;
        int status, error;
        fixed (byte* start = binary)
        {
            byte* first = start;
            nint program = clCreateProgramWithBinary(_context, 1, &device, &length, &first, &status, &error);
            if (error != 0 || status != 0 || Build(program) != 0)
            {
                return null;
            }

            _programs.Add(program);
            return program;
        }
    }

    public override nint Kernel(nint program, string name)
    {
        byte[] text = [.. Encoding.UTF8.GetBytes(name), 0];
        int error;
        fixed (byte* start = text)
        {
            nint kernel = clCreateKernel(program, start, &error);
            Check(error, $"{nameof(clCreateKernel)}({name})");
            _kernels.Add(kernel);
            return kernel;
        }
    }

    public override void Launch(nint kernel, LaunchShape shape, in Arguments arguments)
    {
        for (int i = 0; i < arguments.Count; i++)
        {
            fixed (ulong* value = &arguments[i])
            {
                Check(clSetKernelArg(kernel, (uint)i, (nuint)arguments.Size(i), value), nameof(clSetKernelArg), i);
            }
        }

        if (shape.SharedBytes > 0)
        {
            Check(clSetKernelArg(kernel, (uint)arguments.Count, (nuint)shape.SharedBytes, null), nameof(clSetKernelArg));
        }

        nuint* group = stackalloc nuint[] { (nuint)shape.ThreadsX, (nuint)shape.ThreadsY, 1 };
        nuint* threads = stackalloc nuint[]
        {
            (nuint)shape.GroupsX * group[0], (nuint)shape.GroupsY * group[1], (nuint)shape.GroupsZ,
        };
        Check(clEnqueueNDRangeKernel(_queue, kernel, 3, null, threads, group, 0, null, null), nameof(clEnqueueNDRangeKernel));
        if (++_launches % LaunchesUntilFlush == 0)
        {
            Check(clFlush(_queue), nameof(clFlush));
        }
    }

    protected override void Dispose(bool disposing)
    {
        _ = clFinish(_queue);
        _kernels.ForEach(kernel => _ = clReleaseKernel(kernel));
        _programs.ForEach(program => _ = clReleaseProgram(program));
        foreach (nint memory in _allocated.Keys)
        {
            _ = clReleaseMemObject(memory);
        }

        _ = clReleaseCommandQueue(_queue);
        _ = clReleaseContext(_context);
    }

    private int Build(nint program)
    {
        nint device = _id.Handle;
        fixed (byte* options = Encoding.UTF8.GetBytes(Options + '\0'))
        {
            return clBuildProgram(program, 1, &device, options, 0, 0);
        }
    }

    private string Log(nint program)
    {
        nuint size;
        _ = clGetProgramBuildInfo(program, _id.Handle, BuildLog, 0, null, &size);
        var text = new byte[size];
        fixed (byte* start = text)
        {
            _ = clGetProgramBuildInfo(program, _id.Handle, BuildLog, size, start, null);
        }

        return Encoding.UTF8.GetString(text).TrimEnd('\0', '\n');
    }

    private byte[] Binary(nint program)
    {
        nuint size;
        Check(clGetProgramInfo(program, BinarySizes, (nuint)sizeof(nuint), &size, null), nameof(clGetProgramInfo));
        var binary = new byte[size];
        fixed (byte* start = binary)
        {
            byte* first = start;
            Check(clGetProgramInfo(program, Binaries, (nuint)sizeof(byte*), &first, null), nameof(clGetProgramInfo));
        }

        return binary;
    }

    private void Check(int code, string call, long detail = 0)
    {
        if (code is AllocationFailed or OutOfResources or OutOfHostMemory or InvalidBufferSize)
        {
            throw new DeviceOutOfMemoryException($"{Describe(code, call)}: {detail} bytes wanted, {FreeMemory} thought to be free");
        }

        if (code != 0)
        {
            throw new DeviceException(Describe(code, call));
        }
    }

    private string Describe(int code, string call) => $"{call} failed with code {code} on {Info.Id} ({Info.Name})";
}
