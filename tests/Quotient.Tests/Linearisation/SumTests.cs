using NUnit.Framework;
using Quotient.Networks.Layers;
using Quotient.Tests.Networks;

namespace Quotient.Tests.Linearisation;

/// <summary>Residual sums: built, told, kept in files, and linear.</summary>
public class SumTests
{
    private static readonly Network Residual = Network.Build(
        new(5), x => x.Dense(4).Relu().Residual(h => h.Dense(4).Relu().Dense(4)).Relu().Dense(3));

    [Test]
    public void A_residual_net_is_built_like_a_chain()
    {
        Assert.That(Residual.ToString(), Is.EqualTo("5-4-4-4(+)-3"));
        Assert.That(Residual.Nodes[5].Layer, Is.EqualTo(new Sum()));
        Assert.That(Residual.Nodes[5].Inputs, Is.EqualTo(new[] { 4, 1 }));
    }

    [Test]
    public void Its_file_holds_its_graph()
    {
        using var folder = new ScratchFolder();
        string path = Path.Combine(folder.Path, "net.safetensors");
        var model = Model.Initialise(Residual, Initialisation.He, 1);
        model.Save(path);
        var read = Model.Load(path);
        Assert.That(read.Network.Nodes.Select(node => node.Layer), Is.EqualTo(Residual.Nodes.Select(node => node.Layer)));
        Assert.That(read.Network.Nodes.Select(node => node.Inputs), Is.EqualTo(Residual.Nodes.Select(node => node.Inputs)));
        Assert.That(read.Parameters, Is.EqualTo(model.Parameters));
    }

    [Test]
    public void Inputs_that_do_not_fit_are_refused()
    {
        Assert.That(() => Network.Build(new(3), x => x.Dense(4).Plus(x)), Refusal.With("one shape", "4, 3"));
        Assert.That(() => Network.Chain(new(3), new Sum()), Refusal.With("two inputs"));
    }

    [TestCaseSource(typeof(Nets), nameof(Nets.Devices))]
    public void Adding_a_signal_to_itself_doubles_it(string device)
    {
        var once = Network.Build(new(5), x => x.Dense(4).Dense(3));
        var twice = Network.Build(new(5), x => x.Dense(4).Residual(h => h).Dense(3));
        var (model, data) = Nets.Random(once, 9, 3, true);
        var half = (double[])model.Parameters.Clone();
        for (int i = 24; i < 36; i++)
        {
            half[i] /= 2;
        }

        using var engine = Engine.Open(device);
        using var expected = engine.Linearise<double>(model, data);
        using var at = engine.Linearise<double>(new(twice, half, Precision.Double), data);
        double[] gradient = expected.Gradient();
        for (int i = 24; i < 36; i++)
        {
            gradient[i] *= 2;
        }

        Assert.That(at.Loss, Is.EqualTo(expected.Loss).Within(1e-14));
        Close.Check(at.Gradient(), gradient, 1e-13, "gradient");
    }
}
