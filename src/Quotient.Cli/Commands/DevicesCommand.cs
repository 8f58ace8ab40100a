using System.CommandLine;
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
        var asked = Asked([.. Engine.Providers.SelectMany(provider => List(provider, refusals))], run.Device);
        List<(DeviceInfo Info, SelfTestResult? Test)> devices = [.. asked.Select(one => (one.Info, tests ? Test(run, one) : null))];
        run.ExitCode = devices.All(device => device.Test?.Passed ?? true) ? 0 : 1;
        return new Report("devices", "Devices")
            .Table(Table.Of(
                "devices", "", devices,
                new("id", "--device", device => device.Info.Id),
                new("name", "name", device => device.Info.Name),
                new("memory", "memory", device => device.Info.Memory, device => Describe.Gibibytes(device.Info.Memory)),
                new("threads", "units", device => device.Info.Threads),
                new("precisions", "precisions", _ => Problem.Precisions, device => $"single ({Products(device.Info)}), double"),
                new("matrixPrecisions", null, device => device.Info.Products.Select(one => one.Name())),
                new("features", "features", device => device.Info.Features),
                new("selfTest", tests ? "self-test" : null, device => Describe.Plain(device.Test), device => device.Test?.Verdict ?? "")))
            .Fact("refusals", null, refusals)
            .Table(Table.Of(null, "cannot be used", refusals, new Column<string>(null, "", sentence => sentence)));
    }

    /// <summary>The devices of a kind; one that cannot even be listed is a refusal among others.</summary>
    private static IEnumerable<Listed> List(IBackendProvider provider, List<string> refusals)
    {
        try
        {
            var devices = provider.Devices();
            refusals.AddRange(provider.Refusals());
            return devices.Select((info, index) => new Listed(provider, index, info));
        }
#pragma warning disable CA1031 // A broken driver must not hide the devices that work.
        catch (Exception error)
#pragma warning restore CA1031
        {
            refusals.Add($"{provider.Kind}: {error.Message}");
            return [];
        }
    }

    /// <summary>All devices for <c>auto</c>, those of a kind, or one.</summary>
    private static List<Listed> Asked(List<Listed> all, string asked)
    {
        var found = all.FindAll(one => asked == "auto" || asked == one.Info.Id || asked == one.Provider.Kind);
        return found.Count > 0 || asked == "auto" ? found : throw new QuotientException(
            $"device '{asked}' is not on this machine, which has {string.Join(", ", all.Select(one => one.Info.Id))}");
    }

    private static SelfTestResult Test(Invocation run, Listed device) => SelfTest.Run(
        device.Provider, device.Index, run.Options, run.Begin($"testing {device.Info.Id}"), run.Stop);

    private static string Products(DeviceInfo info) => string.Join(", ", info.Products.Select(one => one.Name()));

    private sealed record Listed(IBackendProvider Provider, int Index, DeviceInfo Info);
}
