using Quotient.Backends;
using Quotient.Backends.Gpu;

namespace Quotient.Tests.Backends.Gpu;

/// <summary>A device that has less memory than it says, as where another process takes some.</summary>
internal sealed class CrampedDevice(GpuDevice inner) : DeviceAround(inner)
{
    private readonly Dictionary<nint, long> _allocated = [];

    /// <summary>Bytes that there are in truth.</summary>
    public long Limit { get; set; } = long.MaxValue;

    /// <summary>Bytes in use.</summary>
    public long Used => _allocated.Values.Sum();

    /// <summary>Allocations that were refused.</summary>
    public int Refused { get; private set; }

    public override long FreeMemory => 1L << 34;

    public override nint Allocate(long bytes)
    {
        if (bytes > Limit - Used)
        {
            Refused++;
            throw new DeviceOutOfMemoryException($"{bytes} bytes wanted, {Limit - Used} are there");
        }

        nint memory = base.Allocate(bytes);
        _allocated[memory] = bytes;
        return memory;
    }

    public override void Release(nint memory)
    {
        _allocated.Remove(memory);
        base.Release(memory);
    }
}
