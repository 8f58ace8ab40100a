using System.Globalization;
using Quotient.Backends;
using Spectre.Console;

namespace Quotient.Cli.Commands;

/// <summary>Lists the devices of this machine.</summary>
internal sealed class DevicesCommand(CommonOptions common, Terminal terminal) : EngineCommand(
    "devices", "List the devices that this machine can compute on, the preferred one first.", "quotient devices", common, terminal)
{
    protected override void Run(Invocation run)
    {
        var devices = Engine.Providers.SelectMany(provider => provider.Devices()).ToList();
        ResultFile.WriteJson(run.JsonFile, new { devices });
        if (!run.Quiet)
        {
            run.Terminal.OutputConsole().Write(AsTable(devices));
        }
    }

    private static Table AsTable(List<DeviceInfo> devices)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("--device", "name", "memory", "threads", "features");
        foreach (var device in devices)
        {
            string memory = string.Create(CultureInfo.InvariantCulture, $"{device.Memory / (double)(1 << 30):0.0} GiB");
            string threads = device.Threads.ToString(CultureInfo.InvariantCulture);
            string[] cells = [device.Id, device.Name, memory, threads, device.Features];
            table.AddRow([.. cells.Select(Markup.Escape)]);
        }

        return table;
    }
}
