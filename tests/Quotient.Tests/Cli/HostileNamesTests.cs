using System.Text;
using System.Text.Json;
using System.Xml;
using NUnit.Framework;
using Quotient.Data;

namespace Quotient.Tests.Cli;

/// <summary>Names of layers, files and data that hold what steers terminals, pages and spreadsheets, through every command.</summary>
public class HostileNamesTests
{
    private const string Escape = "=1+1\e]0;owned\a\u009b2J\u202e\u200b\r\u2028<script>\"'&";

    private static readonly string[] Reports =
    [
        "evaluate --model {}/net --data spirals[0:30]",
        "gradient --model {}/net --data spirals[0:30] --out {}/g.npy",
        "product --model {}/net --data spirals[0:30] --vector {}/v.npy --out {}/p.npy",
        "spectrum --model {}/net --data spirals[0:30] --top 1 --trace --density --density-steps 4 --per-layer",
        "spectrum --model {}/binary --surrogate hard-tanh-shadow --data spirals[0:30] --top 1 --per-layer",
        "flips --model {}/binary --data spirals[0:30] --draws 2 --single 4",
        "local-energy --model {}/net --data spirals[0:30] --draws 2",
        "train --arch 2-4-3 --data {}/NAME.csv --epochs 1 --out {}/NAME",
        "devices --no-test",
    ];

    private static readonly string[] Refusals =
    [
        "evaluate --model {}/net --data NAME",
        "evaluate --model {}/NAME --data spirals",
        "evaluate --model {}/broken --data spirals",
        "flips --model {}/net --data spirals --probabilities NAME",
        "local-energy --model {}/net --data spirals --levels NAME",
        "train --arch NAME --data spirals --out {}/t",
        "devices NAME",
        "NAME",
    ];

    private ScratchFolder _folder = null!;

    /// <summary>As a file's name can hold it.</summary>
    private static string Name => Escape.Replace("/", "");

    [SetUp]
    public void Make_files()
    {
        _folder = new();
        var model = Hostile(Network.Mlp([2, 4, 3]));
        model.Save(_folder.At("net"));
        Hostile(Network.Parse("binary:2-5-3")).Save(_folder.At("binary"));
        Npy.WriteVector(_folder.At("v.npy"), [.. model.Parameters.Select(_ => 1.0)], Precision.Single);
        File.WriteAllText(_folder.At($"{Name}.csv"), "1,2,0\n2,3,1\n3,4,2\n");
        File.WriteAllText(_folder.At("broken"), File.ReadAllText(_folder.At("net"), Encoding.Latin1).Replace(".bias", ".sail"), Encoding.Latin1);
    }

    [TearDown]
    public void Clear() => _folder.Dispose();

    [Test]
    public void Reports_hold_no_name_that_steers_what_shows_them([ValueSource(nameof(Reports))] string line)
    {
        var outcome = Run(line, "--json", _folder.At("r.json"), "--csv", _folder.At("r.csv"), "--html", _folder.At("r.html"));
        Assert.That(outcome.Code, Is.Zero, outcome.Error);
        AssertPlain(outcome.Output);
        AssertPlain(outcome.Error);
        AssertInertFiles();
    }

    [Test]
    public void Refusals_hold_no_name_that_steers_the_terminal([ValueSource(nameof(Refusals))] string line)
    {
        var outcome = Run(line);
        outcome.IsOneClearSentence("owned");
        AssertPlain(outcome.Error);
    }

    private Outcome Run(string line, params string[] files) => CommandLine.Invoke(
        [.. line.Split(' ').Select(word => word.Replace("NAME", Name).Replace("{}", _folder.Path)), .. files, "--device", "cpu", "--threads", "1"]);

    private static void AssertPlain(string text)
    {
        foreach (string part in text.Split(Environment.NewLine))
        {
            Assert.That(Text.Plain(part), Is.EqualTo(part));
        }
    }

    private void AssertInertFiles()
    {
        using var json = JsonDocument.Parse(File.ReadAllText(_folder.At("r.json")));
        AssertPlain(File.ReadAllText(_folder.At("r.json")).ReplaceLineEndings());
        string csv = File.ReadAllText(_folder.At("r.csv"));
        AssertPlain(csv.ReplaceLineEndings());
        Assert.That(csv.Split('\n').SelectMany(row => row.Split(',')).Select(field => field.TrimStart('"')), Has.None.StartsWith("="));
        string page = File.ReadAllText(_folder.At("r.html"));
        Assert.That(page, Does.Not.Contain("<script"));
        AssertPlain(page.ReplaceLineEndings());
        using var text = new StringReader(page);
        using var reader = XmlReader.Create(text, new() { DtdProcessing = DtdProcessing.Ignore });
        Assert.That(() => { while (reader.Read()) { } }, Throws.Nothing);
    }

    /// <summary>A network whose layers all have hostile names.</summary>
    private static Model Hostile(Network network)
    {
        var named = new Network(network.Input, [.. network.Nodes.Select(node => node with { Name = $"{Escape}{node.Name}" })]);
        return Model.Initialise(named, Initialisation.PyTorch, 5);
    }
}
