using System.CommandLine;
using System.Globalization;
using Quotient.Backends;
using Quotient.Diagnostics;

namespace Quotient.Cli.Commands;

/// <summary>Lists the devices of this machine, each with what a short test of it found.</summary>
internal sealed class DevicesCommand : EngineCommand
{
    private readonly Option<bool> _noTest = OptionOf.Flag(
        "--no-test", "Do not test the devices, which takes up to ten seconds each.");

    public DevicesCommand(CommonOptions common, Terminal terminal) : base(
        "devices", "List the devices that this machine can compute on, the preferred one first, and test each.", "quotient devices",
        common, terminal) =>
        Add(_noTest);

    protected override void Run(Invocation run)
    {
        var listing = new DeviceListing(run.Device);
        List<Tested> devices = [];
        using (var progress = run.ShowProgress())
        {
            devices.AddRange(listing.Devices.Select(device => run.Get(_noTest) ? new(device.Info, null) : Test(run, device, progress)));
        }

        run.ExitCode = devices.All(device => device.Result?.Passed ?? true) ? 0 : 1;
        string[] header = ["--device", "name", "memory", "units", "precisions", "features", .. run.Get(_noTest) ? Array.Empty<string>() : ["self-test"]];
        var values = new { Devices = devices.Select(Values).ToList(), listing.Refusals };
        var refusals = new Grid(["cannot be used"], [.. listing.Refusals.Select(sentence => new[] { sentence })]);
        new Sheet("Devices", values, new Grid(header, [.. devices.Select(Cells)]), refusals).Deliver(run);
    }

    private static Tested Test(Invocation run, ListedDevice device, ProgressDisplay progress)
    {
        var stage = progress.Begin($"testing {device.Info.Id}");
        return new(
            device.Info, SelfTest.Run(device.Provider, device.Index, new(run.Threads, run.MatrixPrecision), stage, run.Stop));
    }

    private static object Values(Tested device) => new
    {
        device.Info.Id,
        device.Info.Name,
        device.Info.Memory,
        device.Info.Threads,
        device.Info.Features,
        Precisions = new[] { "single", "double" },
        MatrixPrecisions = device.Info.Products.Select(one => one.Name()),
        SelfTest = device.Result,
    };

    private static string[] Cells(Tested device)
    {
        var info = device.Info;
        string[] cells =
        [
            info.Id,
            info.Name,
            string.Create(CultureInfo.InvariantCulture, $"{info.Memory / (double)(1 << 30):0.0} GiB"),
            info.Threads.ToString(CultureInfo.InvariantCulture),
            $"single ({string.Join(", ", info.Products.Select(one => one.Name()))}), double",
            info.Features,
        ];
        return device.Result is { } result ? [.. cells, result.Verdict] : cells;
    }

    private sealed record Tested(DeviceInfo Info, SelfTestResult? Result);
}
