using System.Numerics;
using NUnit.Framework;
using Quotient.Cases;
using Quotient.Networks;
using Quotient.Networks.Layers;

namespace Quotient.Tests.Linearisation;

/// <summary>
/// Dense layers whose weights lie as inputs × outputs are the golden nets of PyTorch with θ in another order, on every device.
/// </summary>
public class InputsFirstTests
{
    private static IEnumerable<TestCaseData> Cases() =>
        from device in Nets.Devices
        from net in Nets.Golden
        select new TestCaseData(net, device).SetArgDisplayNames(net.Name, device);

    [TestCaseSource(nameof(Cases))]
    public void Double_agrees_with_PyTorch(NetCase net, string device) => Compare<double>(net, device, 1e-10);

    [TestCaseSource(nameof(Cases))]
    public void Single_agrees_with_PyTorch(NetCase net, string device) => Compare<float>(net, device, 1e-4);

    [Test]
    public void The_Hessian_is_the_derivative_of_the_gradient([Values("cpu", "reference")] string device, [Values] bool classes)
    {
        var network = Network.Chain(
            new(5), Turned(5, 7), new Relu(), new Dense(7, 6), new Relu(), Turned(6, 4) with { Scale = 0.7 }, new Relu(), Turned(4, 3));
        var (model, data) = Nets.Random(network, 6, 11, classes);
        double[] v = [.. Enumerable.Range(0, model.Parameters.Length).Select(i => Math.Sin(i + 1.0))];
        using var engine = Engine.Open(device);
        using var at = engine.Linearise<double>(model, data, classes ? Loss.CrossEntropy : Loss.SquaredError);
        double[] product = at.Hessian.Apply(v);
        const double Step = 1e-6;
        double[] Gradient(double step)
        {
            at.MoveTo(new(network, [.. model.Parameters.Zip(v, (x, d) => x + (step * d))], Precision.Double));
            return at.Gradient();
        }

        double[] difference = [.. Gradient(Step).Zip(Gradient(-Step), (plus, minus) => (plus - minus) / (2 * Step))];
        Close.Check(difference, product, 1e-6, "finite difference");
    }

    [Test]
    public void A_file_says_which_way_the_weight_lies()
    {
        using var folder = new ScratchFolder();
        var network = Network.Chain(new(2), Turned(2, 3), new Relu(), new Dense(3, 2));
        Assert.That(network.Tensors.Select(tensor => tensor.Shape.Dimensions), Is.EqualTo(new int[][] { [2, 3], [3], [2, 3], [2] }));
        Assert.That((network.Tensors[0].Shape.FanIn, network.Tensors[0].Shape.FanOut), Is.EqualTo((2L, 3L)));
        Model.Initialise(network, Initialisation.He, 1).Save(folder.At("a.safetensors"));
        Assert.That(Model.Load(folder.At("a.safetensors")).Network.Nodes.Select(node => node.Layer), Is.EqualTo(network.Nodes.Select(node => node.Layer)));
    }

    private static Dense Turned(int inputs, int outputs) => new(inputs, outputs) { InputsFirst = true };

    private static void Compare<T>(NetCase net, string device, double tolerance) where T : unmanaged, IFloatingPointIeee754<T>
    {
        var old = net.Model.Network;
        var network = new Network(old.Input, [.. old.Nodes.Select((node, i) =>
            i % 4 != 2 && node.Layer is Dense dense ? node with { Layer = dense with { InputsFirst = true } } : node)]);
        int[] places = Places(network);
        using var engine = Engine.Open(device);
        using var at = engine.Linearise<T>(new(network, In(places, net.Theta), Precision.Double), net.Data, net.LossKind);
        var v = NetCase.Cast<T>(In(places, net.V));
        using var diagonal = at.Backend.Allocate<T>(at.Dimension);
        Assert.Multiple(() =>
        {
            Assert.That(at.Loss, Is.EqualTo(net.LossValue).Within(tolerance * net.LossValue));
            Close.Check(at.Gradient(), In(places, net.Gradient), tolerance, "gradient");
            Close.Check(at.Hessian.Apply(v), In(places, net.HessianProduct), tolerance, "Hessian");
            Close.Check(at.GaussNewton.Apply(v), In(places, net.GaussNewtonProduct), tolerance, "Gauss-Newton");
            at.Hessian.Diagonal(diagonal.All);
            Close.Check(Nets.Read(at.Backend, diagonal.All), In(places, net.HessianDiagonal), tolerance, "diagonal of the Hessian");
            at.GaussNewton.Diagonal(diagonal.All);
            Close.Check(Nets.Read(at.Backend, diagonal.All), In(places, net.GaussNewtonDiagonal), tolerance, "diagonal of Gauss-Newton");
            double trace = net.HessianDiagonal.Sum();
            Assert.That(at.Hessian.Trace(), Is.EqualTo(trace).Within(tolerance * net.HessianDiagonal.Sum(Math.Abs)), "trace");
        });
    }

    /// <summary>For each place of θ, where PyTorch's order has the same parameter.</summary>
    private static int[] Places(Network network) => [.. network.Tensors.SelectMany(tensor =>
    {
        var places = Enumerable.Range((int)tensor.Offset, (int)tensor.Size);
        return tensor.Shape is { Axes: [Axis.In, Axis.Out], Dimensions: [var inputs, var outputs] }
            ? places.Select((_, at) => (int)tensor.Offset + (at % outputs * inputs) + (at / outputs))
            : places;
    })];

    private static double[] In(int[] places, double[] values) => [.. places.Select(place => values[place])];
}
