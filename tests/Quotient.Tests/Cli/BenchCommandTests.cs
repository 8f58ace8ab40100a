using System.Text.Json;
using NUnit.Framework;
using Quotient.Tests.Backends;

namespace Quotient.Tests.Cli;

public class BenchCommandTests
{
    private static readonly string[] Measured =
    [
        "copy on the device", "copy, host to device", "copy, device to host", "axpy", "dot", "matrix product, single (fp32)",
        "matrix product, double", "Hessian product", "Lanczos step",
    ];

    [Test]
    public void Every_measurement_has_a_rate_beside_a_limit([Values("cpu", "reference")] string device)
    {
        using var folder = new ScratchFolder();
        var outcome = CommandLine.Run($"bench --quick --device {device} --threads 1 --json {{}}/b.json --html {{}}/b.html", folder.Path);
        Assert.That(outcome.Code, Is.Zero, outcome.Error);
        using var json = JsonDocument.Parse(File.ReadAllText(folder.At("b.json")));
        Assert.That(json.RootElement.GetProperty("device").GetString(), Is.EqualTo(device));
        var found = json.RootElement.GetProperty("measurements").EnumerateArray().ToList();
        Assert.That(found.Select(one => one.GetProperty("name").GetString()).Distinct(), Is.EquivalentTo(Measured));
        foreach (var one in found)
        {
            double Value(string name) => one.GetProperty(name).GetDouble();
            Assert.That(Value("leastSeconds"), Is.Positive.And.LessThanOrEqualTo(Value("medianSeconds")), $"{one}");
            Assert.That(Value("rate"), Is.Positive.And.GreaterThanOrEqualTo(Value("medianRate")), $"{one}");
            Assert.That(Value("share"), Is.EqualTo(Value("rate") / Value("limit")).Within(1e-9).Percent, $"{one}");
        }

        var (text, page) = (outcome.Output, File.ReadAllText(folder.At("b.html")));
        Assert.That(Measured, Has.All.Matches<string>(name => text.Contains(name!) && page.Contains(name!)));
    }

    [Test]
    public void A_product_is_judged_by_the_arithmetic_that_this_machine_was_seen_to_do()
    {
        using var folder = new ScratchFolder();
        var outcome = CommandLine.Run("bench --quick --device cpu --threads 1 --json {}/b.json", folder.Path);
        Assert.That(outcome.Code, Is.Zero, outcome.Error);
        using var json = JsonDocument.Parse(File.ReadAllText(folder.At("b.json")));
        var product = json.RootElement.GetProperty("measurements").EnumerateArray()
            .Single(one => one.GetProperty("name").GetString() == "matrix product, single (fp32)");

        // Beyond the limit would be impossible, but for the clock of a machine that others use.
        Assert.That(product.GetProperty("share").GetDouble(), Is.InRange(0.02, 1.5));
    }

    [Test]
    public void No_stream_through_memory_is_beyond_the_best_of_them(
        [ValueSource(typeof(OpTests), nameof(OpTests.Devices))] string device)
    {
        using var folder = new ScratchFolder();
        var outcome = CommandLine.Run($"bench --quick --device {device} --threads 1 --json {{}}/b.json", folder.Path);
        Assert.That(outcome.Code, Is.Zero, outcome.Error);
        using var json = JsonDocument.Parse(File.ReadAllText(folder.At("b.json")));
        var streams = json.RootElement.GetProperty("measurements").EnumerateArray()
            .Where(one => one.GetProperty("name").GetString() is "copy on the device" or "axpy" or "dot").ToList();
        Assert.That(streams, Has.Count.EqualTo(3));
        Assert.That(streams.Select(one => one.GetProperty("share").GetDouble()), Has.All.InRange(1e-6, 1 + 1e-9));
    }

    [Test]
    public void A_stop_ends_it()
    {
        using var stopped = new CancellationTokenSource();
        stopped.Cancel();
        var outcome = CommandLine.Run("bench --device cpu", stop: stopped.Token);
        Assert.That(outcome.Code, Is.EqualTo(130));
        Assert.That(outcome.Output, Is.Empty);
    }

    [Test]
    public void A_device_that_does_not_exist_is_one_clear_sentence() =>
        CommandLine.Run("bench --quick --device cuda:99").IsOneClearSentence("cuda");
}
