using System.Numerics;
using NUnit.Framework;
using Quotient.Cases;
using Quotient.Data;
using Quotient.Spectra;

namespace Quotient.Tests.Linearisation;

/// <summary>LeNet, a small AlexNet, a small VGG with batch norm and ResNet-20 against PyTorch in float64.</summary>
public class ConvolutionalGoldenTests
{
    private static IEnumerable<TestCaseData> Cases() =>
        from name in ConvolutionalGolden.Names
        from device in ConvolutionalGolden.DevicesFor(name)
        from chunk in name == "alexnet-small" ? new[] { 3 } : [0, 5]
        select new TestCaseData(name, device, chunk).SetArgDisplayNames(name, device, chunk == 0 ? "whole" : $"chunks of {chunk}");

    [Test]
    public void Tensors_are_those_of_PyTorch_in_its_order([ValueSource(typeof(ConvolutionalGolden), nameof(ConvolutionalGolden.Names))] string name)
    {
        var net = ConvolutionalGolden.Read(name);
        var network = Network.Parse(net.Arch);
        Assert.That(network.Tensors.Select(tensor => tensor.Name), Is.EqualTo(net.Tensors.Select(range => range.Name)));
        Assert.That(network.Buffers.Select(tensor => tensor.Name), Is.EqualTo(net.Buffers.Select(range => range.Name)));
    }

    [TestCaseSource(nameof(Cases))]
    public void Double_agrees_with_PyTorch(string name, string device, int chunk) => Compare<double>(name, device, chunk, 1e-9);

    [TestCaseSource(nameof(Cases))]
    public void Single_agrees_with_PyTorch(string name, string device, int chunk) => Compare<float>(name, device, chunk, 1e-4);

    [Test]
    public void Top_eigenvalues_are_those_of_a_Lanczos_iteration_on_double_backward(
        [ValueSource(typeof(ConvolutionalGolden), nameof(ConvolutionalGolden.Names))] string name)
    {
        var net = ConvolutionalGolden.Read(name);
        using var engine = Engine.Open("cpu");
        using var at = engine.Linearise<double>(net.Model, net.Data, net.LossKind);
        using var pairs = Lanczos.Solve(at.Hessian, new(Selection.Largest(net.Top!.Length)) { Tolerance = 1e-7 });
        Assert.That(pairs.Converged, Is.True);
        Close.Check([.. pairs.Values.Select(pair => pair.Value)], net.Top, 1e-9, "eigenvalues");
    }

    /// <summary>A gradient of ½‖f − 0‖² on one sample by the last bias is f.</summary>
    [Test]
    public void Logits_are_PyTorchs([ValueSource(typeof(ConvolutionalGolden), nameof(ConvolutionalGolden.Names))] string name)
    {
        var net = ConvolutionalGolden.Read(name);
        var (model, data) = (net.Model, net.Data);
        int width = data.Sample.Size, outputs = model.Network.Output.Size;
        using var engine = Engine.Open("cpu");
        for (int n = 0; n < net.Samples; n++)
        {
            double[] input = new double[width];
            data.CopyInputs(n, 1, input.AsSpan());
            var alone = Dataset.Regression("one", data.Sample, SampleStore.Doubles(input, width), SampleStore.Doubles(new double[outputs], outputs));
            using var at = engine.Linearise<double>(model, alone, Loss.SquaredError);
            Close.Check(at.Gradient()[^outputs..], net.Logits![n], 1e-11, $"logits of sample {n}");
        }
    }

    private static void Compare<T>(string name, string device, int chunk, double tolerance) where T : unmanaged, IFloatingPointIeee754<T>
    {
        var net = ConvolutionalGolden.Read(name);
        using var engine = Engine.Open(device);
        using var at = engine.Linearise<T>(net.Model, net.Data, net.LossKind, new() { ChunkSize = chunk });
        var v = NetCase.Cast<T>(net.V);
        void Check(IReadOnlyList<T> actual, VectorSummary? wanted, string what) =>
            ConvolutionalGolden.Check(net, actual, wanted!, tolerance, what);
        Assert.Multiple(() =>
        {
            Assert.That(at.Loss, Is.EqualTo(net.LossValue).Within(tolerance * net.LossValue));
            Check(at.Gradient(), net.Gradient, "gradient");
            Check(at.Hessian.Apply(v), net.HessianProduct, "Hessian");
            Check(at.GaussNewton.Apply(v), net.GaussNewtonProduct, "Gauss-Newton");
            Check(at.EmpiricalFisher.Apply(v), net.EmpiricalFisherProduct, "empirical Fisher");
            using var diagonal = at.Backend.Allocate<T>(at.Dimension);
            at.Hessian.Diagonal(diagonal.All);
            Check(Nets.Read(at.Backend, diagonal.All), net.Diagonal, "diagonal of the Hessian");
            Assert.That(at.Hessian.Trace(), Is.EqualTo(net.Trace).Within(tolerance * net.Trace), "trace");
            Assert.That(
                at.EmpiricalFisher.Trace(), Is.EqualTo(net.EmpiricalFisherTrace).Within(tolerance * net.EmpiricalFisherTrace),
                "trace of the empirical Fisher");
        });
    }
}
