using System.Numerics;
using NUnit.Framework;
using Quotient.Cases;
using Quotient.Data;
using Quotient.Networks;

namespace Quotient.Tests.Linearisation;

/// <summary>Binary convolutional nets and their surrogates against PyTorch in float64, on every device.</summary>
public class ConvolutionalBinaryTests
{
    private static readonly IReadOnlyList<ConvolutionalCase> Golden = ConvolutionalCase.ReadAll(ConvolutionalGolden.PathOf("binary"));

    private static IEnumerable<TestCaseData> Cases() =>
        from net in Golden
        from device in Nets.Devices
        select new TestCaseData(net, device).SetArgDisplayNames(net.Arch, device);

    [TestCaseSource(nameof(Cases))]
    public void Forward_passes_agree_with_PyTorch_in_double(ConvolutionalCase net, string device) => Forward(net, device, Precision.Double, 1e-12);

    [TestCaseSource(nameof(Cases))]
    public void Forward_passes_agree_with_PyTorch_in_single(ConvolutionalCase net, string device) => Forward(net, device, Precision.Single, 1e-5);

    [TestCaseSource(nameof(Cases))]
    public void Surrogates_agree_with_PyTorch_in_double(ConvolutionalCase net, string device) => Curvature<double>(net, device, 1e-11);

    [TestCaseSource(nameof(Cases))]
    public void Surrogates_agree_with_PyTorch_in_single(ConvolutionalCase net, string device) => Curvature<float>(net, device, 1e-4);

    /// <summary>The loss of one sample under one label is minus the logarithm of its probability.</summary>
    private static void Forward(ConvolutionalCase net, string device, Precision precision, double tolerance)
    {
        var (model, data) = (net.Model, net.Data);
        int width = data.Sample.Size, classes = model.Network.Output.Size;
        using var engine = Engine.Open(device);
        for (int n = 0; n < net.Samples; n++)
        {
            double[] input = new double[width];
            data.CopyInputs(n, 1, input.AsSpan());
            double[] found = [.. Enumerable.Range(0, classes).Select(label => -engine.Evaluate(
                model, Dataset.Classification("one", data.Sample, SampleStore.Doubles(input, width), [label], classes), null, precision).Loss)];
            Close.Check(found, net.LogProbabilities![n], tolerance, $"log-probabilities of sample {n}");
        }
    }

    private static void Curvature<T>(ConvolutionalCase net, string device, double tolerance) where T : unmanaged, IFloatingPointIeee754<T>
    {
        using var engine = Engine.Open(device);
        var options = new Quotient.Linearisation.LineariseOptions { Surrogate = Surrogates.Parse(net.Surrogate), ChunkSize = 3 };
        using var at = engine.Linearise<T>(net.Model, net.Data, options: options);
        Assert.Multiple(() =>
        {
            Assert.That(at.Loss, Is.EqualTo(net.LossValue).Within(tolerance * net.LossValue));
            ConvolutionalGolden.Check(net, at.Gradient(), net.Gradient!, tolerance, "gradient");
            ConvolutionalGolden.Check(net, at.Hessian.Apply(NetCase.Cast<T>(net.V)), net.HessianProduct!, tolerance, "Hessian");
        });
    }
}
