using System.Text.Json;
using NUnit.Framework;
using Quotient.Symmetry;
using Quotient.Tests.Reports;
using Quotient.Tests.Symmetry;

namespace Quotient.Tests.Cli;

public class NormaliseCommandTests
{
    private ScratchFolder _folder = null!;

    [SetUp]
    public void Make_a_folder() => _folder = new();

    [TearDown]
    public void Clear() => _folder.Dispose();

    [TestCase("7-12-9-4", "", 22)]
    [TestCase("conv:2x6x6,5c3,bn,relu,7c3,bn,relu,gap,3", "--last-norm sqrt-classes --bias-in-norm", 13)]
    [TestCase("binary,real-first:9-21-17-3", "", 21)]
    [TestCase("7-12-9-4", "--last-norm none --centre", 21)]
    public void The_standard_form_is_written_and_compared(string architecture, string options, int spheres)
    {
        SymmetricNets.Make(architecture).Save(_folder.At("m.safetensors"));
        var json = Run($"--model {{}}/m.safetensors --out {{}}/n.safetensors {options} --json {{}}/r.json");
        var (model, written) = (Model.Load(_folder.At("m.safetensors")), Model.Load(_folder.At("n.safetensors")));
        using var engine = Engine.Open("cpu");
        double scale = json.GetProperty("logitScale").GetDouble();
        Assert.Multiple(() =>
        {
            Assert.That(json.GetProperty("spheres").GetInt32(), Is.EqualTo(spheres));
            Assert.That(json.GetProperty("largestOutputDifference").GetDouble(), Is.LessThan(1e-12));
            Assert.That(json.GetProperty("classesChanged").GetInt32(), Is.Zero);
            Assert.That(OutputComparison.Of(engine, model, written, new() { Scale = scale, IgnoresShift = options.Contains("centre") }).LargestDifference, Is.LessThan(1e-12));
        });
    }

    [Test]
    public void Every_field_of_its_report_is_in_the_schema_and_back()
    {
        var model = SymmetricNets.Make("7-12-9-4");
        model.Parameters.AsSpan(0, 7).Clear();
        model.Save(_folder.At("m.safetensors"));
        var json = Run("--model {}/m.safetensors --out {}/n.safetensors --json {}/r.json");
        Schema.AssertListed(json);
        Assert.That(Schema.Of("normalisation").Except(Schema.Paths(json)), Is.Empty);
    }

    [Test]
    public void A_file_in_single_precision_says_what_rounding_changes()
    {
        SymmetricNets.Make("7-12-9-4").In(Precision.Single).Save(_folder.At("m.safetensors"));
        double difference = Run("--model {}/m.safetensors --out {}/n.safetensors --json {}/r.json").GetProperty("largestOutputDifference").GetDouble();
        Assert.That(difference, Is.InRange(1e-9, 1e-5));
    }

    [Test]
    public void A_form_that_its_precision_cannot_hold_is_not_written()
    {
        SymmetricNets.Make("7-12-9-4").In(Precision.Single).Save(_folder.At("m.safetensors"));
        CommandLine.Run("normalise --model {}/m.safetensors --out {}/n.safetensors --last-norm 1e-300", _folder.Path)
            .IsOneClearSentence("single precision", "choose another --last-norm");
        Assert.That(Directory.GetFiles(_folder.Path), Has.Length.EqualTo(1));
    }

    [TestCase("--model {}/m.safetensors --out {}/n.safetensors --last-norm 0", "--last-norm is '0'", "above 0")]
    [TestCase("--model {}/m.safetensors --out {}/n.safetensors --last-norm big", "'big'", "sqrt-classes")]
    [TestCase("--model {}/m.safetensors --out {}/m.safetensors", "which --model reads")]
    [TestCase("--model {}/m.safetensors --out {}/n.onnx", "n.onnx", "binary-dense")]
    [TestCase("--model {}/gap.safetensors --out {}/n.safetensors --centre", "classes cannot be centred")]
    public void What_cannot_be_is_one_sentence_and_leaves_no_file(string line, params string[] words)
    {
        SymmetricNets.Make("binary:9-11-3").Save(_folder.At("m.safetensors"));
        SymmetricNets.Make("conv:1x6x6,3c3,gap").Save(_folder.At("gap.safetensors"));
        var outcome = CommandLine.Run($"normalise {line}", _folder.Path);
        Assert.That(outcome.Code, Is.EqualTo(2), outcome.Error);
        Assert.That(words.Where(word => !outcome.Error.Contains(word)), Is.Empty, outcome.Error);
        Assert.That(Directory.GetFiles(_folder.Path), Has.Length.EqualTo(2));
    }

    private JsonElement Run(string line)
    {
        var outcome = CommandLine.Run($"normalise {line}", _folder.Path);
        Assert.That(outcome.Code, Is.Zero, outcome.Error);
        using var json = JsonDocument.Parse(File.ReadAllText(_folder.At("r.json")));
        return json.RootElement.Clone();
    }
}
