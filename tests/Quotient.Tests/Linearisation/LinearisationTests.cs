using NUnit.Framework;
using Quotient.Backends;
using Quotient.Data;
using Quotient.Linearisation;
using Quotient.Networks.Layers;

namespace Quotient.Tests.Linearisation;

public class LinearisationTests
{
    [Test]
    public void What_does_not_fit_in_memory_is_recomputed_to_the_same_bits([Values("ce-wider", "mse-three-hidden")] string name)
    {
        var net = Nets.ByName(name);
        using var engine = Engine.Open();
        using var resident = engine.Linearise<double>(net.Model, net.Data, net.LossKind, new() { ChunkSize = 5 });
        using var small = engine.Linearise<double>(net.Model, net.Data, net.LossKind, new() { ChunkSize = 5, MemoryBudget = 1 });
        Assert.Multiple(() =>
        {
            Assert.That(resident.IsResident, Is.True);
            Assert.That(small.IsResident, Is.False);
            Assert.That(small.Loss, Is.EqualTo(resident.Loss));
            Assert.That(small.Error, Is.EqualTo(resident.Error));
            Assert.That(small.Gradient(), Is.EqualTo(resident.Gradient()));
            Assert.That(small.Hessian.Apply(net.V), Is.EqualTo(resident.Hessian.Apply(net.V)));
            Assert.That(small.Hessian.Trace(), Is.EqualTo(resident.Hessian.Trace()));
        });
    }

    [Test]
    public void A_block_of_products_is_the_products_one_by_one()
    {
        var net = Nets.ByName("ce-three-hidden");
        using var engine = Engine.Open();
        using var at = engine.Linearise<double>(net.Model, net.Data, net.LossKind, new() { ChunkSize = 4 });
        const int Count = 3;
        int n = (int)at.Dimension;
        var random = new Random(5);
        var rows = Enumerable.Range(0, Count).Select(_ => Enumerable.Range(0, n).Select(_ => random.NextDouble()).ToArray()).ToArray();
        using var v = engine.Backend.Allocate<double>(Count * n);
        using var result = engine.Backend.Allocate<double>(Count * n);
        engine.Backend.Write<double>(rows.SelectMany(row => row).ToArray(), v.All);
        at.Hessian.ApplyBlock(v.Matrix(Count, n), result.Matrix(Count, n));
        for (int i = 0; i < Count; i++)
        {
            Close.Check(Nets.Read(engine.Backend, result.Slice(i * n, n)), at.Hessian.Apply(rows[i]), 1e-13, $"row {i}");
        }
    }

    [Test]
    public void A_linearisation_copied_to_another_backend_keeps_its_masks([Values("ce-unequal-widths", "mse-dead-units")] string name)
    {
        var net = Nets.ByName(name);
        using var engine = Engine.Open();
        using var reference = Engine.Open("reference");
        using var original = reference.Linearise<double>(net.Model, net.Data, net.LossKind, new() { ChunkSize = 4 });

        // As if rounding had put one unit on the other side of its kink: computing anew would not see it, a copy must.
        original.Kept.Each((state, _) => Negate(reference.Backend, state.Values[0].First.AsVector()), null, default);
        using var copy = original.CopyTo(engine.Backend);
        double[] expected = original.Hessian.Apply(net.V);
        Close.Check(copy.Hessian.Apply(net.V), expected, 1e-11, "Hessian");
        Assert.That(Close.Difference(expected, net.HessianProduct), Is.GreaterThan(1e-3), "the masks differ from those at θ");
        Assert.That(copy.Loss, Is.EqualTo(original.Loss));
    }

    [Test]
    public void Moving_to_other_parameters_is_linearising_there([Values(0, 1)] long memory)
    {
        var net = Nets.ByName("ce-wider");
        var elsewhere = new Model(net.Model.Network, [.. net.Theta.Select(x => 0.9 * x)]);
        using var engine = Engine.Open();
        var options = new LineariseOptions { ChunkSize = 10, MemoryBudget = memory };
        using var moved = engine.Linearise<double>(elsewhere, net.Data, net.LossKind, options);
        moved.MoveTo(net.Model);
        Close.Check(moved.Gradient(), net.Gradient, 1e-11, "gradient");
        Close.Check(moved.Hessian.Apply(net.V), net.HessianProduct, 1e-11, "Hessian");
        Assert.That(moved.Loss, Is.EqualTo(net.LossValue).Within(1e-11));
        Assert.Throws<QuotientException>(() => moved.MoveTo(Nets.ByName("ce-one-layer").Model));
    }

