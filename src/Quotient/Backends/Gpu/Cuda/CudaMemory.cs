using static Quotient.Backends.Gpu.Cuda.CudaNative;

namespace Quotient.Backends.Gpu.Cuda;

/// <summary>
/// Device memory that is taken and given back in the order of one stream, so that neither waits: a pool of our own, which keeps
/// what is given back for the next one who asks. Where the driver has no pools, plain allocations.
/// </summary>
/// <remarks>The context must be current.</remarks>
internal sealed unsafe class CudaMemory : IDisposable
{
    private readonly DeviceInfo _device;
    private readonly nint _stream;
    private readonly nint _pool;
    private readonly HashSet<nint> _allocated = [];

    public CudaMemory(CudaDeviceId id, nint stream)
    {
        (_device, _stream) = (id.Info, stream);
        if (!id.HasMemoryPools)
        {
            return;
        }

        var properties = new PoolProperties { AllocationType = PinnedAllocation, LocationType = OnDevice, Device = id.Handle };
        ulong keepAll = ulong.MaxValue;
        fixed (nint* pool = &_pool)
        {
            Check(cuMemPoolCreate(pool, &properties), nameof(cuMemPoolCreate));
        }

        Check(cuMemPoolSetAttribute(_pool, PoolReleaseThreshold, &keepAll), nameof(cuMemPoolSetAttribute));
    }

    /// <summary>What the device has left, and what the pool holds without using it.</summary>
    public long Free
    {
        get
        {
            nuint free, total;
            Check(cuMemGetInfo_v2(&free, &total), nameof(cuMemGetInfo_v2));
            return (long)free + Math.Max(0, PoolFigure(PoolReserved) - PoolFigure(PoolUsed));
        }
    }

    /// <summary>Memory whose contents are undefined.</summary>
    /// <exception cref="DeviceOutOfMemoryException">There is not so much left.</exception>
    public nint Allocate(long bytes)
    {
        nint memory;
        int code = TryAllocate(bytes, &memory);
        if (code == OutOfMemory)
        {
            // What was given back in pieces may be too small where it lies: once all work is done, it can be joined.
            Trim();
            code = TryAllocate(bytes, &memory);
        }

        if (code == OutOfMemory)
        {
            throw new DeviceOutOfMemoryException(
                $"{CudaStatus.Error(code, AllocationCall, _device).Message}: {bytes} bytes wanted, {Free} free");
        }

        Check(code, AllocationCall);
        _allocated.Add(memory);
        return memory;
    }

    /// <summary>Gives memory back once the work queued so far is done with it.</summary>
    public void Release(nint memory)
    {
        if (_allocated.Remove(memory))
        {
            Check(Return(memory), _pool != 0 ? nameof(cuMemFreeAsync) : nameof(cuMemFree_v2));
        }
    }

    /// <summary>Gives everything back; the stream must still be there.</summary>
    public void Dispose()
    {
        foreach (nint memory in _allocated)
        {
            _ = Return(memory);
        }

        _allocated.Clear();
        if (_pool != 0)
        {
            _ = cuStreamSynchronize(_stream);
            _ = cuMemPoolDestroy(_pool);
        }
    }

    private string AllocationCall => _pool != 0 ? nameof(cuMemAllocFromPoolAsync) : nameof(cuMemAlloc_v2);

    private int TryAllocate(long bytes, nint* memory) => _pool != 0
        ? cuMemAllocFromPoolAsync(memory, (nuint)bytes, _pool, _stream)
        : cuMemAlloc_v2(memory, (nuint)bytes);

    /// <summary>Without a pool the driver waits for all work itself before it frees.</summary>
    private int Return(nint memory) => _pool != 0 ? cuMemFreeAsync(memory, _stream) : cuMemFree_v2(memory);

    private void Trim()
    {
        if (_pool != 0)
        {
            Check(cuStreamSynchronize(_stream), nameof(cuStreamSynchronize));
            Check(cuMemPoolTrimTo(_pool, 0), nameof(cuMemPoolTrimTo));
        }
    }

    /// <summary>A figure of the pool; 0 without a pool, and before CUDA 11.3, which does not tell.</summary>
    private long PoolFigure(int attribute)
    {
        ulong value = 0;
        return _pool != 0 && cuMemPoolGetAttribute(_pool, attribute, &value) == Success ? (long)value : 0;
    }

    private void Check(int code, string call) => CudaStatus.Check(code, call, _device);
}
