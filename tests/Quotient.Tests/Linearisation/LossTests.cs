using System.Numerics;
using NUnit.Framework;
using Quotient.Backends;
using Quotient.Linearisation;

namespace Quotient.Tests.Linearisation;

/// <summary>Losses by name, and one that the library does not know.</summary>
public class LossTests
{
    [TestCase("ce", "ce")]
    [TestCase("mse", "mse")]
    [TestCase("ce,smoothing=0.1", "ce,smoothing=0.1")]
    [TestCase("ce,smoothing=0", "ce")]
    [TestCase("ce,smoothing=1e-1", "ce,smoothing=0.1")]
    public void A_loss_is_known_by_its_text(string text, string name)
    {
        Assert.That(Loss.Parse(text).Name, Is.EqualTo(name));
        Assert.That(Loss.Parse(name), Is.EqualTo(Loss.Parse(text)));
    }

    [TestCase("l1", "loss 'l1' is unknown; choose ce or mse")]
    [TestCase("", "loss '' is unknown; choose ce or mse")]
    [TestCase("CE", "loss 'CE' is unknown; choose ce or mse")]
    [TestCase("ce,smooth=0.1", "ce has no option 'smooth'; choose smoothing")]
    [TestCase("mse,smoothing=0.1", "mse has no option 'smoothing'; it has none")]
    [TestCase("ce,smoothing=1", "smoothing of ce is 1; it must be a number from 0 to below 1")]
    [TestCase("ce,smoothing=-0.1", "smoothing of ce is -0.1; it must be a number from 0 to below 1")]
    [TestCase("ce,smoothing=NaN", "smoothing of ce is NaN; it must be a number from 0 to below 1")]
    [TestCase("ce,smoothing", "loss 'ce,smoothing': 'smoothing' is not an option; options are written name=number, each once")]
    [TestCase("ce,smoothing=x", "loss 'ce,smoothing=x': 'smoothing=x' is not an option; options are written name=number, each once")]
    [TestCase(
        "ce,smoothing=0.1,smoothing=0.1",
        "loss 'ce,smoothing=0.1,smoothing=0.1': 'smoothing=0.1' is not an option; options are written name=number, each once")]
    public void What_is_no_loss_is_answered_by_a_sentence(string text, string sentence) =>
        Assert.That(Assert.Throws<QuotientException>(() => Loss.Parse(text))!.Message, Is.EqualTo(sentence));

    [Test]
    public void A_loss_of_another_assembly_is_linearised_and_found_by_name()
    {
        var net = Nets.Golden.First(net => net.Loss == "ce");
        var kinds = new Kinds<Loss>("loss");
        kinds.Register(new("scaled", "", [new("by", 1, value => value > 0, "a number above 0", "")], values => new Scaled(values["by"])));
        using var engine = Engine.Open("cpu");
        using var at = engine.Linearise<double>(net.Model, net.Data, kinds.Parse("scaled,by=3"));
        Assert.That(at.LossKind.Name, Is.EqualTo("scaled,by=3"));
        Assert.That(at.Loss, Is.EqualTo(3 * net.LossValue).Within(1e-11 * net.LossValue));
        Close.Check(at.Gradient(), [.. net.Gradient.Select(value => 3 * value)], 1e-11, "gradient");
        Close.Check(at.Hessian.Apply(net.V), [.. net.HessianProduct.Select(value => 3 * value)], 1e-11, "Hessian");
    }

    /// <summary>Some times the cross-entropy.</summary>
    private sealed record Scaled(double By) : Loss
    {
        public override string Name => FormattableString.Invariant($"scaled,by={By}");

        public override bool ReadsTargets => CrossEntropy.ReadsTargets;

        public override void Check(Network network, Dataset data) => CrossEntropy.Check(network, data);

        public override LossStage<T> On<T>(IOps<T> ops) => new Stage<T>(CrossEntropy.On(ops), By);

        private sealed class Stage<T>(LossStage<T> one, double by) : LossStage<T> where T : unmanaged, IFloatingPointIeee754<T>
        {
            public override void Evaluate(MatrixView<T> z, Targets<T> targets, MatrixView<T> saved, VectorView<double> loss)
            {
                for (int i = 0; i < by; i++)
                {
                    one.Evaluate(z, targets, saved, loss);
                }
            }

            public override void Gradient(MatrixView<T> saved, Targets<T> targets, double scale, MatrixView<T> g) =>
                one.Gradient(saved, targets, by * scale, g);

            public override void Hessian(MatrixView<T> saved, double scale, MatrixView<T> x, MatrixView<T> y) =>
                one.Hessian(saved, by * scale, x, y);

            public override void Factors(IBackend backend, MatrixView<T> saved, double scale, int first, MatrixView<T> y) =>
                one.Factors(backend, saved, by * scale, first, y);
        }
    }
}
