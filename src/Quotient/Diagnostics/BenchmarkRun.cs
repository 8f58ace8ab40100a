using Quotient.Backends;

namespace Quotient.Diagnostics;

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
