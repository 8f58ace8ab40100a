using System.CommandLine;
using System.Globalization;
using Quotient.Diagnostics;

namespace Quotient.Cli.Commands;

/// <summary>Measures a device beside its physical limits, so that machines can be compared.</summary>
internal sealed class BenchCommand : EngineCommand
{
    private static readonly string[] Header = ["measured", "problem", "least", "median", "rate", "limit", "share"];

    private readonly Option<bool> _quick = OptionOf.Flag("--quick", "Smaller problems, in a few seconds.");

    public BenchCommand(CommonOptions common, Terminal terminal) : base(
        "bench", "Measure copies, matrix products, Hessian products and a Lanczos step beside what the device's hardware allows.",
        "quotient bench --device cpu --json bench.json", common, terminal) =>
        Add(_quick);

    protected override void Run(Invocation run)
    {
        var options = new BenchmarkOptions
        {
            Quick = run.Get(_quick),
            Threads = run.Threads,
            Products = run.MatrixPrecision,
        };
        BenchmarkResult result;
        using (var progress = run.ShowProgress())
        {
            var stage = progress.Begin("measuring");
            result = DeviceBenchmark.Run(
                run.Device, options, new Relay<(string Name, double Done)>(at =>
                {
                    stage.Name = $"measuring: {at.Name}";
                    stage.Report(at.Done);
                }),
                run.Stop);
        }

        SheetOf(result, options, run).Deliver(run);
    }

    private static Sheet SheetOf(BenchmarkResult result, BenchmarkOptions options, Invocation run)
    {
        var device = result.Device;
        var about = Grid.Of(
        [
            ["device", $"{device.Id} ({device.Name})"],
            ["features", device.Features],
            ["memory", string.Create(CultureInfo.InvariantCulture, $"{device.Memory / (double)(1 << 30):0.0} GiB")],
        ]);
        var values = new
        {
            Device = new { device.Id, device.Name, device.Memory, device.Threads, device.Features },
            options.Quick,
            Measurements = result.Measurements.Select(Values).ToList(),
            result.Seconds,
            Date = DateTime.UtcNow,
            Command = run.CommandText,
        };
        return new("Benchmark", values, about, new Grid(Header, [.. result.Measurements.Select(Cells)]));
    }

    private static object Values(Measurement one) => new
    {
        one.Name,
        one.Problem,
        LeastSeconds = one.Time.Least,
        MedianSeconds = one.Time.Median,
        one.Unit,
        one.Rate,
        one.MedianRate,
        one.Limit,
        one.Share,
    };

    private static string[] Cells(Measurement one) =>
    [
        one.Name,
        one.Problem,
        Time(one.Time.Least),
        Time(one.Time.Median),
        Rate(one.Rate, one.Unit),
        Rate(one.Limit, one.Unit),
        double.IsNaN(one.Share) ? "–" : string.Create(CultureInfo.InvariantCulture, $"{100 * one.Share:F0} %"),
    ];

    private static string Rate(double rate, string unit) =>
        double.IsNaN(rate) ? "–" : string.Create(CultureInfo.InvariantCulture, $"{rate.ToString(rate < 100 ? "G3" : "F0", CultureInfo.InvariantCulture)} {unit}");

    private static string Time(double seconds) => seconds switch
    {
        < 1e-3 => string.Create(CultureInfo.InvariantCulture, $"{seconds * 1e6:G4} µs"),
        < 1 => string.Create(CultureInfo.InvariantCulture, $"{seconds * 1e3:G4} ms"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{seconds:G4} s"),
    };
}
