namespace Quotient.Backends.Gpu;

/// <summary>
/// Copies host memory to the device by way of pinned areas, used in turn, so that the caller goes on while the device copies.
/// </summary>
internal sealed unsafe class Uploads(GpuDevice device) : IDisposable
{
    private const int Areas = 3, BytesOfArea = 4 << 20, Alignment = 64;
    private readonly HostArea[] _areas = new HostArea[Areas];
    private readonly nint[] _marks = new nint[Areas];
    private int _current, _used;

    /// <summary>Queues memory[offset…] ← source, which may be reused on return.</summary>
    public void Write(byte* source, nint memory, long offset, long bytes)
    {
        while (bytes > 0)
        {
            int room = Reserve(), count = (int)Math.Min(bytes, room);
            byte* area = _areas[_current].Pointer + _used;
            Buffer.MemoryCopy(source, area, room, count);
            device.Write(area, memory, offset, count);
            _used += (count + Alignment - 1) / Alignment * Alignment;
            source += count;
            offset += count;
            bytes -= count;
        }
    }

    public void Dispose()
    {
        device.Synchronise();
        for (int i = 0; i < Areas; i++)
        {
            Pass(i);
            if (_areas[i].Address != 0)
            {
                device.ReleaseHost(_areas[i]);
            }
        }
    }

    /// <summary>The bytes left in the current area; moves to the next one, once the device has read it, where none are.</summary>
    private int Reserve()
    {
        if (_used >= BytesOfArea)
        {
            _marks[_current] = device.Mark();
            (_current, _used) = ((_current + 1) % Areas, 0);
            Pass(_current);
        }

        if (_areas[_current].Address == 0)
        {
            _areas[_current] = device.AllocateHost(BytesOfArea);
        }

        return BytesOfArea - _used;
    }

    private void Pass(int area)
    {
        if (_marks[area] != 0)
        {
            device.Wait(_marks[area]);
            _marks[area] = 0;
        }
    }
}
