using System.Text.Json;
using NUnit.Framework;
using Quotient.Tests.Networks.Import;
using Quotient.Tests.Reports;

namespace Quotient.Tests.Cli;

public class InspectCommandTests
{
    private ScratchFolder _folder = null!;

    [SetUp]
    public void Make_a_folder() => _folder = new();

    [TearDown]
    public void Clear() => _folder.Dispose();

    [Test]
    public void The_table_says_what_each_layer_is_and_costs()
    {
        var lenet = Network.Build(new(1, 28, 28), x => x
            .Convolution(6, 5, padding: 2).Relu().MaxPool(2).Convolution(16, 5).Relu().MaxPool(2).Flatten().Dense(120).Relu().Dense(84).Relu().Dense(10));
        Model.Initialise(lenet, Initialisation.He, 1).Save(_folder.At("lenet.safetensors"));
        var outcome = CommandLine.Run("inspect --model {}/lenet.safetensors", _folder.Path);
        Assert.That(outcome.Code, Is.Zero, outcome.Error);
        Assert.That(outcome.Output, Does.Match(@"multiply-adds +416,520\n"));
        Assert.That(outcome.Output, Does.Match(@"parameters +61,706\n"));
        Assert.That(outcome.Output, Does.Match(@"\n +0 +convolution +6×28×28 +156 +117,600\n"));
        Assert.That(outcome.Output, Does.Match(@"\n +2 +max-pool +6×14×14 +0 +0\n"));
        Assert.That(outcome.Output, Does.Match(@"\n +11 +dense +10 +850 +840\n"));
    }

    [Test]
    public void The_fields_name_each_tensor_as_the_file_does_and_say_where_it_lies()
    {
        var root = Inspect($"--model {OnnxGolden.At("resnet-unfolded.onnx")}");
        var golden = OnnxGolden.Of("resnet-unfolded.onnx");
        var tensors = root.GetProperty("nodes").EnumerateArray().SelectMany(node => node.GetProperty("tensors").EnumerateArray()).ToList();
        var parameters = tensors.FindAll(tensor => tensor.GetProperty("offset").ValueKind == JsonValueKind.Number);
        Assert.That(parameters.Select(tensor => tensor.GetProperty("name").GetString()), Is.EqualTo(golden.Tensors.Select(tensor => tensor.Name)));
        Assert.That(parameters.Select(Shape), Is.EqualTo(golden.Tensors.Select(tensor => tensor.Shape)));
        Assert.That(parameters.Select(tensor => tensor.GetProperty("offset").GetInt64()), Is.EqualTo(
            golden.Tensors.Select((_, i) => golden.Tensors.Take(i).Sum(tensor => tensor.Values.LongLength))));
        var statistics = tensors.FindAll(tensor => tensor.GetProperty("offset").ValueKind == JsonValueKind.Null);
        Assert.That(statistics.Select(tensor => tensor.GetProperty("name").GetString()), Is.EqualTo(golden.Buffers.Select(tensor => tensor.Name)));
        Assert.That(root.GetProperty("parameters").GetInt64(), Is.EqualTo(golden.Tensors.Sum(tensor => tensor.Values.Length)));
        var first = root.GetProperty("nodes")[0];
        Assert.That(first.GetProperty("kind").GetString(), Is.EqualTo("convolution"));
        Assert.That(Shape(first), Is.EqualTo(new[] { 4, 8, 8 }));
        Assert.That(first.GetProperty("multiplyAdds").GetInt64(), Is.EqualTo(64 * 4 * 3 * 9));
        Assert.That(root.GetProperty("multiplyAdds").GetInt64(), Is.EqualTo(
            root.GetProperty("nodes").EnumerateArray().Sum(node => node.GetProperty("multiplyAdds").GetInt64())));
        Assert.That(root.GetProperty("input").EnumerateArray().Select(extent => extent.GetInt32()), Is.EqualTo(new[] { 3, 8, 8 }));
        Schema.AssertListed(root);
        Assert.That(Schema.Of("model").Except(Schema.Paths(root)), Is.Empty);

        static IEnumerable<int> Shape(JsonElement element) => element.GetProperty("shape").EnumerateArray().Select(extent => extent.GetInt32());
    }

    [Test]
    public void A_state_dict_needs_an_architecture()
    {
        File.WriteAllBytes(_folder.At("mlp.safetensors"), Networks.RawFile.Of(
            Networks.RawFile.Header(Networks.RawFile.Entry("fc.weight", "[2,3]", 0, 24), Networks.RawFile.Entry("fc.bias", "[2]", 24, 32)), new float[8]));
        var root = Inspect("--model {}/mlp.safetensors --arch 3-2");
        Assert.That(root.GetProperty("nodes")[0].GetProperty("name").GetString(), Is.EqualTo("fc"));
        CommandLine.Run("inspect --model {}/mlp.safetensors --arch 3-4", _folder.Path).IsOneClearSentence("mlp.safetensors", "weight [4, 3]", "'fc'");
        CommandLine.Run($"inspect --model {OnnxGolden.At("vgg.safetensors")}").IsOneClearSentence("vgg.safetensors", "no architecture was given");
        CommandLine.Run($"inspect --model {OnnxGolden.At("vgg-16.onnx")} --arch 3-4").IsOneClearSentence("vgg-16.onnx", "its own architecture");
    }

    private JsonElement Inspect(string line)
    {
        var outcome = CommandLine.Run($"inspect {line} --json {{}}/m.json", _folder.Path);
        Assert.That(outcome.Code, Is.Zero, outcome.Error);
        using var json = JsonDocument.Parse(File.ReadAllText(_folder.At("m.json")));
        return json.RootElement.Clone();
    }
}
