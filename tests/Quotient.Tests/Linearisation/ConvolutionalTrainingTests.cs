using System.Numerics;
using NUnit.Framework;
using Quotient.Training;
using Quotient.Training.Optimisers;

namespace Quotient.Tests.Linearisation;

/// <summary>Training with batch statistics against PyTorch: where two epochs lead, the running statistics, and the loss with these.</summary>
public class ConvolutionalTrainingTests
{
    private static IEnumerable<TestCaseData> Cases() =>
        from device in Nets.Devices
        from epochs in new[] { 1, 2 }
        select new TestCaseData(device, epochs);

    [TestCaseSource(nameof(Cases))]
    public void Double_agrees_with_PyTorch(string device, int epochs) => Compare<double>(device, epochs, 1e-9);

    [TestCaseSource(nameof(Cases))]
    public void Single_agrees_with_PyTorch(string device, int epochs) => Compare<float>(device, epochs, 1e-4);

    private static void Compare<T>(string device, int epochs, double tolerance) where T : unmanaged, IFloatingPointIeee754<T>
    {
        var golden = ConvolutionalGolden.Read("training");
        var wanted = golden.Epochs![epochs - 1];
        using var engine = Engine.Open(device);
        var result = Trainer.Run<T>(engine, golden.Model, golden.Data, null, new()
        {
            Epochs = epochs,
            BatchSize = golden.Batch,
            Optimiser = new Sgd(golden.Rate, golden.Momentum, false, golden.Decay),
            Shuffled = false,
        });
        Assert.Multiple(() =>
        {
            ConvolutionalGolden.Check(golden, result.Model.Parameters, wanted.Theta, tolerance, "theta");
            Close.Check(result.Model.Buffers, wanted.Buffers, tolerance, "running statistics");
            Assert.That(result.Epochs[^1].TrainLoss, Is.EqualTo(wanted.Loss).Within(tolerance * wanted.Loss), "loss");
        });
    }
}
