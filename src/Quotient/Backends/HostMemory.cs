using System.Globalization;
using System.Runtime.InteropServices;

namespace Quotient.Backends;

/// <summary>The host's memory as one backend sees it: what is free, and never more than a limit in all.</summary>
/// <param name="limit">Bytes that may be held at once.</param>
internal sealed unsafe class HostMemory(long limit)
{
    private const int Alignment = 64;
    private const string LinuxFigures = "/proc/meminfo";

    /// <summary>Requests below this are not compared with what is free, which takes as long to find out as to serve them.</summary>
    private const long SmallRequest = 64L << 20;

    private long _held;

    /// <summary>No limit but the machine's.</summary>
    public static HostMemory Whole { get; } = new(long.MaxValue);

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
