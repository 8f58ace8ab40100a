namespace Quotient.Diagnostics;

/// <summary>One thing that was measured.</summary>
/// <param name="Name">What: <c>copy on the device</c>.</param>
/// <param name="Problem">Of which size.</param>
/// <param name="Unit">Of the rates: <c>GB/s</c>, <c>GFLOP/s</c> or <c>steps/s</c>.</param>
/// <param name="Work">Bytes, operations or steps of one call.</param>
/// <param name="Time">Seconds of one call.</param>
/// <param name="Ceiling">Work a second that the hardware allows; NaN where that is not known.</param>
public sealed record Measurement(string Name, string Problem, string Unit, double Work, Timing Time, double Ceiling)
{
    /// <summary>The rate of the fastest calls, in the unit.</summary>
    public double Rate => Scaled(Work / Time.Least);

    /// <summary>The rate of the median, in the unit.</summary>
    public double MedianRate => Scaled(Work / Time.Median);

    /// <summary>The physical limit, in the unit; NaN where it is not known.</summary>
    public double Limit => Scaled(Ceiling);

    /// <summary>The rate's share of the limit; NaN where that is not known.</summary>
    public double Share => Rate / Limit;

    private double Scaled(double rate) => Unit.StartsWith('G') ? rate / 1e9 : rate;
}

/// <summary>What a device was measured to do.</summary>
/// <param name="Device">The device.</param>
/// <param name="Measurements">Each thing measured, in the order of measuring.</param>
/// <param name="Seconds">How long it took.</param>
public sealed record BenchmarkResult(Backends.DeviceInfo Device, IReadOnlyList<Measurement> Measurements, double Seconds);
