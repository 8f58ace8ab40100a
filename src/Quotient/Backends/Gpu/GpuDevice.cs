namespace Quotient.Backends.Gpu;

/// <summary>
/// One device of one API: memory, one queue that is worked through in order, and programs. What OpenCL and CUDA have in common,
/// and nothing more; a handle is whatever the API calls so.
/// </summary>
/// <remarks>
/// Used from one thread at a time, not always the same one. Every native call is checked; a failure is a
/// <see cref="DeviceException"/> that names the call, the code and the device.
/// </remarks>
internal abstract unsafe class GpuDevice : IDisposable
{
    /// <summary>What the device is.</summary>
    public abstract DeviceInfo Info { get; }

    /// <summary>What kernels and their launches depend on.</summary>
    public abstract GpuTraits Traits { get; }

    /// <summary>Bytes that can still be allocated.</summary>
    public abstract long FreeMemory { get; }

    /// <summary>Device memory, whose contents are undefined.</summary>
    /// <exception cref="DeviceOutOfMemoryException">There is not so much left.</exception>
    public abstract nint Allocate(long bytes);

    /// <summary>Gives memory back once the work queued so far is done with it; does not wait.</summary>
    public abstract void Release(nint memory);

    /// <summary>Host memory from which the device reads without a copy of its own (pinned).</summary>
    public abstract HostArea AllocateHost(int bytes);

    /// <summary>Gives such memory back.</summary>
    public abstract void ReleaseHost(HostArea area);

    /// <summary>Queues: bytes of memory ← 0.</summary>
    public abstract void Clear(nint memory, long bytes);

    /// <summary>Queues a copy from host memory, which must stay as it is until <see cref="Wait"/> for a mark set after it.</summary>
    public abstract void Write(void* source, nint memory, long offset, long bytes);

    /// <summary>Copies to host memory after all queued work, and waits for it.</summary>
    public abstract void Read(nint memory, long offset, void* destination, long bytes);

    /// <summary>Marks this point of the queue.</summary>
    public abstract nint Mark();

    /// <summary>Waits until the queue has passed a mark, and frees the mark.</summary>
    public abstract void Wait(nint mark);

    /// <summary>Waits until all queued work is done.</summary>
    public abstract void Synchronise();

    /// <summary>Compiles a program for this device to the form that <see cref="Load"/> takes and a disk cache keeps.</summary>
    /// <exception cref="DeviceException">The compiler's own message.</exception>
    public abstract byte[] Compile(string source);

    /// <summary>Loads a compiled program; null where the device does not accept it, as after a driver's update.</summary>
    public abstract nint? Load(byte[] binary);

    /// <summary>A kernel of a loaded program.</summary>
    public abstract nint Kernel(nint program, string name);

    /// <summary>Queues a kernel.</summary>
    public abstract void Launch(nint kernel, LaunchShape shape, in Arguments arguments);

    /// <summary>Whether <see cref="Capture"/> makes replays cheaper than queueing the same work again.</summary>
    public virtual bool Captures => false;

    /// <summary>Records what an action queues, without running it. The action must not allocate, read or wait.</summary>
    public virtual nint Capture(Action work) => throw new NotSupportedException();

    /// <summary>Queues recorded work once more.</summary>
    public virtual void Replay(nint recording) => throw new NotSupportedException();

    /// <summary>Frees a recording.</summary>
    public virtual void ReleaseRecording(nint recording) => throw new NotSupportedException();

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Waits for the queue and gives everything back.</summary>
    protected abstract void Dispose(bool disposing);
}

/// <summary>Pinned host memory: where it lies, and what the API knows it by.</summary>
internal unsafe readonly record struct HostArea(nint Address, nint Handle, int Bytes)
{
    public byte* Pointer => (byte*)Address;
}

/// <summary>What kernels and their launches depend on.</summary>
/// <param name="Dialect">The prelude in <c>kernels/dialect</c>: <c>opencl</c> or <c>cuda</c>.</param>
/// <param name="Key">Device, driver and compiler options, as the program cache tells them apart.</param>
/// <param name="IsProcessor">Whether it is a CPU, whose groups are best of one thread with wide vectors.</param>
/// <param name="ComputeUnits">Multiprocessors, or cores.</param>
/// <param name="GroupLimit">The most threads in a group.</param>
/// <param name="LocalBytes">Memory that a group can share.</param>
/// <param name="Architecture">CUDA's compute capability, 80 for 8.0; 0 elsewhere.</param>
internal sealed record GpuTraits(
    string Dialect, string Key, bool IsProcessor, int ComputeUnits, int GroupLimit, int LocalBytes, int Architecture);

/// <summary>Groups and threads of a launch, and the memory that each group shares beyond what its kernel declares.</summary>
internal readonly record struct LaunchShape(int GroupsX, int GroupsY, int GroupsZ, int ThreadsX, int ThreadsY = 1, int SharedBytes = 0)
{
    /// <summary>Parts of some size that cover a length.</summary>
    public static long Ceiling(long length, long step) => (length + step - 1) / step;

    public static LaunchShape Linear(long groups, int threads) => new((int)groups, 1, 1, threads);
}
