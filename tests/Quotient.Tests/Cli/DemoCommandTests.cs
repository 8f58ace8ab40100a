using System.Text.Json;
using NUnit.Framework;

namespace Quotient.Tests.Cli;

public class DemoCommandTests
{
    [Test]
    public void The_demo_learns_analyses_and_leaves_a_report_a_network_and_json()
    {
        using var folder = new ScratchFolder();
        var outcome = CommandLine.Run("demo --out {}/demo", folder.Path);
        Assert.That(outcome.Code, Is.Zero, outcome.Error);
        string demo = folder.At("demo");
        Assert.That(
            Directory.GetFiles(demo).Select(file => Path.GetFileName(file)).Order(),
            Is.EqualTo(new[] { "net.safetensors", "report.html", "report.json" }));
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(demo, "report.json")));
        Assert.That(json.RootElement.GetProperty("error").GetDouble(), Is.LessThan(0.1));
        var pairs = new[] { "top", "bottom" }.SelectMany(end => json.RootElement.GetProperty(end).EnumerateArray()).ToList();
        Assert.That(pairs, Has.Count.EqualTo(8));
        Assert.That(pairs, Has.All.Matches<JsonElement>(pair => pair.GetProperty("converged").GetBoolean()));
        Assert.That(json.RootElement.GetProperty("layers").GetArrayLength(), Is.EqualTo(3));
        Assert.That(json.RootElement.GetProperty("training").GetArrayLength(), Is.GreaterThan(3));
        var network = Model.Load(Path.Combine(demo, "net.safetensors")).Network;
        Assert.That(network.ParameterCount, Is.EqualTo(json.RootElement.GetProperty("parameters").GetInt64()));
        Assert.That(outcome.Output, Does.Contain("report.html").And.Contain("quotient spectrum --model"));
    }

    [Test]
    public void A_file_in_the_way_is_refused_and_kept()
    {
        using var folder = new ScratchFolder();
        File.WriteAllText(folder.At("demo"), "mine");
        CommandLine.Run("demo --out {}/demo", folder.Path).IsOneClearSentence("--out", "is a file");
        Assert.That(File.ReadAllText(folder.At("demo")), Is.EqualTo("mine"));
    }

    [Test]
    public void A_demo_that_is_stopped_leaves_no_folder()
    {
        using var folder = new ScratchFolder();
        var outcome = CommandLine.Run("demo --quiet --out {}/demo", folder.Path, new CancellationToken(true));
        Assert.That(outcome, Is.EqualTo(new Outcome(130, "", "quotient: stopped" + Environment.NewLine)));
        Assert.That(folder.Files, Is.Empty);
    }
}
