using System.Collections.Concurrent;
using Quotient.Backends.Gpu.Products;

namespace Quotient.Backends.Gpu;

/// <summary>A GPU, or whatever else OpenCL or CUDA offers: one device, its programs, and the operations written as kernels.</summary>
internal sealed unsafe class GpuBackend : IBackend
{
    private readonly Uploads _uploads;
    private readonly CheckedOps<float> _single;
    private readonly CheckedOps<double> _double;
    private readonly ConcurrentQueue<nint> _abandoned = new();
    private readonly Recordings _recordings;

    /// <param name="device">The device, which the backend owns.</param>
    /// <param name="precision">How floats are multiplied.</param>
    /// <param name="cache">Compiled programs; null for the user's.</param>
    /// <param name="emulateTensorCores">Whether kernels for tensor cores run where there are none: slowly, to be tested.</param>
    /// <param name="tuned">What replaces kernels' defaults; null for what the build holds for the device.</param>
    public GpuBackend(
        GpuDevice device, MatrixPrecision precision, ProgramCache? cache = null, bool emulateTensorCores = false, TunedValues? tuned = null)
    {
        (Gpu, Gate, EmulatesTensorCores) = (device, new(device.Info.Id), emulateTensorCores);
        Catalogue = new(device, cache ?? ProgramCache.OfUser);
        Tuned = tuned ?? TunedValues.Of(device.Info.Name, device.Traits);
        _uploads = new(device);
        _recordings = new(this);
        _single = OpsWith<float>(precision, Tuned);
        _double = OpsWith<double>(precision, Tuned);
    }

    /// <inheritdoc/>
    public DeviceInfo Device => Gpu.Info;

    /// <inheritdoc/>
    public ThreadGate Gate { get; }

    /// <inheritdoc/>
    public long AvailableMemory
    {
        get
        {
            using var pass = Gate.Enter();
            return Gpu.FreeMemory;
        }
    }

    /// <inheritdoc/>
    public long SuitableSignalBytes => Gpu.Traits.IsProcessor ? 8L << 20 : 256L << 20;

    internal GpuDevice Gpu { get; }

    internal bool EmulatesTensorCores { get; }

    internal KernelCatalogue Catalogue { get; }

    /// <summary>What the build holds of the tuner's findings for this device.</summary>
    internal TunedValues Tuned { get; }

    /// <inheritdoc/>
    public IOps<T> Ops<T>() where T : unmanaged, IFloatingPointIeee754<T> =>
        _single as IOps<T> ?? _double as IOps<T>
        ?? throw new NotSupportedException($"Precision {typeof(T).Name} is not one of float and double.");

    /// <summary>Operations of their own: the families as launches of kernels, behind the check of their arguments.</summary>
    internal CheckedOps<T> OpsWith<T>(MatrixPrecision precision, TunedValues tuned) where T : unmanaged, IFloatingPointIeee754<T>
    {
        var launcher = new Launcher<T>(this, tuned);
        var families = new OpFamilies<T>(
            new GpuVectorOps<T>(launcher), new GpuProductOps<T>(launcher, precision, tuned), new GpuImageOps<T>(launcher),
            new GpuBasisOps<T>(launcher, tuned), new GpuLossOps<T>(launcher), new GpuBitOps<T>(launcher), new GpuRandomOps<T>(launcher), new GpuStepOps<T>(launcher));
        return new(families, Gate);
    }

    /// <inheritdoc/>
    public DeviceBuffer<T> Allocate<T>(long length) where T : unmanaged
    {
        using var pass = Gate.Enter();
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        long bytes = checked(Math.Max(length, 1) * Unsafe.SizeOf<T>());
        ReleaseAbandoned();
        try
        {
            return new GpuBuffer<T>(this, AllocateZeros(bytes), length);
        }
        catch (DeviceOutOfMemoryException)
        {
            // What nobody holds any more, as buffers beside which another did not fit, is given back by finalisers: now.
            GC.Collect();
            GC.WaitForPendingFinalizers();
            if (!ReleaseAbandoned())
            {
                throw;
            }

            return new GpuBuffer<T>(this, AllocateZeros(bytes), length);
        }
    }

    /// <inheritdoc/>
    public void Write<T>(ReadOnlySpan<T> source, VectorView<T> destination) where T : unmanaged
    {
        using var pass = Gate.Enter();
        ArgumentOutOfRangeException.ThrowIfNotEqual(source.Length, destination.Length);
        fixed (T* from = source)
        {
            _uploads.Write(
                (byte*)from, GpuBuffer<T>.Of(destination.Buffer).Memory, destination.Offset * sizeof(T), destination.Length * sizeof(T));
        }
    }

    /// <inheritdoc/>
    public void Read<T>(VectorView<T> source, Span<T> destination) where T : unmanaged
    {
        using var pass = Gate.Enter();
        ArgumentOutOfRangeException.ThrowIfNotEqual(destination.Length, source.Length);
        fixed (T* to = destination)
        {
            if (destination.Length > 0)
            {
                Gpu.Read(GpuBuffer<T>.Of(source.Buffer).Memory, source.Offset * sizeof(T), to, source.Length * sizeof(T));
            }
        }
    }

    /// <inheritdoc/>
    public void Synchronise()
    {
        using var pass = Gate.Enter();
        Gpu.Synchronise();
    }

    /// <inheritdoc/>
    public void Repeat<T>(RepeatKey key, double cost, MatrixView<T> input, MatrixView<T> output, Action<MatrixView<T>, MatrixView<T>> work)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        using var pass = Gate.Enter();
        if (Gpu.Captures)
        {
            _recordings.Run(key, cost, input, output, work);
        }
        else
        {
            work(input, output);
        }
    }

    /// <inheritdoc/>
    public bool Forget(object owner)
    {
        using var pass = Gate.EnterToRelease();
        return !Gate.IsClosed && _recordings.Forget(owner);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!Gate.Close())
        {
            return;
        }

        try
        {
            _uploads.Dispose();
            ReleaseAbandoned();
        }
        finally
        {
            Gpu.Dispose();
        }
    }

    /// <summary>Takes memory back. Where the device is gone, so is all its memory.</summary>
    internal void Release(nint memory)
    {
        if (!Gate.IsClosed)
        {
            Gpu.Release(memory);
        }
    }

    /// <summary>Takes memory back that a finaliser gives up: it waits for the thread that uses the device.</summary>
    internal void Abandon(nint memory) => _abandoned.Enqueue(memory);

    private nint AllocateZeros(long bytes)
    {
        nint memory = Gpu.Allocate(bytes);
        try
        {
            Gpu.Clear(memory, bytes);
            return memory;
        }
        catch (DeviceOutOfMemoryException)
        {
            // OpenCL may find the memory only when it is first written.
            Gpu.Release(memory);
            throw;
        }
    }

    /// <summary>Whether there was any.</summary>
    private bool ReleaseAbandoned()
    {
        bool any = false;
        while (_abandoned.TryDequeue(out nint memory))
        {
            Gpu.Release(memory);
            any = true;
        }

        return any;
    }
}