    [Test]
    public void Moving_to_a_network_of_the_same_widths_but_other_layers_is_refused()
    {
        var data = Dataset.Classification("two", new(3), SampleStore.Doubles(new double[] { 1, 2, 3, 4, 5, 6 }, 3), [0, 1], 2);
        var with = Network.Mlp([3, 4, 2]);
        var without = Network.Chain(new(3), new Dense(3, 4), new Dense(4, 2));
        using var engine = Engine.Open();
        using var at = engine.Linearise<double>(new(with, new double[with.ParameterCount]), data);
        Assert.Throws<QuotientException>(() => at.MoveTo(new(without, new double[without.ParameterCount])));
    }

    [Test]
    public void What_single_precision_cannot_hold_is_refused_and_never_a_figure()
    {
        var net = Nets.ByName("ce-one-layer");
        using var engine = Engine.Open();
        Model Scaled(double by) => new(net.Model.Network, [.. net.Theta.Select(x => by * x)], Precision.Double);
        Refused(() => engine.Linearise<float>(Scaled(1e200), net.Data), "single precision cannot hold");
        Refused(() => engine.Linearise<float>(Scaled(1e38), net.Data), "in single precision");
        using var fits = engine.Linearise<double>(Scaled(1e38), net.Data);
        Assert.That(fits.Loss, Is.Positive.And.Not.EqualTo(double.PositiveInfinity));
    }

    [Test]
    public void A_cancelled_pass_stops()
    {
        var net = Nets.ByName("ce-wider");
        using var engine = Engine.Open();
        using var source = new CancellationTokenSource();
        using var at = engine.Linearise<double>(net.Model, net.Data, net.LossKind, new());
        source.Cancel();
        Assert.Throws<OperationCanceledException>(() => at.Hessian.Apply(net.V, cancellationToken: source.Token));
        Assert.Throws<OperationCanceledException>(() => at.Gradient(null, source.Token));
        Assert.Throws<OperationCanceledException>(() => at.Hessian.Trace(null, source.Token));
    }

    [Test]
    public void Every_pass_tells_the_share_of_samples_that_is_done()
    {
        var net = Nets.ByName("ce-wider");
        using var engine = Engine.Open();
        var told = new List<double>();
        var progress = new Told(told);
        using var at = engine.Linearise<double>(net.Model, net.Data, net.LossKind, new() { ChunkSize = 10 }, progress);
        double[] wanted = [10 / 37.0, 20 / 37.0, 30 / 37.0, 1];
        Assert.That(told, Is.EqualTo(wanted));
        using var buffer = engine.Backend.Allocate<double>(2 * at.Dimension);
        var (v, result) = (buffer.Slice(0, at.Dimension), buffer.Slice(at.Dimension, at.Dimension));
        at.Hessian.Apply(v, result);
        foreach (var pass in new Action[]
            {
                () => at.MoveTo(net.Model, progress), () => at.Gradient(v, progress), () => at.Hessian.Diagonal(v, progress),
                () => at.Hessian.Trace(progress), () => at.Hessian.Apply(net.V, progress),
            })
        {
            told.Clear();
            pass();
            Assert.That(told, Is.EqualTo(wanted));
        }
    }

    [Test]
    public void What_does_not_fit_together_is_one_clear_sentence()
    {
        using var engine = Engine.Open("reference");
        var inputs = SampleStore.Doubles(new double[12], 3);
        var labelled = Dataset.Classification("four", new(3), inputs, [0, 1, 2, 2], 3);
        var real = Dataset.Regression("four", new(3), inputs, SampleStore.Doubles(new double[4], 1));
        var model = (int[] widths) => new Model(Network.Mlp(widths), new double[Network.Mlp(widths).ParameterCount]);
        Assert.Multiple(() =>
        {
            Refused(() => engine.Linearise(model([4, 3]), labelled), "3 values a sample");
            Refused(() => engine.Linearise(model([3, 2]), labelled), "3 classes");
            Refused(() => engine.Linearise(model([3, 2]), real), "needs class labels");
            Refused(() => engine.Linearise(model([3, 2]), real, Loss.SquaredError), "targets of 1 value,");
        });
    }

    private static void Negate(IBackend backend, VectorView<double> values) =>
        backend.Write<double>([.. Nets.Read(backend, values).Select(value => value > 0 ? 0 : 1.0)], values);

    private static void Refused(Action action, string because) =>
        Assert.That(Assert.Throws<QuotientException>(action)!.Message, Does.Contain(because));

    private sealed class Told(List<double> shares) : IProgress<double>
    {
        public void Report(double value) => shares.Add(value);
    }
}
