using System.Text.Json;
using NUnit.Framework;
using Quotient.Data;
using Quotient.Tests.Reports;

namespace Quotient.Tests.Cli;

/// <summary>Fields that mean the same have the same name in every command's JSON.</summary>
public class ReportContractTests
{
    private const string On = "--model {}/net.safetensors --data spirals[0:30] ";

    private static readonly string[] Everywhere = ["report", "schema", "command", "version", "seconds"];
    private static readonly string[] Computed = ["device", "deviceName", "precision", "seed"];
    private static readonly string[] OfSubject = ["network", "parameters", "data", "samples", "lossName"];

    /// <summary>A command line, the kind of its report, and the fields that it had before reports had one schema.</summary>
    private static readonly string[][] Commands =
    [
        ["gradient " + On + "--out {}/g.npy", "gradient", "surrogate", "loss", "error", "gradientNorm"],
        ["product " + On + "--vector {}/v.npy --out {}/p.npy", "product", "operator", "surrogate", "loss", "error", "vectorNorm", "productNorm", "rayleighQuotient"],
        ["evaluate " + On, "evaluation", "loss", "error", "count"],
        ["spectrum " + On + "--top 1", "spectrum", "operator", "surrogate", "loss", "error", "gradientNorm", "top", "bottom", "complete", "trace", "density", "logDeterminant", "layers", "training", "products"],
        ["flips --model {}/binary.safetensors --data spirals[0:30] --draws 2 --single 4", "flips", "loss", "error", "random", "single"],
        ["path --model {}/net.safetensors --to {}/net.safetensors --data spirals[0:30] --points 3 --align none", "path", "loss", "error", "to", "points", "barrier", "distance", "functionDistance", "norms"],
        ["local-energy " + On + "--draws 2 --levels 0.1,0.2", "local-energy", "loss", "error", "base", "noise", "draws", "curve"],
        ["local-energy --model {}/binary.safetensors --data spirals[0:30] --noise flips --draws 1", "local-energy", "base", "noise", "draws", "curve"],
        ["train --arch 2-4-3 --data spirals[0:30] --epochs 1 --out {}/t.safetensors", "training", "optimiser", "schedule", "adversarialStart", "training", "steps"],
    ];

    [TestCaseSource(nameof(Commands))]
    public void Every_file_says_what_it_is_of_under_the_same_names(string line, string kind, params string[] own)
    {
        using var folder = new ScratchFolder();
        var model = Model.Initialise(Network.Mlp([2, 4, 3]), Initialisation.PyTorch, 5);
        model.Save(folder.At("net.safetensors"));
        Model.Initialise(Network.Parse("binary:2-5-3"), Initialisation.He, 3).Save(folder.At("binary.safetensors"));
        Npy.WriteVector(folder.At("v.npy"), [.. model.Parameters.Select(_ => 1.0)], Precision.Single);
        var outcome = CommandLine.Run(line + " --threads 1 --device cpu --seed 7 --json {}/r.json --csv {}/r.csv", folder.Path);
        Assert.That(outcome.Code, Is.Zero, outcome.Error);
        using var file = JsonDocument.Parse(File.ReadAllText(folder.At("r.json")));
        string[] fields = [.. file.RootElement.EnumerateObject().Select(field => field.Name)];
        Assert.That(fields, Is.SupersetOf(Everywhere.Concat(Computed).Concat(OfSubject).Concat(own)).And.Unique);
        Assert.That(file.RootElement.GetProperty("report").GetString(), Is.EqualTo(kind));
        Schema.AssertListed(file.RootElement);
        Assert.That(file.RootElement.GetProperty("device").GetString(), Is.EqualTo("cpu"));
        Assert.That(file.RootElement.GetProperty("samples").GetInt32(), Is.EqualTo(30));
        Assert.That(file.RootElement.GetProperty("seed").GetInt32(), Is.EqualTo(7));
        Assert.That(File.ReadAllText(folder.At("r.csv")).Split('\n'), Has.Length.GreaterThan(2));
    }

    [TestCase("devices --no-test", "devices", "devices", "refusals")]
    [TestCase("bench --quick --device reference", "benchmark", "device", "deviceName", "memory", "threads", "features", "quick", "measurements", "date")]
    public void Reports_on_machines_say_what_and_when_they_are(string line, string kind, params string[] own)
    {
        using var folder = new ScratchFolder();
        var outcome = CommandLine.Run(line + " --threads 1 --json {}/r.json", folder.Path);
        Assert.That(outcome.Code, Is.Zero, outcome.Error);
        using var file = JsonDocument.Parse(File.ReadAllText(folder.At("r.json")));
        Assert.That(file.RootElement.EnumerateObject().Select(field => field.Name), Is.SupersetOf(Everywhere.Concat(own)).And.Unique);
        Assert.That(file.RootElement.GetProperty("report").GetString(), Is.EqualTo(kind));
        Schema.AssertListed(file.RootElement);
    }

    [Test]
    public void A_table_and_where_there_is_none_the_figures_are_had_as_csv()
    {
        using var folder = new ScratchFolder();
        Model.Initialise(Network.Mlp([2, 4, 3]), Initialisation.PyTorch, 5).Save(folder.At("net.safetensors"));
        Assert.That(CommandLine.Run("evaluate " + On + "--csv {}/e.csv --json {}/e.json", folder.Path).Code, Is.Zero);
        using var json = JsonDocument.Parse(File.ReadAllText(folder.At("e.json")));
        string loss = json.RootElement.GetProperty("loss").GetRawText().ToUpperInvariant();
        Assert.That(File.ReadAllLines(folder.At("e.csv")), Does.Contain("name,value").And.Contain($"loss,{loss}").And.Contain("samples,30"));
        Assert.That(CommandLine.Run("spectrum " + On + "--top 2 --csv {}/s.csv", folder.Path).Code, Is.Zero);
        string[] lines = File.ReadAllLines(folder.At("s.csv"));
        Assert.That(lines, Has.Length.EqualTo(3));
        Assert.That(lines[0], Is.EqualTo("operator,end,rank,value,residual,converged"));
    }
}
