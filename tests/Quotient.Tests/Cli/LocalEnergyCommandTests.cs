using System.Text.Json;
using NUnit.Framework;
using Quotient.Symmetry;

namespace Quotient.Tests.Cli;

public class LocalEnergyCommandTests
{
    private const string On = "local-energy --model {}/net.safetensors --data spirals[0:60] --precision double --threads 1 --device cpu --seed 3 ";
    private ScratchFolder _folder = null!;
    private Model _model = null!;

    [SetUp]
    public void Make_models()
    {
        _folder = new();
        _model = Model.Initialise(Network.Mlp([2, 6, 3]), Initialisation.PyTorch, 5, Precision.Double);
        _model.Save(_folder.At("net.safetensors"));
        Model.Initialise(Network.Parse("binary:2-5-3"), Initialisation.He, 3).Save(_folder.At("binary.safetensors"));
    }

    [TearDown]
    public void Clear() => _folder.Dispose();

    [Test]
    public void The_report_holds_what_the_library_finds([Values("multiplicative", "additive")] string noise)
    {
        var outcome = CommandLine.Run(
            On + $"--noise {noise} --levels 0.5,0.25 --draws 4 --loss ce,smoothing=0.1 --json {{}}/r.json --csv {{}}/r.csv --html {{}}/r.html", _folder.Path);
        Assert.That(outcome.Code, Is.Zero, outcome.Error);
        using var engine = Engine.Open("cpu", 1);
        var options = new LocalEnergyOptions
        {
            Noise = Enum.Parse<Noise>(noise, ignoreCase: true),
            Levels = [0.5, 0.25],
            Draws = 4,
            Seed = 3,
            Loss = Loss.Parse("ce,smoothing=0.1"),
        };
        var wanted = engine.LocalEnergy(_model, Dataset.Open("spirals[0:60]"), options, Precision.Double);
        using var file = JsonDocument.Parse(File.ReadAllText(_folder.At("r.json")));
        var json = file.RootElement;
        Assert.That(json.GetProperty("report").GetString(), Is.EqualTo("local-energy"));
        Assert.That(json.GetProperty("noise").GetString(), Is.EqualTo(noise));
        Assert.That(json.GetProperty("draws").GetInt32(), Is.EqualTo(4));
        Assert.That(json.GetProperty("base").GetProperty("loss").GetDouble(), Is.EqualTo(wanted.Base.Loss));
        Assert.That(json.GetProperty("base").GetProperty("error").GetDouble(), Is.EqualTo(wanted.Base.Error));
        foreach (var (found, point) in json.GetProperty("curve").EnumerateArray().Zip(wanted.Points))
        {
            Assert.That(found.GetProperty("level").GetDouble(), Is.EqualTo(point.Level));
            AssertEnergy(found.GetProperty("loss"), point.Loss.Mean, point.Loss.StandardError);
            AssertEnergy(found.GetProperty("error"), point.Error!.Value.Mean, point.Error.Value.StandardError);
        }

        string[] lines = File.ReadAllLines(_folder.At("r.csv"));
        Assert.That(lines, Has.Length.EqualTo(3));
        Assert.That(lines[0], Is.EqualTo("level,error,errorStandardError,loss,lossStandardError"));
        Assert.That(lines[1], Does.StartWith("0.5,"));
        Assert.That(outcome.Output, Does.Contain("change of error").And.Contain("Local energy"));
        Assert.That(File.ReadAllText(_folder.At("r.html")), Does.Contain("<svg").And.Contain("&#177; one standard error").And.Contain("4 draws"));
    }

    [Test]
    public void What_one_draw_cannot_show_is_null()
    {
        var outcome = CommandLine.Run(On + "--draws 1 --levels 0.1 --json {}/one.json", _folder.Path);
        Assert.That(outcome.Code, Is.Zero, outcome.Error);
        using var one = JsonDocument.Parse(File.ReadAllText(_folder.At("one.json")));
        var point = one.RootElement.GetProperty("curve")[0];
        Assert.That(point.GetProperty("loss").GetProperty("standardError").ValueKind, Is.EqualTo(JsonValueKind.Null));
        Assert.That(point.GetProperty("error").GetProperty("standardError").ValueKind, Is.EqualTo(JsonValueKind.Null));
    }

    [Test]
    public void What_makes_no_sense_is_one_sentence()
    {
        const string OnBinary = "local-energy --model {}/binary.safetensors --data spirals[0:30] ";
        CommandLine.Run(On + "--levels 0.1,-2", _folder.Path).IsOneClearSentence("--levels", "'-2'", "0 or more");
        CommandLine.Run(On + "--levels 0.1,,2", _folder.Path).IsOneClearSentence("--levels", "''");
        CommandLine.Run(On + "--noise flips", _folder.Path).IsOneClearSentence("no binary weights");
        CommandLine.Run(On + "--noise white", _folder.Path).IsOneClearSentence("--noise", "white", "multiplicative");
        CommandLine.Run(On + "--draws 0", _folder.Path).IsOneClearSentence("--draws");
        CommandLine.Run(OnBinary, _folder.Path).IsOneClearSentence("binary weights", "flips");
        CommandLine.Run(OnBinary + "--noise flips --levels 1.5", _folder.Path).IsOneClearSentence("--levels", "'1.5'", "from 0 to 1");
    }

    private static void AssertEnergy(JsonElement found, double mean, double error)
    {
        Assert.That(found.GetProperty("energy").GetDouble(), Is.EqualTo(mean));
        Assert.That(found.GetProperty("standardError").GetDouble(), Is.EqualTo(error));
    }
}
