using System.Text.Json;
using NUnit.Framework;
using Quotient.Tests.Networks.Import;
using Quotient.Tests.Reports;

namespace Quotient.Tests.Cli;

public class ConvertCommandTests
{
    private ScratchFolder _folder = null!;

    [SetUp]
    public void Make_a_folder() => _folder = new();

    [TearDown]
    public void Clear() => _folder.Dispose();

    [Test]
    public void Either_format_becomes_the_other_and_back()
    {
        string file = OnnxGolden.At("mlp-16.onnx");
        Convert($"--model {file} --out {{}}/a.safetensors");
        Convert("--model {}/a.safetensors --out {}/b.onnx --json {}/r.json");
        var (first, second) = (Model.Load(file), Model.Load(_folder.At("b.onnx")));
        Assert.That(second.Parameters, Is.EqualTo(first.Parameters));
        Assert.That(second.Network.Tensors.Select(tensor => tensor.Name), Is.EqualTo(first.Network.Tensors.Select(tensor => tensor.Name)));
        using var json = JsonDocument.Parse(File.ReadAllText(_folder.At("r.json")));
        Schema.AssertListed(json.RootElement);
        Assert.That(Schema.Of("conversion").Except(Schema.Paths(json.RootElement)), Is.Empty);
    }

    [Test]
    public void What_is_written_is_evaluated_alike()
    {
        Convert($"--model {OnnxGolden.At("mlp-16.onnx")} --out {{}}/a.safetensors");
        string rows = string.Join('\n', Enumerable.Range(0, 6).Select(i => $"{i},{i * i % 5},{-i},{i % 3},0.5,{1 - i},{i % 5}"));
        File.WriteAllText(_folder.At("d.csv"), rows + "\n");
        double Loss(string model)
        {
            var outcome = CommandLine.Run($"evaluate --model {model} --data {{}}/d.csv --precision double --json {{}}/e.json", _folder.Path);
            Assert.That(outcome.Code, Is.Zero, outcome.Error);
            using var json = JsonDocument.Parse(File.ReadAllText(_folder.At("e.json")));
            return json.RootElement.GetProperty("loss").GetDouble();
        }

        Assert.That(Loss("{}/a.safetensors"), Is.EqualTo(Loss(OnnxGolden.At("mlp-16.onnx"))));
    }

    [TestCase("--model {}/none.onnx --out {}/o.onnx", "none.onnx", "does not exist")]
    [TestCase("--model {}/text.onnx --out {}/o.onnx", "text.onnx", "no ONNX file")]
    [TestCase("--model {}/net.safetensors --out {}/o.pt", "o.pt", ".onnx or .safetensors")]
    [TestCase("--model {}/net.safetensors --out {}/net.safetensors", "net.safetensors", "which --model reads")]
    [TestCase("--model {}/net.safetensors --out {}/none/o.onnx", "none", "does not exist")]
    [TestCase("--model {}/binary.safetensors --out {}/o.onnx", "o.onnx", "layer '0'", "binary-dense")]
    [TestCase("--model {}/net.safetensors --arch 2-3 --out {}/o.onnx", "net.safetensors", "its own architecture")]
    public void What_cannot_be_written_is_one_sentence_and_leaves_no_file(string line, params string[] words)
    {
        Model.Initialise(Network.Parse("2-3"), Initialisation.He, 1).Save(_folder.At("net.safetensors"));
        Model.Initialise(Network.Parse("binary:2-3-2"), Initialisation.He, 1).Save(_folder.At("binary.safetensors"));
        File.WriteAllText(_folder.At("text.onnx"), "no such format");
        string[] before = _folder.Files;
        var outcome = CommandLine.Run($"convert {line} --quiet", _folder.Path);
        outcome.IsOneClearSentence(words);
        Assert.That(_folder.Files, Is.EqualTo(before));
    }

    private void Convert(string line)
    {
        var outcome = CommandLine.Run($"convert {line}", _folder.Path);
        Assert.That(outcome.Code, Is.Zero, outcome.Error);
    }
}
