using NUnit.Framework;
using Quotient.Networks;

namespace Quotient.Tests.Linearisation;

/// <summary>Flattening changes the shape of a signal and nothing else.</summary>
public class FlattenTests
{
    [Test]
    public void A_net_with_it_computes_what_the_net_without_it_does([Values] bool classes)
    {
        Shape image = new(2, 2, 3);
        var with = Network.Build(image, x => x.Flatten().Dense(4).Relu().Flatten().Dense(3).Flatten());
        var without = Network.Build(image, x => x.Dense(4).Relu().Dense(3));
        Assert.That(with.ToString(), Is.EqualTo("2×2×3-4-3"));
        Assert.That(with.Shapes[0], Is.EqualTo(new Shape(12)));
        var (model, data) = Nets.Random(without, 9, 3, classes);
        var loss = classes ? Loss.CrossEntropy : Loss.SquaredError;
        using var engine = Engine.Open("cpu");
        using var expected = engine.Linearise<double>(model, data, loss);
        using var at = engine.Linearise<double>(new(with, model.Parameters, Precision.Double), data, loss);
        double[] v = [.. model.Parameters.Select(Math.Sin)];
        Assert.That(at.Loss, Is.EqualTo(expected.Loss));
        Assert.That(at.Gradient(), Is.EqualTo(expected.Gradient()));
        Assert.That(at.Hessian.Apply(v), Is.EqualTo(expected.Hessian.Apply(v)));
        Assert.That(at.Hessian.Trace(), Is.EqualTo(expected.Hessian.Trace()));
    }

    [Test]
    public void A_net_that_does_nothing_else_is_refused()
    {
        var network = Network.Build(new(1, 2, 2), x => x.Flatten());
        var (model, data) = Nets.Random(network, 3, 1, true);
        using var engine = Engine.Open("cpu");
        Assert.Throws<QuotientException>(() => engine.Linearise(model, data));
    }

    [Test]
    public void Its_file_holds_it()
    {
        using var folder = new ScratchFolder();
        string path = Path.Combine(folder.Path, "net.safetensors");
        var model = Model.Initialise(Network.Build(new(1, 2, 2), x => x.Flatten().Dense(2)), Initialisation.He, 1);
        model.Save(path);
        Assert.That(Model.Load(path).Network.Nodes.Select(node => node.Layer), Is.EqualTo(model.Network.Nodes.Select(node => node.Layer)));
    }
}
