using NUnit.Framework;
using Quotient.Data;

namespace Quotient.Tests.Networks.Import;

/// <summary>Imported networks compute what PyTorch does, in float64: files of its exporter, and state_dicts beside their architecture.</summary>
public class OnnxLogitTests
{
    public static IEnumerable<string> Files => OnnxGolden.Files;

    [Test]
    public void Outputs_of_ONNX_files_are_PyTorchs([ValueSource(nameof(Files))] string file, [Values("cpu", "reference")] string device) =>
        Check(Model.Load(OnnxGolden.At(file)), OnnxGolden.Of(file), device);

    [Test]
    public void Outputs_of_state_dicts_are_PyTorchs([Values("lenet", "vgg", "resnet")] string name, [Values("cpu", "reference")] string device) =>
        Check(Model.Load(OnnxGolden.At($"{name}.safetensors"), StateDictTests.Networks[name]), OnnxGolden.Of($"{name}.safetensors"), device);

    [Test]
    public void A_difference_would_be_found([Values("mlp-16.onnx", "resnet-16.onnx")] string file)
    {
        var model = Model.Load(OnnxGolden.At(file));
        model.Parameters[^1] += 1e-7;
        Assert.Throws<AssertionException>(() => Check(model, OnnxGolden.Of(file), "cpu"));
    }

    /// <summary>
    /// With the golden outputs as targets the loss is the mean of half their squared distances: below ½ε²·max² / 4, each of 4 samples' outputs
    /// is as close as ε·max.
    /// </summary>
    private static void Check(Model model, OnnxGolden golden, string device)
    {
        const double Tolerance = 1e-9;
        var (input, outputs) = (model.Network.Input, model.Network.Output.Size);
        var data = Dataset.Regression(
            "golden", input, SampleStore.Doubles(golden.Inputs, input.Size), SampleStore.Doubles(golden.Logits, outputs));
        using var engine = Engine.Open(device);
        double loss = engine.Evaluate(model, data, Loss.SquaredError, Precision.Double).Loss;
        double largest = golden.Logits.Max(Math.Abs);
        Assert.That(loss, Is.LessThanOrEqualTo(0.5 * Math.Pow(Tolerance * largest, 2) / data.Count));
    }
}
