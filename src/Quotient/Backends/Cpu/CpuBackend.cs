using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Quotient.Backends.Cpu;

/// <summary>The host's own cores, at the widest vectors that they have.</summary>
public sealed class CpuBackend : HostBackend
{
    private readonly WorkerPool _pool;
    private readonly Scratch _scratch;
    private readonly CheckedOps<float> _single;
    private readonly CheckedOps<double> _double;

    /// <summary>Starts the worker threads.</summary>
    /// <param name="threads">Threads to use, as far as the system gives so many; 0 for one a processor.</param>
    /// <param name="memoryLimit">Bytes that its buffers may take in all.</param>
    public CpuBackend(int threads = 0, long memoryLimit = long.MaxValue) : this(new WorkerPool(threads), memoryLimit)
    {
    }

    internal CpuBackend(WorkerPool pool, long memoryLimit = long.MaxValue) : base(Describe(pool.Threads), memoryLimit)
    {
        _pool = pool;
        _scratch = new(_pool.Threads);
        (_single, _double) = (MakeOps<float>(), MakeOps<double>());
    }

    /// <inheritdoc/>
    public override IOps<T> Ops<T>() =>
        _single as IOps<T> ?? _double as IOps<T>
        ?? throw new NotSupportedException($"Precision {typeof(T).Name} is not one of float and double.");

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _pool.Dispose();
        _scratch.Dispose();
        base.Dispose(disposing);
    }

    private CheckedOps<T> MakeOps<T>() where T : unmanaged, IFloatingPointIeee754<T>
    {
        var families = new OpFamilies<T>(
            new CpuVectorOps<T>(_pool, _scratch), new CpuProductOps<T>(_pool, _scratch), CpuImageOps.Of<T>(_pool, _scratch),
            new CpuBasisOps<T>(_pool, _scratch), new CpuLossOps<T>(_pool, _scratch), new CpuBitOps<T>(_pool, _scratch), new CpuRandomOps<T>(_pool), new CpuStepOps<T>(_pool));
        return new(families, Gate);
    }

    internal static DeviceInfo Describe(int threads)
    {
        int used = threads > 0 ? threads : Environment.ProcessorCount;
        string features = $"{InstructionSet}, {used} thread{(used == 1 ? "" : "s")}";
        return new("cpu", Model(), GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, used, features);
    }

    private static string InstructionSet => (Vector512.IsHardwareAccelerated, Vector256.IsHardwareAccelerated) switch
    {
        (true, _) => "AVX-512",
        (_, true) => "AVX2",
        _ => $"{(Vector128.IsHardwareAccelerated ? 128 : 0)}-bit vectors",
    };

    private static string Model()
    {
        const string File = "/proc/cpuinfo", Field = "model name";
        try
        {
            string? line = System.IO.File.ReadLines(File)
                .FirstOrDefault(text => text.StartsWith(Field, StringComparison.Ordinal));
            if (line is not null)
            {
                return line[(line.IndexOf(':') + 1)..].Trim();
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Systems without this file still have an architecture.
        }

        return RuntimeInformation.ProcessArchitecture.ToString();
    }
}

/// <summary>Offers the host's cores.</summary>
public sealed class CpuProvider : IBackendProvider
{
    [ModuleInitializer]
    internal static void Register() => DeviceKinds.Register(new CpuProvider());

    /// <inheritdoc/>
    public string Kind => "cpu";

    /// <inheritdoc/>
    public int Preference => 10;

    /// <inheritdoc/>
    public IReadOnlyList<DeviceInfo> Devices() => [CpuBackend.Describe(0)];

    /// <inheritdoc/>
    public IBackend Open(int index, BackendOptions options)
    {
        MatrixPrecisions.Require(Devices()[index], options.Products);
        return new CpuBackend(options.Threads);
    }
}
