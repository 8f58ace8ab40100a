using System.Runtime.InteropServices;

namespace Quotient.Backends;

/// <summary>Elements in the host's own memory, on a 64-byte boundary: the buffer of every backend that computes on the CPU.</summary>
public sealed unsafe class HostBuffer<T> : DeviceBuffer<T> where T : unmanaged
{
    private readonly HostMemory _memory;
    private nint _pointer;

    /// <summary>Allocates <paramref name="length"/> zeros.</summary>
    /// <exception cref="DeviceOutOfMemoryException">There is too little memory.</exception>
    public HostBuffer(long length) : this(length, HostMemory.Whole)
    {
    }

    internal HostBuffer(long length, HostMemory memory) : base(length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        _memory = memory;
        _pointer = (nint)memory.Take(Bytes);
    }

    /// <summary>Releases the memory of a buffer that nobody disposed.</summary>
    ~HostBuffer() => Dispose(false);

    /// <summary>The first element.</summary>
    public T* Pointer
    {
        get
        {
            ObjectDisposedException.ThrowIf(_pointer == 0, this);
            return (T*)_pointer;
        }
    }

    private long Bytes => checked(Math.Max(Length, 1) * sizeof(T));

    /// <summary>A finaliser need not enter: operations hold their buffers, so that nobody uses this one any more.</summary>
    protected override void Dispose(bool disposing)
    {
        using var pass = disposing && _memory.Gate is { } gate ? gate.EnterToRelease() : default;
        if (Interlocked.Exchange(ref _pointer, 0) is not 0 and var pointer)
        {
            _memory.Return((void*)pointer, Bytes);
        }
    }
}

/// <summary>Where the elements of a view lie in host memory.</summary>
internal static unsafe class HostViews
{
    /// <summary>The address of a vector's first element.</summary>
    public static T* Pointer<T>(this VectorView<T> view) where T : unmanaged => Host(view.Buffer).Pointer + view.Offset;

    /// <summary>The address of a matrix's first element.</summary>
    public static T* Pointer<T>(this MatrixView<T> view) where T : unmanaged => Host(view.Buffer).Pointer + view.Offset;

    /// <summary>A vector of fewer than 2³¹ elements as a span.</summary>
    public static Span<T> Span<T>(this VectorView<T> view) where T : unmanaged => new(view.Pointer(), checked((int)view.Length));

    private static HostBuffer<T> Host<T>(DeviceBuffer<T> buffer) where T : unmanaged =>
        buffer as HostBuffer<T> ?? throw new InvalidOperationException("The buffer belongs to another backend.");
}

/// <summary>The host's memory as one backend sees it: what is free, and never more than a limit in all.</summary>
/// <param name="limit">Bytes that may be held at once.</param>
/// <param name="gate">What whoever gives a buffer back passes, where a backend computes with it.</param>
internal sealed unsafe class HostMemory(long limit, ThreadGate? gate = null)
{
    private const int Alignment = 128;
    private const string LinuxFigures = "/proc/meminfo";

    /// <summary>Requests below this are not compared with what is free, which takes as long to find out as to serve them.</summary>
    private const long SmallRequest = 64L << 20;

    private long _held;

    /// <summary>No limit but the machine's.</summary>
    public static HostMemory Whole { get; } = new(long.MaxValue);

    /// <summary>The gate of the backend whose memory this is.</summary>
    public ThreadGate? Gate => gate;

    /// <summary>Bytes that can still be allocated.</summary>
    public long Available => Math.Min(Math.Max(Free, SmallRequest), limit - Interlocked.Read(ref _held));

    /// <summary>
    /// What the kernel says is available, where it says so, within the limit that the runtime found for this process (a
    /// container's); elsewhere what the runtime saw at its last collection.
    /// </summary>
    public static long Free
    {
        get
        {
            var info = GC.GetGCMemoryInfo();
            long ofProcess = info.TotalAvailableMemoryBytes - Environment.WorkingSet;
            return Math.Min(ofProcess, OfKernel() ?? info.TotalAvailableMemoryBytes - info.MemoryLoadBytes);
        }
    }

    /// <summary>Zeros, on a 64-byte boundary.</summary>
    /// <exception cref="DeviceOutOfMemoryException">There is not so much left.</exception>
    public void* Take(long bytes)
    {
        long held = Interlocked.Add(ref _held, bytes);
        if (held > limit || (bytes > SmallRequest && bytes > Free))
        {
            Interlocked.Add(ref _held, -bytes);
            throw new DeviceOutOfMemoryException($"{bytes} bytes of memory wanted, {Available} are left");
        }

        try
        {
            void* memory = Allocate(bytes);
            NativeMemory.Clear(memory, (nuint)bytes);
            GC.AddMemoryPressure(bytes);
            return memory;
        }
        catch
        {
            Interlocked.Add(ref _held, -bytes);
            throw;
        }
    }

    /// <summary>Gives back what <see cref="Take"/> returned.</summary>
    public void Return(void* memory, long bytes)
    {
        NativeMemory.AlignedFree(memory);
        GC.RemoveMemoryPressure(bytes);
        Interlocked.Add(ref _held, -bytes);
    }

    /// <summary>Memory on a 64-byte boundary that nobody counts; its contents are undefined.</summary>
    /// <exception cref="DeviceOutOfMemoryException">There is not so much left.</exception>
    public static void* Allocate(long bytes)
    {
        try
        {
            return NativeMemory.AlignedAlloc((nuint)bytes, Alignment);
        }
        catch (OutOfMemoryException)
        {
            throw new DeviceOutOfMemoryException($"{bytes} bytes of memory wanted, which the system refuses");
        }
    }

    private static long? OfKernel()
    {
        if (!File.Exists(LinuxFigures))
        {
            return null;
        }

        // A line such as "MemAvailable:   22662000 kB".
        string? line = File.ReadLines(LinuxFigures).FirstOrDefault(text => text.StartsWith("MemAvailable:", StringComparison.Ordinal));
        string? number = line?.Split(' ', StringSplitOptions.RemoveEmptyEntries).ElementAtOrDefault(1);
        return long.TryParse(number, CultureInfo.InvariantCulture, out long kibibytes) ? kibibytes << 10 : null;
    }
}
