using System.Globalization;
using Quotient.Backends;

namespace Quotient.Cli.Commands;

/// <summary>Lists the devices of this machine.</summary>
internal sealed class DevicesCommand(CommonOptions common, Terminal terminal) : EngineCommand(
    "devices", "List the devices that this machine can compute on, the preferred one first.", "quotient devices", common,
    terminal)
{
    protected override void Run(Invocation run)
    {
        var devices = Engine.Providers.SelectMany(provider => provider.Devices()).ToList();
        string[] header = ["--device", "name", "memory", "threads", "features"];
        new Sheet("Devices", new { devices }, new Grid(header, [.. devices.Select(Cells)])).Deliver(run);
    }

    private static string[] Cells(DeviceInfo device) =>
    [
        device.Id,
        device.Name,
        string.Create(CultureInfo.InvariantCulture, $"{device.Memory / (double)(1 << 30):0.0} GiB"),
        device.Threads.ToString(CultureInfo.InvariantCulture),
        device.Features,
    ];
}
