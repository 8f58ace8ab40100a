using NUnit.Framework;
using Quotient.Data;
using Quotient.Networks;
using Quotient.Networks.Layers;
using Quotient.Training;
using Quotient.Training.Optimisers;

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

    /// <summary>Gradients that pass straight through a sign are masked; what goes past the sign is not, also behind a flattening.</summary>
    [Test]
    public void A_sign_behind_it_leaves_other_readers_alone([Values] bool flattened)
    {
        Node[] nodes =
        [
            new("a", new Dense(6, 5), [Network.Source]), new("s", new Sign(), [0]), new("b", new BinaryDense(5, 5), [1]), new("c", new Sum(), [2, 0]),
        ];
        Node[] same = [nodes[0], new("f", new Flatten(), [0]), new("s", new Sign(), [1]), new("b", new BinaryDense(5, 5), [2]), new("c", new Sum(), [3, 0])];
        var model = Model.Initialise(new(new(6), flattened ? same : nodes), Initialisation.He, 3, Precision.Double);
        model = new(model.Network, [.. model.Parameters.Select((value, i) => i < 30 ? 3 * value : value)], Precision.Double);
        double[] inputs = [.. Enumerable.Range(0, 60).Select(i => Math.Sin(i))], targets = new double[50];
        var data = Dataset.Regression("drawn", new(6), SampleStore.Doubles(inputs, 6), SampleStore.Doubles(targets, 5));
        using var engine = Engine.Open("cpu");
        var options = new TrainingOptions { Loss = Loss.SquaredError, Epochs = 1, BatchSize = 10, Optimiser = new BinaryNet(1, 0, 1), Shuffled = false };
        var trained = Trainer.Run<double>(engine, model, data, null, options).Model;

        // By hand: δ = z/N with z = s(W sign(a))/√5 + a, and ∂L/∂a = δ + mask(|a| ≤ 1)·sign(W)ᵀδ/√5.
        double[] theta = model.Parameters, gradient = new double[35];
        for (int n = 0; n < 10; n++)
        {
            double[] x = inputs[(6 * n)..((6 * n) + 6)], a = new double[5], z = new double[5];
            for (int i = 0; i < 5; i++)
            {
                a[i] = theta[30 + i] + x.Select((value, k) => value * theta[(6 * i) + k]).Sum();
            }

            double W(int i, int j) => (theta[35 + (5 * i) + j] >= 0 ? 1 : -1) / Math.Sqrt(5);
            for (int i = 0; i < 5; i++)
            {
                z[i] = a[i] + Enumerable.Range(0, 5).Sum(j => W(i, j) * (a[j] >= 0 ? 1 : -1));
            }

            for (int j = 0; j < 5; j++)
            {
                double back = z[j] + (Math.Abs(a[j]) <= 1 ? Enumerable.Range(0, 5).Sum(i => W(i, j) * z[i]) : 0);
                gradient[30 + j] += back / 10;
                for (int k = 0; k < 6; k++)
                {
                    gradient[(6 * j) + k] += back * x[k] / 10;
                }
            }
        }

        Assert.That(trained.Parameters[..35], Is.EqualTo(theta[..35].Zip(gradient, (value, slope) => value - slope)).Within(1e-12));
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
