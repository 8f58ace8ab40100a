using Quotient.Backends;
using Quotient.Diagnostics;
using Quotient.Reports;

namespace Quotient.Cli.Commands;

/// <summary>Lists the devices of this machine, each with what a short test of it found.</summary>
internal sealed class DevicesCommand() : EngineCommand(
    80, "devices", "List the devices that this machine can compute on, the preferred one first, and test each.", "quotient devices")
{
    private readonly Option<bool> _noTest = OptionOf.Flag(
        "--no-test", "Do not test the devices, which takes up to ten seconds each.");

    protected override IReadOnlyList<Option> Own => [_noTest];

    protected override Report Run(Invocation run)
    {
        bool tests = !run.Get(_noTest);
        List<string> refusals = [];
        var all = Engine.Providers.SelectMany(provider => List(provider, refusals)).ToList();
        // All devices for auto, those of a kind, or one.
        var asked = all.FindAll(one => run.Device == "auto" || run.Device == one.Info.Id || run.Device == one.Provider.Kind);
        if (asked.Count == 0 && run.Device != "auto")
        {
            throw new QuotientException(
                $"device '{run.Device}' is not on this machine, which has {string.Join(", ", all.Select(one => one.Info.Id))}");
        }

        List<(DeviceInfo Info, SelfTestResult? Test)> devices = [.. asked.Select(one => (one.Info, tests ? Test(one) : null))];
        run.ExitCode = devices.All(device => device.Test?.Passed ?? true) ? 0 : 1;
        var report = new Report("devices", "Devices")
            .Table(Table.Of(
                "devices", "", devices,
                new("id", "--device", device => device.Info.Id),
                new("name", "name", device => device.Info.Name),
                new("memory", "memory", device => device.Info.Memory, device => Describe.Gibibytes(device.Info.Memory)),
                new("threads", "units", device => device.Info.Threads),
                new("precisions", "precisions", _ => Problem.Precisions, device => $"single ({Figures.Of(Products(device.Info))}), double"),
                new("matrixPrecisions", null, device => Products(device.Info)),
                new("features", "features", device => device.Info.Features),
                new("selfTest", tests ? "self-test" : null, device => Describe.Plain(device.Test), device => device.Test?.Verdict ?? "")))
            .Fact("refusals", null, refusals)
            .Table(Table.Of(null, "cannot be used", refusals, new Column<string>(null, "", sentence => sentence)));
        Invocation.AddNotes(report, asked.Where(_ => tests).SelectMany(one => one.Provider.Notes()));
        return report;

        SelfTestResult Test((IBackendProvider Provider, int Index, DeviceInfo Info) device) =>
            SelfTest.Run(device.Provider, device.Index, run.Options, run.Begin($"testing {device.Info.Id}"), run.Stop);

        static IEnumerable<string> Products(DeviceInfo device) => device.Products.Select(one => one.Name());
    }

    /// <summary>The devices of a kind; one that cannot even be listed is a refusal among others.</summary>
    private static IEnumerable<(IBackendProvider Provider, int Index, DeviceInfo Info)> List(IBackendProvider provider, List<string> refusals)
    {
        try
        {
            var devices = provider.Devices();
            refusals.AddRange(provider.Refusals());
            return devices.Select((info, index) => (provider, index, info));
        }
#pragma warning disable CA1031 // A broken driver must not hide the devices that work.
        catch (Exception error)
#pragma warning restore CA1031
        {
            refusals.Add($"{provider.Kind}: {error.Message}");
            return [];
        }
    }
}
