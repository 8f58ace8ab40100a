using NUnit.Framework;
using Quotient.Backends.Reference;
using Quotient.Linearisation;

namespace Quotient.Tests.Linearisation;

/// <summary>Signals share memory where they do not live at the same time, and only there.</summary>
public class SignalLayoutTests
{
    [Test]
    public void Signals_that_live_at_once_lie_apart()
    {
        var random = new Random(3);
        for (int round = 0; round < 200; round++)
        {
            Lifetime[] signals = [.. Enumerable.Range(0, 12).Select(_ => random.Next(20)).Select(
                from => new Lifetime(random.Next(6), from, from + random.Next(8)))];
            var layout = new SignalLayout(signals);
            for (int i = 0; i < signals.Length; i++)
            {
                Assert.That(layout.Holds(i), Is.EqualTo(signals[i].Width > 0));
                for (int j = 0; j < i && layout.Holds(i); j++)
                {
                    bool meet = signals[i].From <= signals[j].To && signals[j].From <= signals[i].To;
                    Assert.That(layout.Holds(j) && meet && layout.SlotOf(i) == layout.SlotOf(j), Is.False, $"{signals[i]} and {signals[j]}");
                }

                Assert.That(!layout.Holds(i) || layout.Slots[layout.SlotOf(i)] >= signals[i].Width);
            }
        }
    }

    [Test]
    public void A_deep_nets_adjoints_and_tangents_do_not_all_exist_at_once()
    {
        const int Depth = 30, Width = 7;
        using var backend = new ReferenceBackend();
        using var plan = NetworkPlan<double>.Compile(Network.Mlp([.. Enumerable.Repeat(Width, Depth + 1)]), backend);
        Assert.That(plan.Signals.Adjoints.Width, Is.EqualTo(2 * Width));
        Assert.That(plan.Signals.Tangents.Width, Is.EqualTo(2 * Width));
        Assert.That(plan.Signals.Evaluated.Width, Is.EqualTo(2 * Width));
        Assert.That(plan.Signals.HessianTangents.Width, Is.EqualTo(Depth * Width), "those that second-order terms read");
        Assert.That(plan.Signals.KeptValues.Width, Is.EqualTo((Depth - 1) * Width), "nobody reads the outputs again");
        Assert.That(plan.Signals.KeptAdjoints.Width, Is.EqualTo(Depth * Width));
    }

    [Test]
    public void What_only_sums_read_is_not_kept()
    {
        using var backend = new ReferenceBackend();
        using var plan = NetworkPlan<double>.Compile(
            Network.Build(new(5), x => x.Dense(5).Residual(h => h.Dense(5)).Plus(x).Relu().Dense(3)), backend);

        // The first dense layer's output is read by the second; the second's, and the first sum's, by sums alone.
        Assert.That(plan.Steps.Select((_, step) => plan.Signals.KeptValues.Holds(step)), Is.EqualTo(new[] { true, false, false, true, false }));
    }
}
