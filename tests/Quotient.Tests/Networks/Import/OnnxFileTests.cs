using NUnit.Framework;
using Quotient.Networks;
using Quotient.Networks.Layers;

namespace Quotient.Tests.Networks.Import;

/// <summary>Files of PyTorch's exporter: θ, names and shapes are the file's, as the onnx package reads them.</summary>
public class OnnxFileTests
{
    public static IEnumerable<string> Files => OnnxGolden.Files;

    [TestCaseSource(nameof(Files))]
    public void Parameters_are_those_of_the_file_in_its_order(string file)
    {
        var (model, golden) = (Model.Load(OnnxGolden.At(file)), OnnxGolden.Of(file));
        Check(model.Network.Tensors, model.Parameters, golden.Tensors);
        Check(model.Network.Buffers, model.Buffers, golden.Buffers);
        bool isSingle = file.StartsWith("lenet", StringComparison.Ordinal);
        Assert.That(model.Stored, Is.EqualTo(isSingle ? Precision.Single : Precision.Double));
        Assert.That(model.Network.Output.Size, Is.EqualTo(golden.Logits.Length / 4));
        Assert.That(model.Network.Input.Size, Is.EqualTo(golden.Inputs.Length / 4));
    }

    [TestCaseSource(nameof(Files))]
    public void A_file_written_in_either_format_is_the_same_model(string file)
    {
        using var folder = new ScratchFolder();
        var model = Model.Load(OnnxGolden.At(file));
        foreach (string name in new[] { "a.onnx", "a.safetensors" })
        {
            model.Save(folder.At(name));
            var again = Model.Load(folder.At(name));
            Assert.That(again.Network.ToString(), Is.EqualTo(model.Network.ToString()));
            Assert.That(again.Network.Nodes.Select(node => node.Layer), Is.EqualTo(model.Network.Nodes.Select(node => node.Layer)));
            Assert.That(again.Network.Nodes.Select(node => node.Inputs), Is.EqualTo(model.Network.Nodes.Select(node => node.Inputs)));
            Assert.That(again.Network.Nodes.Select(node => node.Name), Is.EqualTo(model.Network.Nodes.Select(node => node.Name)));
            Assert.That(again.Network.Tensors.Select(tensor => tensor.Name), Is.EqualTo(model.Network.Tensors.Select(tensor => tensor.Name)));
            Assert.That(again.Parameters, Is.EqualTo(model.Parameters));
            Assert.That(again.Buffers, Is.EqualTo(model.Buffers));
            Assert.That(again.Stored, Is.EqualTo(model.Stored));
        }
    }

    [Test]
    public void Layers_are_called_as_their_tensors_else_as_the_nodes()
    {
        var alexnet = Model.Load(OnnxGolden.At("alexnet-16.onnx")).Network;
        Assert.That(alexnet.ParameterBlocks.Select(block => block.Name), Is.EqualTo(
            new[] { "features.0", "features.3", "classifier.1", "classifier.4", "classifier.6" }));
        var folded = Model.Load(OnnxGolden.At("vgg-16.onnx")).Network;
        Assert.That(folded.ParameterBlocks.Select(block => block.Name), Is.EqualTo(
            new[] { "/features/features.0/Conv", "/features/features.3/Conv", "/features/features.7/Conv", "classifier" }));
        Assert.That(folded.Tensors[0].Name, Is.EqualTo("onnx::Conv_38"));
    }

    [Test]
    public void Products_with_matrices_keep_the_way_in_which_the_file_stores_them()
    {
        bool[] Turned(string file) =>
            [.. Model.Load(OnnxGolden.At(file)).Network.Nodes.Select(node => node.Layer).OfType<Dense>().Select(dense => dense.InputsFirst)];
        Assert.That(Turned("mlp-16.onnx"), Is.EqualTo(new[] { true, true, false }));
        Assert.That(Turned("mlp-unfolded.onnx"), Is.EqualTo(new[] { true, false, false }), "a Transpose of what is stored as outputs × inputs");
    }

    [Test]
    public void Windows_have_the_paddings_of_the_nodes_before_them()
    {
        var layers = Model.Load(OnnxGolden.At("pools-11.onnx")).Network.Nodes.Select(node => node.Layer).ToList();
        Assert.That(layers[0], Is.EqualTo(new Convolution(2, 3, new(3, 2) { StrideX = 2, Top = 2, Left = 1, Bottom = 1 })));
        Assert.That(layers[2], Is.EqualTo(new AveragePool(Window.Square(3, 1, 1))));
        Assert.That(layers[3], Is.EqualTo(new MaxPool(Window.Square(2, 2) with { Ceiling = true })));
        Assert.That(layers[4], Is.EqualTo(new Convolution(3, 3, new(2, 4) { StrideY = 2, StrideX = 3, Bottom = 1, Left = 1, Right = 2 }, false)));
        Assert.That(layers[6], Is.EqualTo(new AveragePool(Window.Square(3, 2, 1) with { Ceiling = true }, CountsPadding: false)));
    }

    [Test]
    public void Each_Identity_of_a_tensor_is_a_tensor_of_its_own()
    {
        var network = Model.Load(OnnxGolden.At("resnet-identities.onnx")).Network;
        Assert.That(network.Tensors.Select(tensor => tensor.Name), Does.Contain("layer1.bn1.weight").And.Contain("bn1.weight").And.Unique);
        Assert.That(network.ParameterCount, Is.EqualTo(Model.Load(OnnxGolden.At("resnet-unfolded.onnx")).Network.ParameterCount));
        Assert.That(network.Nodes.Select(node => node.Layer).OfType<BatchNorm>(), Has.All.EqualTo(new BatchNorm(4)).Or.EqualTo(new BatchNorm(6)));
    }

    [Test]
    public void Numbers_may_lie_in_a_file_beside_the_model() => Assert.That(
        Model.Load(OnnxGolden.At("lenet-external.onnx")).Parameters, Is.EqualTo(Model.Load(OnnxGolden.At("lenet-16.onnx")).Parameters));

    private static void Check(IReadOnlyList<NetworkTensor> tensors, double[] values, IReadOnlyList<OnnxGolden.Stored> wanted)
    {
        Assert.That(tensors.Select(tensor => tensor.Name), Is.EqualTo(wanted.Select(tensor => tensor.Name)));
        Assert.That(tensors.Select(tensor => tensor.Shape.Dimensions), Is.EqualTo(wanted.Select(tensor => tensor.Shape)));
        Assert.That(tensors.Select(tensor => tensor.Offset), Is.EqualTo(wanted.Select((_, i) => wanted.Take(i).Sum(one => one.Values.LongLength))));
        Assert.That(values, Is.EqualTo(wanted.SelectMany(tensor => tensor.Values)));
    }
}
