using NUnit.Framework;
using Quotient.Data;

namespace Quotient.Tests.Networks.Import;

/// <summary>Imported networks of dense layers compute what PyTorch does, in float64.</summary>
public class DenseLogitTests
{
    [Test]
    public void Outputs_are_PyTorchs([Values("mlp-11.onnx", "mlp-16.onnx", "mlp-unfolded.onnx")] string file, [Values("cpu", "reference")] string device) =>
        Logits.Check(Model.Load(OnnxGolden.At(file)), OnnxGolden.Of(file), device);

    [Test]
    public void A_difference_would_be_found()
    {
        var model = Model.Load(OnnxGolden.At("mlp-16.onnx"));
        model.Parameters[^1] += 1e-7;
        Assert.Throws<AssertionException>(() => Logits.Check(model, OnnxGolden.Of("mlp-16.onnx"), "cpu"));
    }
}

/// <summary>Outputs of networks against golden ones.</summary>
internal static class Logits
{
    private const double Tolerance = 1e-9;

    /// <summary>
    /// With the golden outputs as targets the loss is the mean of half their squared distances: below ½ε²·max² / 4, each of 4 samples' outputs
    /// is as close as ε·max.
    /// </summary>
    public static void Check(Model model, OnnxGolden golden, string device)
    {
        var (input, outputs) = (model.Network.Input, model.Network.Output.Size);
        var data = Dataset.Regression(
            "golden", input, SampleStore.Doubles(golden.Inputs, input.Size), SampleStore.Doubles(golden.Logits, outputs));
        using var engine = Engine.Open(device);
        double loss = engine.Evaluate(model, data, Loss.SquaredError, Precision.Double).Loss;
        double largest = golden.Logits.Max(Math.Abs);
        Assert.That(loss, Is.LessThanOrEqualTo(0.5 * Math.Pow(Tolerance * largest, 2) / data.Count));
    }
}
