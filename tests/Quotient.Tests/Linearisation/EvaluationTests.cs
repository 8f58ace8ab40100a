using System.Numerics;
using NUnit.Framework;
using Quotient.Cases;
using Quotient.Linearisation;

namespace Quotient.Tests.Linearisation;

public class EvaluationTests
{
    private static IEnumerable<NetCase> Golden => Nets.Golden;

    [TestCaseSource(nameof(Golden))]
    public void Loss_and_error_are_those_of_a_linearisation_and_of_PyTorch(NetCase net)
    {
        foreach (string device in Nets.Devices)
        {
            using var engine = Engine.Open(device);
            Compare<double>(engine, net, 1e-12);
            Compare<float>(engine, net, 1e-5);
        }
    }

    [Test]
    public void A_cancelled_evaluation_stops()
    {
        var net = Nets.ByName("ce-wider");
        using var engine = Engine.Open();
        Assert.Throws<OperationCanceledException>(
            () => Evaluation.Run<double>(engine, net.Model, net.Data, net.LossKind, cancellationToken: new(canceled: true)));
    }

    [Test]
    public void What_does_not_fit_together_is_refused()
    {
        var net = Nets.ByName("mse-unequal-widths");
        using var engine = Engine.Open();
        Assert.That(
            Assert.Throws<QuotientException>(() => Evaluation.Run<double>(engine, net.Model, net.Data))!.Message,
            Does.Contain("needs class labels"));
    }

    private static void Compare<T>(Engine engine, NetCase net, double tolerance) where T : unmanaged, IFloatingPointIeee754<T>
    {
        var evaluation = Evaluation.Run<T>(engine, net.Model, net.Data, net.LossKind);
        using var at = engine.Linearise<T>(net.Model, net.Data, net.LossKind);
        Assert.Multiple(() =>
        {
            Assert.That(evaluation.Loss, Is.EqualTo(net.LossValue).Within(tolerance * net.LossValue));
            Assert.That(evaluation.Loss, Is.EqualTo(at.Loss).Within(1e-15 * at.Loss));
            Assert.That(evaluation.Error, Is.EqualTo(at.Error));
            Assert.That(evaluation.Samples, Is.EqualTo(net.Data.Count));
        });
    }
}
