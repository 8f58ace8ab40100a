using System.Diagnostics;
using Quotient.Backends;

namespace Quotient.Diagnostics;

/// <summary>How a device is measured.</summary>
public sealed record BenchmarkOptions
{
    /// <summary>A few seconds instead of half a minute: smaller problems, fewer repeats.</summary>
    public bool Quick { get; init; }

    /// <summary>CPU threads; 0 for all.</summary>
    public int Threads { get; init; }

    /// <summary>How matrices are multiplied in single precision; all ways that the device offers for <see cref="MatrixPrecision.Auto"/>.</summary>
    public MatrixPrecision Products { get; init; }
}

/// <summary>
/// Measures what a device does of what Quotient needs (copies, vectors, matrix products, Hessian products, a Lanczos step), each
/// beside what its hardware allows, as far as that can be known.
/// </summary>
/// <remarks>
/// A CPU's limits are measured in the same run: multiply–adds in registers; copies, reads and updates. A GPU's arithmetic is its
/// clock times its units, where its interface tells; its memory is held to the best stream that was measured.
/// </remarks>
public static class DeviceBenchmark
{
    /// <summary>Measures a device.</summary>
    /// <param name="device">As <see cref="Engine.Open"/> takes it.</param>
    /// <param name="options">How.</param>
    /// <param name="progress">Is told before each measurement what it is of, and the share that is done.</param>
    /// <param name="cancellationToken">Is asked between batches of calls.</param>
    /// <exception cref="QuotientException">There is no such device.</exception>
    public static BenchmarkResult Run(
        string device, BenchmarkOptions options, IProgress<(string Name, double Done)>? progress = null,
        CancellationToken cancellationToken = default)
    {
        var clock = Stopwatch.StartNew();
        using var engine = Engine.Open(device, options.Threads, options.Products);
        var info = engine.Backend.Device;
        IReadOnlyList<MatrixPrecision> products = options.Products == MatrixPrecision.Auto ? info.Products : [options.Products];
        var run = new BenchmarkRun(engine.Backend, options.Quick, 8 + products.Count, progress, cancellationToken);
        MemoryBenchmarks.Measure(run);
        foreach (var precision in products.Skip(1).Reverse())
        {
            using var other = Engine.Open(info.Id, options.Threads, precision);
            ProductBenchmarks.Measure<float>(run, other.Backend, precision);
        }

        double rate = ProductBenchmarks.Measure<float>(run, engine.Backend, products[0]);
        ProductBenchmarks.Measure<double>(run, engine.Backend, MatrixPrecision.Auto);
        NetworkBenchmarks.Measure(run, products[0], rate);
        return new(info, run.Finish(), clock.Elapsed.TotalSeconds);
    }
}

/// <summary>The limits to which measurements of a device are held.</summary>
/// <param name="Peaks">What the hardware allows: as its interface tells, or as measured on a host.</param>
/// <param name="Memory">Bytes a second to and from memory; the best stream that was measured where nothing better is known.</param>
internal sealed record Limits(DevicePeaks Peaks, double Memory);

/// <summary>One run of measurements on a device: how long to measure, what was found, and in the end the limits beside it.</summary>
internal sealed class BenchmarkRun
{
    private readonly int _planned;
    private readonly IProgress<(string Name, double Done)>? _progress;
    private readonly CancellationToken _stop;
    private readonly List<(Measurement Found, Func<Limits, double> Ceiling)> _entries = [];
    private DevicePeaks _peaks;
    private double _bestStream;

    public BenchmarkRun(
        IBackend backend, bool quick, int planned, IProgress<(string Name, double Done)>? progress, CancellationToken stop)
    {
        (Backend, IsQuick, _planned, _progress, _stop) = (backend, quick, planned, progress, stop);
        Report("limits");
        Bytes = MemoryBenchmarks.ChooseBytes(this);
        _peaks = IsHost ? MeasureHost() : backend.Device.Peaks;
    }

    public IBackend Backend { get; }

    public bool IsQuick { get; }

    public bool IsHost => Backend is HostBackend;

    /// <summary>Bytes of the vectors that are copied.</summary>
    public long Bytes { get; }

    /// <summary>Seconds that one measurement takes at least.</summary>
    private double Seconds => IsQuick ? 0.02 : 0.5;

    /// <summary>Times a call of the run's device; returns its rate.</summary>
    public double Add(string name, string problem, string unit, double work, Func<Limits, double> ceiling, Action call) =>
        Add(Backend, name, problem, unit, work, ceiling, call);

    /// <summary>Times a call; returns its rate.</summary>
    public double Add(
        IBackend backend, string name, string problem, string unit, double work, Func<Limits, double> ceiling, Action call)
    {
        Report(name);
        var timing = Timing.Of(backend, call, Seconds, _stop);
        _entries.Add((new(name, problem, unit, work, timing, double.NaN), ceiling));
        return work / timing.Least;
    }

    /// <summary>Times what streams through the device's memory; all such operations are judged by the best of them.</summary>
    public void AddStream(string name, string problem, double bytes, Func<Limits, double> ceiling, Action call) =>
        _bestStream = Math.Max(_bestStream, Add(name, problem, "GB/s", bytes, ceiling, call));

    /// <summary>Seconds of one call, roughly.</summary>
    public double Try(IBackend backend, Action call) => Timing.Of(backend, call, 0, _stop).Least;

    /// <summary>
    /// What was found, beside its limits. Those of a host are measured once more: it may have been busy with other things the
    /// first time.
    /// </summary>
    public IReadOnlyList<Measurement> Finish()
    {
        Report("limits");
        if (IsHost)
        {
            var again = MeasureHost();
            _peaks = new(
                Math.Max(_peaks.Single, again.Single), Math.Max(_peaks.Double, again.Double), double.NaN,
                Math.Max(_bestStream, Math.Max(_peaks.Memory, again.Memory)));
        }

        var limits = new Limits(_peaks, IsHost ? _peaks.Memory : _bestStream);
        return [.. _entries.Select(entry => entry.Found with { Ceiling = entry.Ceiling(limits) })];
    }

    private DevicePeaks MeasureHost() => HostPeaks.Measure(Backend.Device.Threads, Bytes, IsQuick);

    private void Report(string name) => _progress?.Report((name, Math.Min(1, (double)_entries.Count / _planned)));
}
