using System.Diagnostics;
using System.Globalization;

namespace Quotient.Cli;

/// <summary>A stage of long work: what it is, and the share of it that is done, from 0 to 1.</summary>
internal sealed class ProgressStage(string name) : IProgress<double>
{
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private double _done;

    /// <summary>What it is, and perhaps how it goes.</summary>
    public string Name { get; set; } = name;

    /// <summary>The share that is done.</summary>
    public double Done => Volatile.Read(ref _done);

    /// <inheritdoc/>
    public void Report(double value) => Volatile.Write(ref _done, Math.Clamp(value, 0, 1));

    /// <inheritdoc/>
    public override string ToString() => Done is > 0 and var done
        ? string.Create(CultureInfo.InvariantCulture, $"{Name}: {done:P0} done, time left {Left(done)}")
        : Name;

    private string Left(double done) => _clock.Elapsed * ((1 - done) / done) is { TotalDays: < 1 } time
        ? time.ToString(@"hh\:mm\:ss", CultureInfo.InvariantCulture)
        : "more than a day";
}
