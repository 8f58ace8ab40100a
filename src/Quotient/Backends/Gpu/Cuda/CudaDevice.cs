using System.Text;
using static Quotient.Backends.Gpu.Cuda.CudaNative;

namespace Quotient.Backends.Gpu.Cuda;

/// <summary>
/// A device of CUDA: its primary context, which it shares with whatever else in the process computes there, and one stream.
/// </summary>
internal sealed unsafe partial class CudaDevice : GpuDevice
{
    private static int _opened;

    /// <summary>Which device's context this thread holds, as <see cref="_number"/>.</summary>
    [ThreadStatic]
    private static int _current;

    private readonly CudaDeviceId _id;
    private readonly int _number = Interlocked.Increment(ref _opened);
    private readonly nint _context, _stream;
    private readonly CudaMemory _memory;
    private readonly HashSet<nint> _programs = [];
    private readonly Dictionary<nint, int> _sharedBytes = [];

    public CudaDevice(CudaDeviceId id)
    {
        _id = id;
        fixed (nint* context = &_context, stream = &_stream)
        {
            Check(cuDevicePrimaryCtxRetain(context, id.Handle), nameof(cuDevicePrimaryCtxRetain));
            try
            {
                MakeCurrent();
                Check(cuStreamCreate(stream, StreamNonBlocking), nameof(cuStreamCreate));
                _memory = new(id, _stream);
            }
            catch
            {
                Leave();
                throw;
            }
        }
    }

    public override DeviceInfo Info => _id.Info;

    public override GpuTraits Traits => _id.Traits;

    public override long FreeMemory
    {
        get
        {
            MakeCurrent();
            return _memory.Free;
        }
    }

    public override nint Allocate(long bytes)
    {
        RequireNoCapture();
        MakeCurrent();
        return _memory.Allocate(bytes);
    }

    public override void Release(nint memory)
    {
        if (_isCapturing)
        {
            // It would be recorded, and the memory given back by every replay.
            _releasedInCapture.Add(memory);
            return;
        }

        MakeCurrent();
        _memory.Release(memory);
    }

    public override HostArea AllocateHost(int bytes)
    {
        void* address;
        MakeCurrent();
        Check(cuMemHostAlloc(&address, (nuint)bytes, 0), nameof(cuMemHostAlloc));
        return new((nint)address, (nint)address, bytes);
    }

    public override void ReleaseHost(HostArea area)
    {
        MakeCurrent();
        Check(cuMemFreeHost(area.Pointer), nameof(cuMemFreeHost));
    }

    public override void Clear(nint memory, long bytes)
    {
        MakeCurrent();
        Check(cuMemsetD8Async(memory, 0, (nuint)bytes, _stream), nameof(cuMemsetD8Async));
    }

    public override void Write(void* source, nint memory, long offset, long bytes)
    {
        RequireNoCapture();
        MakeCurrent();
        Check(cuMemcpyHtoDAsync_v2(memory + (nint)offset, source, (nuint)bytes, _stream), nameof(cuMemcpyHtoDAsync_v2));
    }

    public override void Read(nint memory, long offset, void* destination, long bytes)
    {
        RequireNoCapture();
        MakeCurrent();
        Check(cuMemcpyDtoHAsync_v2(destination, memory + (nint)offset, (nuint)bytes, _stream), nameof(cuMemcpyDtoHAsync_v2));
        Check(cuStreamSynchronize(_stream), nameof(cuStreamSynchronize));
    }

    public override nint Mark()
    {
        nint mark;
        RequireNoCapture();
        MakeCurrent();
        Check(cuEventCreate(&mark, EventWithoutTiming), nameof(cuEventCreate));
        Check(cuEventRecord(mark, _stream), nameof(cuEventRecord));
        return mark;
    }

    public override void Wait(nint mark)
    {
        RequireNoCapture();
        MakeCurrent();
        Check(cuEventSynchronize(mark), nameof(cuEventSynchronize));
        Check(cuEventDestroy_v2(mark), nameof(cuEventDestroy_v2));
    }

    public override void Synchronise()
    {
        RequireNoCapture();
        MakeCurrent();
        Check(cuStreamSynchronize(_stream), nameof(cuStreamSynchronize));
    }

    public override byte[] Compile(string source) => CudaCompiler.Compile(source, Info, Traits.Architecture);

    public override nint? Load(byte[] binary)
    {
        nint program;
        MakeCurrent();
        int code;
        fixed (byte* image = binary)
        {
            code = cuModuleLoadData(&program, image);
        }

        if (code is InvalidImage or NoBinaryForDevice or InvalidPtx or NoPtxCompiler or UnsupportedPtxVersion)
        {
            return null;
        }

        Check(code, nameof(cuModuleLoadData));
        _programs.Add(program);
        return program;
    }

    public override nint Kernel(nint program, string name)
    {
        nint kernel;
        int sharedBytes;
        MakeCurrent();
        byte[] text = [.. Encoding.UTF8.GetBytes(name), 0];
        fixed (byte* start = text)
        {
            Check(cuModuleGetFunction(&kernel, program, start), $"{nameof(cuModuleGetFunction)}({name})");
        }

        Check(cuFuncGetAttribute(&sharedBytes, MaxDynamicSharedBytes, kernel), nameof(cuFuncGetAttribute));
        _sharedBytes[kernel] = sharedBytes;
        return kernel;
    }

    public override void Launch(nint kernel, LaunchShape shape, in Arguments arguments)
    {
        MakeCurrent();
        if (shape.SharedBytes > 0 && shape.SharedBytes > _sharedBytes[kernel])
        {
            // 48 KiB, less what the kernel declares, unless a kernel asks for more.
            Check(cuFuncSetAttribute(kernel, MaxDynamicSharedBytes, shape.SharedBytes), nameof(cuFuncSetAttribute));
            _sharedBytes[kernel] = shape.SharedBytes;
        }

        void** pointers = stackalloc void*[Math.Max(arguments.Count, 1)];
        fixed (ulong* values = &arguments[0])
        {
            for (int i = 0; i < arguments.Count; i++)
            {
                pointers[i] = values + i;
            }

            int code = cuLaunchKernel(
                kernel, (uint)shape.GroupsX, (uint)shape.GroupsY, (uint)shape.GroupsZ,
                (uint)shape.ThreadsX, (uint)shape.ThreadsY, 1, (uint)shape.SharedBytes, _stream, pointers, null);
            Check(code, nameof(cuLaunchKernel));
        }
    }

    /// <summary>After an error that ended the context every call fails; what can still be given back is.</summary>
    protected override void Dispose(bool disposing)
    {
        _ = cuCtxSetCurrent(_context);
        _ = cuStreamSynchronize(_stream);
        foreach (nint recording in _recordings)
        {
            _ = cuGraphExecDestroy(recording);
        }

        _recordings.Clear();
        _memory.Dispose();
        foreach (nint program in _programs)
        {
            _ = cuModuleUnload(program);
        }

        Leave();
    }

    private void Leave()
    {
        if (_stream != 0)
        {
            _ = cuStreamDestroy_v2(_stream);
        }

        _ = cuCtxSetCurrent(0);
        _current = 0;
        _ = cuDevicePrimaryCtxRelease_v2(_id.Handle);
    }

    private void MakeCurrent()
    {
        if (_current != _number)
        {
            Check(cuCtxSetCurrent(_context), nameof(cuCtxSetCurrent));
            _current = _number;
        }
    }

    private void Check(int code, string call) => CudaStatus.Check(code, call, Info);
}
