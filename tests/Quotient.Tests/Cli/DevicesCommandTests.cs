using System.Text.Json;
using NUnit.Framework;
using Quotient.Backends;
using Quotient.Backends.Reference;

namespace Quotient.Tests.Cli;

[NonParallelizable]
public class DevicesCommandTests
{
    [Test]
    public void Every_device_is_in_the_table_and_in_the_json()
    {
        using var folder = new ScratchFolder();
        var outcome = CommandLine.Run("devices --no-test --json {}/devices.json", folder.Path);
        Assert.That(outcome.Code, Is.Zero, outcome.Error);
        using var json = JsonDocument.Parse(File.ReadAllText(folder.At("devices.json")));
        var listed = json.RootElement.GetProperty("devices").EnumerateArray()
            .Select(device => device.GetProperty("id").GetString()).ToList();
        var known = Engine.Providers.SelectMany(provider => provider.Devices()).Select(device => device.Id).ToList();
        Assert.That(listed, Is.EqualTo(known));
        Assert.That(listed, Has.All.Matches<string?>(id => outcome.Output.Contains(id!)));
        Assert.That(folder.Files, Is.EqualTo(new[] { "devices.json" }));
        Assert.That(outcome.Output, Does.Not.Contain("self-test"));
    }

    [Test]
    public void One_device_is_tested_and_its_precisions_are_told([Values("cpu", "reference")] string device)
    {
        using var folder = new ScratchFolder();
        var outcome = CommandLine.Run($"devices --device {device} --json {{}}/d.json", folder.Path);
        Assert.That(outcome.Code, Is.Zero, outcome.Output);
        Assert.That(outcome.Output, Does.Match("ok: [0-9]+ checks in").And.Contain("single (fp32), double"));
        using var json = JsonDocument.Parse(File.ReadAllText(folder.At("d.json")));
        var only = json.RootElement.GetProperty("devices").EnumerateArray().Single();
        Assert.That(only.GetProperty("id").GetString(), Is.EqualTo(device));
        Assert.That(only.GetProperty("matrixPrecisions")[0].GetString(), Is.EqualTo("fp32"));
        Assert.That(only.GetProperty("selfTest").GetProperty("passed").GetBoolean());
    }

    [Test]
    public void A_broken_device_breaks_its_own_row_only()
    {
        Engine.Register(new Toy("toy", [Toy.Info("toy")], _ => throw new QuotientException("the toy's battery is empty")));
        try
        {
            var outcome = CommandLine.Run("devices --threads 1 --device toy");
            Assert.That(outcome.Code, Is.EqualTo(1));
            Assert.That(outcome.Output, Does.Contain("the toy's battery is empty"));
            Assert.That(CommandLine.Run("devices --no-test").Output, Does.Contain("toy").And.Contain("cpu"));
        }
        finally
        {
            Engine.Register(new Toy("toy", [], null));
        }
    }

    [Test]
    public void An_operation_that_differs_is_named_with_its_difference()
    {
        Engine.Register(new Toy("toy", [Toy.Info("toy")], _ => new Backends.WrongBackend("SumRows", values => values[3] += 100)));
        try
        {
            var outcome = CommandLine.Run("devices --device toy");
            Assert.That(outcome.Code, Is.EqualTo(1));
            Assert.That(outcome.Output, Does.Contain("SumRows in single differs by"));
        }
        finally
        {
            Engine.Register(new Toy("toy", [], null));
        }
    }

    [Test]
    public void A_kind_that_cannot_be_listed_and_a_device_that_is_refused_are_sentences()
    {
        Engine.Register(new Toy("toy", null, null));
        try
        {
            var outcome = CommandLine.Run("devices --no-test");
            Assert.That(outcome.Code, Is.Zero);
            Assert.That(outcome.Output, Does.Contain("cannot be used").And.Contain("toy: the driver crashed").And.Contain("cpu"));
            Engine.Register(new Toy("toy", [], null, "toy's device 'Abacus' has no double precision"));
            Assert.That(CommandLine.Run("devices --no-test").Output, Does.Contain("'Abacus' has no double"));
        }
        finally
        {
            Engine.Register(new Toy("toy", [], null));
        }
    }

    [Test]
    public void An_unknown_device_is_one_clear_sentence() =>
        CommandLine.Run("devices --device abacus").IsOneClearSentence("'abacus'", "cpu", "reference");

    [Test]
    public void Quiet_prints_nothing() => Assert.That(CommandLine.Run("devices --no-test --quiet").Output, Is.Empty);

    [Test]
    public void A_pipe_gets_no_colour_codes() => Assert.That(CommandLine.Run("devices --no-test").Output, Does.Not.Contain("\e"));

    private sealed class Toy(string kind, IReadOnlyList<DeviceInfo>? devices, Func<BackendOptions, IBackend>? open, params string[] refusals)
        : IBackendProvider
    {
        public string Kind => kind;

        public int Preference => -1;

        public static DeviceInfo Info(string id) => new ReferenceBackend().Device with { Id = id };

        public IReadOnlyList<DeviceInfo> Devices() => devices ?? throw new InvalidOperationException("the driver crashed");

        public IReadOnlyList<string> Refusals() => refusals;

        public IBackend Open(int index, BackendOptions options) => open!(options);
    }
}
