using Quotient.Backends;

namespace Quotient.Benchmarks;

/// <summary>One run of measurements on a device: its limits, how long to measure, and what was found.</summary>
internal sealed class BenchmarkRun
{
    private readonly int _planned;
    private readonly IProgress<(string Name, double Done)>? _progress;
    private readonly CancellationToken _stop;
    private readonly List<Measurement> _measurements = [];

    public BenchmarkRun(
        IBackend backend, bool quick, int planned, IProgress<(string Name, double Done)>? progress, CancellationToken stop)
    {
        (Backend, IsQuick, _planned, _progress, _stop) = (backend, quick, planned, progress, stop);
        Report("limits");
        Bytes = MemoryBenchmarks.ChooseBytes(this);
        Peaks = IsHost ? HostPeaks.Measure(backend.Device.Threads, Bytes, quick) : backend.Device.Peaks;
        Memory = Peaks.Memory;
    }

    public IBackend Backend { get; }

    public bool IsQuick { get; }

    public bool IsHost => Backend is HostBackend;

    /// <summary>The hardware's limits.</summary>
    public DevicePeaks Peaks { get; }

    /// <summary>Bytes a second to which what memory bounds is held: the limit measured on a CPU, a GPU's best copy.</summary>
    public double Memory { get; set; }

    /// <summary>Bytes of the vectors that are copied.</summary>
    public long Bytes { get; }

    /// <summary>Seconds that one measurement takes at least.</summary>
    public double Seconds => IsQuick ? 0.02 : 0.5;

    public IReadOnlyList<Measurement> Measurements => _measurements;

    /// <summary>Times a call of the run's device.</summary>
    public Measurement Add(string name, string problem, string unit, double work, double ceiling, Action call) =>
        Add(Backend, name, problem, unit, work, ceiling, call);

    /// <summary>Times a call.</summary>
    public Measurement Add(IBackend backend, string name, string problem, string unit, double work, double ceiling, Action call)
    {
        Report(name);
        var measurement = new Measurement(name, problem, unit, work, Timing.Of(backend, call, Seconds, _stop), ceiling);
        _measurements.Add(measurement);
        return measurement;
    }

    /// <summary>Seconds of one call, roughly.</summary>
    public double Try(IBackend backend, Action call) => Timing.Of(backend, call, 0, _stop).Least;

    private void Report(string name) => _progress?.Report((name, (double)_measurements.Count / _planned));
}
