using System.Text.Json;
using NUnit.Framework;
using Quotient.Tests.Reports;

namespace Quotient.Tests.Cli;

public class LandscapeCommandTests
{
    private const string On = "--data spirals[0:30] --test spirals:test[0:20] --threads 1 --device cpu ";
    private ScratchFolder _folder = null!;

    [SetUp]
    public void Make_a_folder() => _folder = new();

    [TearDown]
    public void Clear() => _folder.Dispose();

    [TestCase("2-5-3", "all", 6)]
    [TestCase("binary:2-5-3", "within", 2)]
    public void A_folder_of_nets_is_measured_and_written_in_every_format(string architecture, string pairs, int count)
    {
        Directory.CreateDirectory(_folder.At("nets"));
        foreach (var (i, name) in new[] { "flat-1", "flat-2", "sharp-1", "sharp-2" }.Index())
        {
            Model.Initialise(Network.Parse(architecture), Initialisation.He, (ulong)i).Save(_folder.At("nets", $"{name}.safetensors"));
        }

        var outcome = CommandLine.Run(
            $"landscape {{}}/nets {On} --points 3 --draws 2 --levels 0.1,0.3 --pairs {pairs} --seed 4 --json {{}}/l.json --csv {{}}/l.csv --html {{}}/l.html",
            _folder.Path);
        Assert.That(outcome.Code, Is.Zero, outcome.Error);
        using var json = JsonDocument.Parse(File.ReadAllText(_folder.At("l.json")));
        Schema.AssertListed(json.RootElement);
        Assert.That(json.RootElement.GetProperty("nets").EnumerateArray().Select(net => net.GetProperty("group").GetString()), Is.EqualTo(new[] { "flat", "flat", "sharp", "sharp" }));
        Assert.That(json.RootElement.GetProperty("pairs").GetArrayLength(), Is.EqualTo(count));
        Assert.That(json.RootElement.GetProperty("flatnessLevel").GetDouble(), Is.EqualTo(architecture == "2-5-3" ? 0.3 : 0.1));
        Assert.That(File.ReadAllLines(_folder.At("l.csv")), Has.Length.EqualTo(count + 1));
        Assert.That(outcome.Output, Does.Contain("flat").And.Contain("Pairs of nets by group"));
        Assert.That(File.ReadAllText(_folder.At("l.html")), Does.Contain("Barriers"));
    }

    [TestCase("landscape {}/none " + On, "none")]
    [TestCase("landscape {} " + On, "0 nets")]
    [TestCase("landscape {} --data spirals", "--test")]
    [TestCase("landscape {} " + On + "--levels 0.1,x", "--levels has 'x'")]
    [TestCase("landscape {} " + On + "--points 1", "--points is '1'")]
    [TestCase("landscape {} " + On + "--pairs some", "--pairs is 'some'")]
    [TestCase("landscape " + On, "DIR")]
    public void Bad_input_is_one_clear_sentence(string line, string words) => CommandLine.Run(line, _folder.Path).IsOneClearSentence(words);

    [TestCase("--json {}/b-1.safetensors")]
    [TestCase("--html {}/../nets/a-1.safetensors")]
    public void The_nets_are_not_written_over(string output)
    {
        Directory.CreateDirectory(_folder.At("nets"));
        Model.Initialise(Network.Parse("2-5-3"), Initialisation.He, 1).Save(_folder.At("nets", "a-1.safetensors"));
        Model.Initialise(Network.Parse("2-5-3"), Initialisation.He, 2).Save(_folder.At("nets", "b-1.safetensors"));
        CommandLine.Run($"landscape {{}} {On} {output}", _folder.At("nets")).IsOneClearSentence("which DIR reads");
    }

    [TestCase("--json {}/new/experiment.json")]
    [TestCase("--html {}/new/mnist/relu/sgd-1.safetensors")]
    public void What_an_experiment_fills_is_its_own(string output)
    {
        Directory.CreateDirectory(_folder.At("new", "mnist", "relu"));
        CommandLine.Run($"experiment toroids --out {{}}/new {output}", _folder.Path).IsOneClearSentence("inside the folder that --out fills");
        Assert.That(_folder.Files, Is.Empty);
    }

    [TestCase("experiment atoms --out {}/new", "'atoms'", "toroids")]
    [TestCase("experiment toroids", "--out")]
    [TestCase("experiment toroids --out {}", "other files than an experiment")]
    [TestCase("experiment toroids --out {}/new --size huge", "--size is 'huge'")]
    [TestCase("experiment toroids --out {}/new --data-set cifar10", "--data-set is 'cifar10'")]
    [TestCase("experiment toroids --out {}/new --seeds 1", "--seeds is '1'")]
    public void Experiments_that_cannot_be_are_refused(string line, params string[] words)
    {
        File.WriteAllText(_folder.At("mine.txt"), "mine");
        CommandLine.Run(line, _folder.Path).IsOneClearSentence(words);
        Assert.That(_folder.Files, Is.EqualTo(new[] { "mine.txt" }));
    }

    [Test]
    public void An_experiment_that_is_stopped_leaves_its_options_and_goes_on()
    {
        var outcome = CommandLine.Run("experiment toroids --quiet --out {}/new", _folder.Path, new CancellationToken(true));
        Assert.That(outcome, Is.EqualTo(new Outcome(130, "", "quotient: stopped" + Environment.NewLine)));
        Assert.That(_folder.Files, Is.EqualTo(new[] { Path.Combine("new", "experiment.json") }));
        CommandLine.Run("experiment toroids --quiet --out {}/new --seeds 9", _folder.Path).IsOneClearSentence("seeds", "'as the size has'", "'9'");
        Assert.That(CommandLine.Run("experiment toroids --quiet --out {}/new", _folder.Path, new CancellationToken(true)).Code, Is.EqualTo(130));
    }
}
