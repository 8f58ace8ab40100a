using System.Text.Json;
using NUnit.Framework;

namespace Quotient.Tests.Cli;

public class DevicesCommandTests
{
    [Test]
    public void Every_device_is_in_the_table_and_in_the_json()
    {
        using var folder = new ScratchFolder();
        var outcome = CommandLine.Run("devices --json {}/devices.json", folder.Path);
        Assert.That(outcome.Code, Is.Zero, outcome.Error);
        using var json = JsonDocument.Parse(File.ReadAllText(folder.At("devices.json")));
        var listed = json.RootElement.GetProperty("devices").EnumerateArray()
            .Select(device => device.GetProperty("id").GetString()).ToList();
        var known = Engine.Providers.SelectMany(provider => provider.Devices()).Select(device => device.Id).ToList();
        Assert.That(listed, Is.EqualTo(known));
        Assert.That(listed, Has.All.Matches<string?>(id => outcome.Output.Contains(id!)));
        Assert.That(folder.Files, Is.EqualTo(new[] { "devices.json" }));
    }

    [Test]
    public void Quiet_prints_nothing() => Assert.That(CommandLine.Run("devices --quiet").Output, Is.Empty);

    [Test]
    public void A_pipe_gets_no_colour_codes() => Assert.That(CommandLine.Run("devices").Output, Does.Not.Contain("\e"));
}
