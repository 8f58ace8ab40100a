using System.Diagnostics;
using NUnit.Framework;
using Quotient.Networks.Layers;
using Quotient.Tests.Networks.Import;

namespace Quotient.Tests.Networks.Export;

/// <summary>ONNX files of ours: they are read back as they were, and the onnx package and PyTorch take them.</summary>
public class OnnxWriterTests
{
    private const string Python = "/usr/bin/python3";

    [Test]
    public void The_checker_takes_our_files_and_PyTorch_computes_the_same_by_them()
    {
        Require();
        using var folder = new ScratchFolder();
        List<string> arguments = [OnnxGolden.At("check.py")];
        foreach (string file in OnnxGolden.Files)
        {
            Model.Load(OnnxGolden.At(file)).Save(folder.At(file));
            arguments.AddRange([folder.At(file), file]);
        }

        foreach (var (name, network) in StateDictTests.Networks)
        {
            Model.Load(OnnxGolden.At($"{name}.safetensors"), network).Save(folder.At($"{name}.onnx"));
            arguments.AddRange([folder.At($"{name}.onnx"), $"{name}.safetensors"]);
        }

        var (code, output) = Run(arguments);
        Assert.That(code, Is.Zero, output);
        Assert.That(output.Trim().Split('\n'), Has.Length.EqualTo((arguments.Count - 1) / 2));
    }

    [Test]
    public void Layers_of_every_kind_come_back()
    {
        var network = Network.Build(new(3, 9, 9), x =>
        {
            var y = x.Convolution(4, 3, padding: 1).BatchNorm().Relu();
            y = y.Then(new MaxPool(new(2, 3) { StrideY = 2, Top = 1, Ceiling = true })).Then(new AveragePool(new(3, 3) { Left = 1 }, false));
            y = y.Plus(y.Relu(), y).Then(new Shortcut(7, 2)).Relu().Then(new Shortcut(9, 1)).Then(new Shortcut(9, 2));
            return y.GlobalAveragePool().Flatten().Then(new Dense(9, 5, true, 0.5) { InputsFirst = true }).BatchNorm().Relu().Dense(3, false);
        });
        using var folder = new ScratchFolder();
        var model = Model.Initialise(network, Initialisation.PyTorch, 3, Precision.Double);
        model.Save(folder.At("net.onnx"), new Dictionary<string, string> { ["note"] = "é" });
        var again = Model.Load(folder.At("net.onnx"));
        // A sum of three is written as two sums; a shortcut that only strides, as maxima of windows of one.
        Assert.That(again.Network.Nodes.Select(node => node.Layer).Where(layer => layer is not (Sum or Shortcut or MaxPool)), Is.EqualTo(
            network.Nodes.Select(node => node.Layer).Where(layer => layer is not (Sum or Shortcut or MaxPool))));
        Assert.That(again.Network.Nodes.Select(node => node.Layer).OfType<Shortcut>(), Is.EqualTo(new[] { new Shortcut(7, 2), new Shortcut(9, 1) }));
        Assert.That(again.Network.Shapes[^1], Is.EqualTo(network.Shapes[^1]));
        Assert.That(again.Network.Tensors.Select(tensor => tensor.Name), Is.EqualTo(network.Tensors.Select(tensor => tensor.Name)));
        Assert.That(again.Parameters, Is.EqualTo(model.Parameters));
        Assert.That(again.Buffers, Is.EqualTo(model.Buffers));
        Assert.That(again.Metadata["note"], Is.EqualTo("é"));
        again.Save(folder.At("again.onnx"));
        var third = Model.Load(folder.At("again.onnx"));
        Assert.That(third.Network.Nodes.Select(node => node.Layer), Is.EqualTo(again.Network.Nodes.Select(node => node.Layer)));
        if (IsThere())
        {
            var (_, output) = Run([OnnxGolden.At("check.py"), folder.At("net.onnx"), "none"]);
            Assert.That(output.Trim(), Is.EqualTo("none: 'none'"), "the checker has nothing to say; there are no logits");
        }
    }

    [Test]
    public void The_same_model_gives_the_same_bytes()
    {
        using var folder = new ScratchFolder();
        var model = Model.Load(OnnxGolden.At("resnet-unfolded.onnx"));
        model.Save(folder.At("a.onnx"));
        model.Save(folder.At("b.ONNX"));
        Assert.That(File.ReadAllBytes(folder.At("a.onnx")), Is.EqualTo(File.ReadAllBytes(folder.At("b.ONNX"))));
    }

    [Test]
    public void What_ONNX_has_no_words_for_is_refused_and_leaves_no_file()
    {
        AssertRefused(Network.Parse("binary:4-5-3"), "layer '0'", "binary-dense");
        AssertRefused(Network.Chain(new(4), new Dense(4, 3, true, 0.1)), "layer '0'", "scale 0.1");
        AssertRefused(Network.Chain(new(1, 4, 4), new Convolution(1, 2, new(2, 2), true, 0.5)), "layer '0'", "scale");
        AssertRefused(Network.Chain(new(1, 4, 4), new Flatten(), new Convolution(16, 2, new(1, 1))), "layer '1'", "vector");
    }

    [Test]
    public void A_value_beyond_the_format_is_refused_by_its_place()
    {
        using var folder = new ScratchFolder();
        var model = new Model(Network.Parse("2-1"), [1, 1e300, 0]);
        Assert.That(() => model.Save(folder.At("net.onnx")), Refusal.With("net.onnx", "'0.weight' holds 1E+300 at [0, 1]"));
        Assert.That(folder.Files, Is.Empty);
    }

    private static void AssertRefused(Network network, params string[] words)
    {
        using var folder = new ScratchFolder();
        var model = Model.Initialise(network, Initialisation.He, 1);
        Assert.That(() => model.Save(folder.At("net.onnx")), Refusal.With(["net.onnx", .. words]));
        Assert.That(folder.Files, Is.Empty);
    }

    /// <summary>Skips a test where Debian's python3-onnx or python3-torch is not installed.</summary>
    private static void Require()
    {
        if (!IsThere())
        {
            Assert.Ignore("There is no onnx or torch for Python: install Debian's packages python3-onnx and python3-torch.");
        }
    }

    private static bool IsThere() => File.Exists(Python) && Run(["-c", "import onnx, torch"]).Code == 0;

    private static (int Code, string Output) Run(IEnumerable<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(Python, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + errors.Result);
    }
}
