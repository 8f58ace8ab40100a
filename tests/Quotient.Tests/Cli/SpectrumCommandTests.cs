using System.Text.Json;
using MathNet.Numerics.LinearAlgebra;
using NUnit.Framework;

namespace Quotient.Tests.Cli;

public class SpectrumCommandTests
{
    private const string On = "--model {}/net.safetensors --data spirals[0:60] --precision double --threads 1 ";
    private ScratchFolder _folder = null!;
    private Model _model = null!;

    [SetUp]
    public void Make_a_model()
    {
        _folder = new();
        _model = Model.Initialise(Network.Mlp([2, 6, 3]), Initialisation.PyTorch, 5, Precision.Double);
        _model.Save(_folder.At("net.safetensors"));
    }

    [TearDown]
    public void Clear() => _folder.Dispose();

    [Test]
    public void The_json_holds_the_dense_eigenvalues_and_all_that_was_asked_for()
    {
        var outcome = CommandLine.Run(
            "spectrum " + On + "--top 4 --bottom 2 --trace --density --log-det --per-layer --seed 7 --json {}/s.json --html {}/s.html",
            _folder.Path);
        Assert.That(outcome.Code, Is.Zero, outcome.Error);
        using var file = JsonDocument.Parse(File.ReadAllText(_folder.At("s.json")));
        var json = file.RootElement;
        double[] dense = DenseEigenvalues();
        AssertPairs(json.GetProperty("top"), [.. dense.Reverse().Take(4)]);
        AssertPairs(json.GetProperty("bottom"), [.. dense.Take(2)]);
        Assert.That(json.GetProperty("trace").GetProperty("value").GetDouble(), Is.EqualTo(dense.Sum()).Within(1e-9 * dense[^1]));
        Assert.That(json.GetProperty("trace").GetProperty("standardError").GetDouble(), Is.Zero);
        Assert.That(json.GetProperty("density").GetProperty("convention").GetString(), Is.EqualTo("pyhessian"));
        Assert.That(
            json.GetProperty("density").GetProperty("points").GetArrayLength(),
            Is.EqualTo(json.GetProperty("density").GetProperty("values").GetArrayLength()));
        var layers = json.GetProperty("layers").EnumerateArray().Select(layer => layer.GetProperty("name").GetString());
        Assert.That(layers, Is.EqualTo(new[] { "0", "2" }));
        Assert.That(json.GetProperty("precision").GetString(), Is.EqualTo("double"));
        Assert.That(json.GetProperty("seed").GetUInt64(), Is.EqualTo(7));
        foreach (string name in new[] { "loss", "products", "seconds", "device", "logDeterminant", "gradientNorm" })
        {
            Assert.That(json.TryGetProperty(name, out _), name);
        }

        Assert.That(outcome.Output, Does.Contain("2-6-3 on spirals[0:60]").And.Contain("largest").And.Contain("smallest"));
        Assert.That(File.ReadAllText(_folder.At("s.html")), Does.Contain("<svg").And.Contain("--log-det"));
        Assert.That(_folder.Files, Is.EqualTo(new[] { "net.safetensors", "s.html", "s.json" }));
    }

    [Test]
    public void Five_largest_are_found_where_nothing_else_is_said()
    {
        Assert.That(CommandLine.Run("spectrum " + On + "--json {}/s.json --quiet", _folder.Path), Is.EqualTo(new Outcome(0, "", "")));
        using var json = JsonDocument.Parse(File.ReadAllText(_folder.At("s.json")));
        Assert.That(json.RootElement.GetProperty("top").GetArrayLength(), Is.EqualTo(5));
        Assert.That(json.RootElement.GetProperty("bottom").GetArrayLength(), Is.Zero);
        Assert.That(json.RootElement.GetProperty("density").ValueKind, Is.EqualTo(JsonValueKind.Null));
    }

    [Test]
    public void What_has_not_converged_says_so()
    {
        var outcome = CommandLine.Run("spectrum " + On + "--top 5 --max-products 6 --tolerance 1e-9 --json {}/s.json", _folder.Path);
        Assert.That(outcome.Code, Is.Zero, outcome.Error);
        using var json = JsonDocument.Parse(File.ReadAllText(_folder.At("s.json")));
        var top = json.RootElement.GetProperty("top").EnumerateArray();
        Assert.That(top.Count(pair => !pair.GetProperty("converged").GetBoolean()), Is.Positive);
        Assert.That(outcome.Output, Does.Contain("unconverged"));
    }

    [Test]
    public void The_report_shows_the_training_that_the_model_tells_of()
    {
        CommandLine.Run("train --arch 2-6-3 --data spirals[0:60] --epochs 4 --threads 1 --out {}/trained", _folder.Path);
        var outcome = CommandLine.Run("spectrum --model {}/trained --data spirals[0:60] --threads 1 --json {}/s.json", _folder.Path);
        Assert.That(outcome.Code, Is.Zero, outcome.Error);
        using var json = JsonDocument.Parse(File.ReadAllText(_folder.At("s.json")));
        Assert.That(json.RootElement.GetProperty("training").GetArrayLength(), Is.EqualTo(4));
    }

    private static readonly string[][] Bad =
    [
        ["--top 40", "--top", "40", "39 parameters"],
        ["--top 20 --bottom 20", "--bottom", "39 parameters"],
        ["--top 5 --max-products 4", "--max-products", "4"],
        ["--density-steps 10", "--density-steps", "--density"],
        ["--density-probes 3", "--density-probes"],
        ["--log-det --density-convention papyan", "--density-convention", "--density"],
    ];

    [TestCaseSource(nameof(Bad))]
    public void An_impossible_request_is_one_clear_sentence(string line, params string[] words)
    {
        CommandLine.Run($"spectrum {On} {line} --json {{}}/s.json", _folder.Path).IsOneClearSentence(words);
        Assert.That(_folder.Files, Is.EqualTo(new[] { "net.safetensors" }));
    }

    [Test]
    public void A_damaged_training_log_names_the_file()
    {
        _model.Save(_folder.At("odd.safetensors"), new Dictionary<string, string> { ["quotient.training"] = "{" });
        CommandLine.Run("spectrum --model {}/odd.safetensors --data spirals", _folder.Path)
            .IsOneClearSentence("odd.safetensors", "quotient.training");
    }

    private static void AssertPairs(JsonElement pairs, double[] expected)
    {
        Assert.That(pairs.GetArrayLength(), Is.EqualTo(expected.Length));
        foreach (var (pair, value) in pairs.EnumerateArray().Zip(expected))
        {
            Assert.That(pair.GetProperty("converged").GetBoolean());
            double residual = pair.GetProperty("residual").GetDouble();
            Assert.That(pair.GetProperty("value").GetDouble(), Is.EqualTo(value).Within(residual + 1e-12));
            Assert.That(residual, Is.LessThan(1e-4 * Math.Abs(value)));
        }
    }

    private double[] DenseEigenvalues()
    {
        using var engine = Engine.Open("reference");
        using var at = engine.Linearise<double>(_model, Dataset.Open("spirals[0:60]"), Loss.CrossEntropy);
        int n = (int)at.Dimension;
        var matrix = Matrix<double>.Build.Dense(n, n);
        for (int i = 0; i < n; i++)
        {
            double[] unit = new double[n];
            unit[i] = 1;
            matrix.SetColumn(i, at.Hessian.Apply(unit));
        }

        return [.. ((matrix + matrix.Transpose()) / 2).Evd(Symmetricity.Symmetric).EigenValues.Select(value => value.Real).Order()];
    }
}
