using Quotient.Diagnostics;
using Quotient.Reports;

namespace Quotient.Cli.Commands;

/// <summary>Measures a device beside its physical limits, so that machines can be compared.</summary>
internal sealed class BenchCommand() : EngineCommand(
    90, "bench", "Measure copies, matrix products, Hessian products and a Lanczos step, beside what the hardware allows.",
    "quotient bench --device cpu --json bench.json")
{
    private readonly Option<bool> _quick = OptionOf.Flag("--quick", "Smaller problems, in a few seconds.");

    protected override IReadOnlyList<Option> Own => [_quick];

    protected override Report Run(Invocation run)
    {
        var options = new BenchmarkOptions { Quick = run.Get(_quick), Threads = run.Options.Threads, Products = run.Options.Products };
        var progress = run.Begin<(string Name, double Done)>("measuring", at => ("measuring", $": {at.Name}", at.Done));
        var result = DeviceBenchmark.Run(run.Device, options, progress, run.Stop);
        var device = result.Device;
        return new Report("benchmark", "Benchmark")
            .Fact(null, "device", device.Id, $"{device.Id} ({device.Name})")
            .Fact("features", "features", device.Features)
            .Fact("memory", "memory", device.Memory, Describe.Gibibytes(device.Memory))
            .Fact("threads", null, device.Threads)
            .Fact("quick", null, options.Quick)
            .Fact("date", null, DateTime.UtcNow.ToString("O", CultureInfo.InvariantCulture))
            .Table(Table.Of(
                "measurements", "", result.Measurements,
                new("name", "measured", one => one.Name),
                new("problem", "problem", one => one.Problem),
                new("leastSeconds", "least", one => one.Time.Least, one => Time(one.Time.Least)),
                new("medianSeconds", "median", one => one.Time.Median, one => Time(one.Time.Median)),
                new("unit", null, one => one.Unit),
                new("rate", "rate", one => one.Rate, one => Rate(one.Rate, one.Unit)),
                new("medianRate", null, one => one.MedianRate),
                new("limit", "limit", one => Figures.Known(one.Limit), one => Rate(one.Limit, one.Unit)),
                new("share", "share", one => Figures.Known(one.Share), one => Describe.Share(one.Share))))
            .From(new("") { Device = device.Id, DeviceName = device.Name });
    }

    private static string Rate(double rate, string unit) =>
        double.IsNaN(rate) ? "-" : $"{rate.ToString(rate < 100 ? "G3" : "F0", CultureInfo.InvariantCulture)} {unit}";

    private static string Time(double seconds) => seconds switch
    {
        < 1e-3 => string.Create(CultureInfo.InvariantCulture, $"{seconds * 1e6:G4} µs"),
        < 1 => string.Create(CultureInfo.InvariantCulture, $"{seconds * 1e3:G4} ms"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{seconds:G4} s"),
    };
}
