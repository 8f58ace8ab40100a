using System.Text.Json;
using NUnit.Framework;
using Quotient.Data;

namespace Quotient.Tests.Cli;

public class GradientAndProductTests
{
    private const string On = "--model {}/net.safetensors --data strokes[0:40] --precision double --device reference ";

    private ScratchFolder _folder = null!;
    private Model _model = null!;

    [SetUp]
    public void Make_a_model()
    {
        _folder = new();
        int inputs = Dataset.Open("strokes[0:1]").Sample.Size;
        _model = Model.Initialise(Network.Mlp([inputs, 7, 10]), Initialisation.PyTorch, 3, Precision.Double);
        _model.Save(_folder.At("net.safetensors"));
    }

    [TearDown]
    public void Clear() => _folder.Dispose();

    [Test]
    public void The_gradient_file_holds_the_gradient()
    {
        var outcome = CommandLine.Run("gradient " + On + "--loss ce --out {}/g.npy --json {}/g.json --html {}/g.html", _folder.Path);
        Assert.That(outcome.Code, Is.Zero, outcome.Error);
        using var engine = Engine.Open("reference");
        using var at = engine.Linearise<double>(_model, Dataset.Open("strokes[0:40]"), Loss.CrossEntropy);
        Assert.That(Npy.ReadVector(_folder.At("g.npy"), out var stored), Is.EqualTo(at.Gradient()));
        Assert.That(stored, Is.EqualTo(Precision.Double));
        using var json = JsonDocument.Parse(File.ReadAllText(_folder.At("g.json")));
        Assert.That(json.RootElement.GetProperty("loss").GetDouble(), Is.EqualTo(at.Loss));
        Assert.That(json.RootElement.GetProperty("precision").GetString(), Is.EqualTo("double"));
        Assert.That(outcome.Output, Does.Contain("gradient norm").And.Contain("40 samples"));
        Assert.That(File.ReadAllText(_folder.At("g.html")), Does.Contain("Gradient norm").And.Contain("<span>quotient</span> <span>gradient</span>"));
        Assert.That(_folder.Files, Is.EqualTo(new[] { "g.html", "g.json", "g.npy", "net.safetensors" }));
    }

    [Test]
    public void The_sum_is_the_mean_times_the_number_of_samples()
    {
        CommandLine.Run("gradient " + On + "--out {}/mean.npy", _folder.Path);
        CommandLine.Run("gradient " + On + "--reduction sum --out {}/sum.npy", _folder.Path);
        double[] mean = Npy.ReadVector(_folder.At("mean.npy")), sum = Npy.ReadVector(_folder.At("sum.npy"));
        Assert.That(sum, Is.EqualTo(mean.Select(value => 40 * value)).Within(1e-12));
    }

    [Test]
    public void Quiet_and_single_precision_write_a_float_file_and_nothing_else()
    {
        var outcome = CommandLine.Run(
            "gradient --model {}/net.safetensors --data strokes[0:40] --device reference --loss mse --out {}/g.npy --quiet", _folder.Path);
        Assert.That(outcome, Is.EqualTo(new Outcome(0, "", "")));
        Npy.ReadVector(_folder.At("g.npy"), out var stored);
        Assert.That(stored, Is.EqualTo(Precision.Single));
    }

    [Test]
    public void The_product_file_holds_the_product([Values("hessian", "gauss-newton", "fisher", "empirical-fisher")] string name)
    {
        double[] v = [.. Enumerable.Range(0, _model.Parameters.Length).Select(i => Math.Sin(i))];
        Npy.WriteVector(_folder.At("v.npy"), v, Precision.Double);
        var outcome = CommandLine.Run($"product --operator {name} " + On + "--vector {}/v.npy --out {}/p.npy --json {}/p.json", _folder.Path);
        Assert.That(outcome.Code, Is.Zero, outcome.Error);
        using var engine = Engine.Open("reference");
        using var at = engine.Linearise<double>(_model, Dataset.Open("strokes[0:40]"), Loss.CrossEntropy);
        double[] expected = name switch
        {
            "hessian" => at.Hessian.Apply(v),
            "gauss-newton" => at.GaussNewton.Apply(v),
            "fisher" => at.Fisher.Apply(v),
            _ => at.EmpiricalFisher.Apply(v),
        };
        Assert.That(Npy.ReadVector(_folder.At("p.npy")), Is.EqualTo(expected));
        using var json = JsonDocument.Parse(File.ReadAllText(_folder.At("p.json")));
        double rayleigh = v.Zip(expected, (a, b) => a * b).Sum() / v.Sum(a => a * a);
        Assert.That(json.RootElement.GetProperty("rayleighQuotient").GetDouble(), Is.EqualTo(rayleigh).Within(1e-12));
    }

    [Test]
    public void A_vector_of_the_wrong_length_is_refused_before_the_data_are_read()
    {
        Npy.WriteVector(_folder.At("v.npy"), [1, 2, 3], Precision.Double);
        CommandLine.Run("product --model {}/net.safetensors --data nowhere.npz --vector {}/v.npy --out {}/p.npy", _folder.Path)
            .IsOneClearSentence("v.npy", "3 values", $"{_model.Parameters.Length} parameters");
        Assert.That(_folder.Files, Does.Not.Contain("p.npy"));
    }

    [Test]
    public void A_vector_beyond_single_precision_is_refused()
    {
        double[] v = new double[_model.Parameters.Length];
        v[4] = 1e300;
        Npy.WriteVector(_folder.At("v.npy"), v, Precision.Double);
        CommandLine.Run("product --model {}/net.safetensors --data strokes[0:4] --vector {}/v.npy --out {}/p.npy", _folder.Path)
            .IsOneClearSentence("v.npy", "value 4", "--precision double");
    }

    private static readonly string[][] BadFiles =
    [
        ["--model {}/none.safetensors --data strokes", "none.safetensors", "does not exist"],
        ["--model {}/text --data strokes", "text"],
        ["--model {} --data strokes"],
        ["--model {}/net.safetensors --data {}/none.npz", "none.npz"],
        ["--model {}/net.safetensors --data {}/text", "text", "unknown"],
        ["--model {}/net.safetensors --data strokes[5:5]", "5"],
        ["--model {}/net.safetensors --data strokes[0:99999999]", "99999998"],
        ["--model {}/net.safetensors --data spirals"],
        ["--model {}/net.safetensors --data line --loss ce"],
        ["--model {}/net.safetensors --data strokes --device abacus", "abacus"],
    ];

    [TestCaseSource(nameof(BadFiles))]
    public void A_bad_file_is_one_clear_sentence_and_leaves_no_output(string line, params string[] words)
    {
        File.WriteAllText(_folder.At("text"), "no such format");
        string[] before = _folder.Files;
        CommandLine.Run($"gradient {line} --out {{}}/g.npy --json {{}}/g.json", _folder.Path).IsOneClearSentence(words);
        Assert.That(_folder.Files, Is.EqualTo(before));
    }

    [Test]
    public void Work_that_is_stopped_leaves_no_file()
    {
        var outcome = CommandLine.Run("gradient " + On + "--out {}/g.npy", _folder.Path, new CancellationToken(true));
        Assert.That(outcome, Is.EqualTo(new Outcome(130, "", "quotient: stopped" + Environment.NewLine)));
        Assert.That(_folder.Files, Is.EqualTo(new[] { "net.safetensors" }));
    }
}
