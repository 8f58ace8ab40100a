using NUnit.Framework;
using Quotient.Networks;
using Quotient.Networks.Layers;

namespace Quotient.Tests.Linearisation;

/// <summary>The passes of layers of images, against what their definition says of small nets.</summary>
public class ImageLayerTests
{
    private static readonly (string Name, Network Network)[] Networks =
    [
        ("convolution", Network.Build(new(2, 5, 4), x => x.Convolution(3, 3, padding: 1).Flatten().Dense(3))),
        ("stride", Network.Build(new(2, 6, 5), x => x.Convolution(3, 3, stride: 2, padding: 1).Relu().Flatten().Dense(3))),
        ("max pool", Network.Build(new(1, 6, 6), x => x.Convolution(4, 3).Relu().MaxPool(2).Convolution(3, 2).Flatten().Dense(3))),
        ("overlapping pool", Network.Build(new(2, 7, 7), x => x.Convolution(2, 3).MaxPool(3, 2, 1).Relu().Dense(3))),
        ("average pool", Network.Build(new(2, 5, 5), x => x.Convolution(3, 2, padding: 1).Relu().AveragePool(3, 2, 1).Dense(3))),
        ("batch norm", Network.Build(new(2, 4, 4), x => x.Convolution(3, 3, padding: 1).BatchNorm().Relu().GlobalAveragePool().Dense(3))),
        ("batch norm of a vector", Network.Build(new(4), x => x.Dense(5).BatchNorm().Relu().Dense(3))),
        ("residual", Network.Build(new(2, 4, 4), x =>
        {
            var first = x.Convolution(2, 3, padding: 1).BatchNorm().Relu();
            var branch = first.Convolution(4, 3, stride: 2, padding: 1).BatchNorm();
            return branch.Plus(first.Then(new Shortcut(4, 2))).Relu().GlobalAveragePool().Dense(3);
        })),
        ("image out", Network.Build(new(2, 3, 3), x => x.Convolution(3, 2).Relu().Convolution(2, 1))),
        ("uneven window", Network.Build(new(2, 5, 6), x => x.Then(new Convolution(2, 3, new(2, 3) { Top = 1, Right = 2, StrideX = 2 })).Relu().Dense(2))),
    ];

    [Test]
    public void The_Hessian_is_the_derivative_of_the_gradient(
        [Range(0, 9)] int index, [ValueSource(typeof(Nets), nameof(Nets.Devices))] string device)
    {
        using var engine = Engine.Open(device);
        var network = Networks[index].Network;
        var (model, data) = Sample(network);
        var loss = network.Output.Size > 3 ? Loss.SquaredError : Loss.CrossEntropy;
        using var at = engine.Linearise<double>(model, data, loss, new() { ChunkSize = 3 });
        double[] v = [.. model.Parameters.Select((_, i) => Math.Sin(3 * i))];
        var (plus, minus) = (GradientAt(1e-5), GradientAt(-1e-5));
        at.MoveTo(model);
        double[] product = at.Hessian.Apply(v);
        double scale = product.Max(Math.Abs);
        for (int i = 0; i < v.Length; i++)
        {
            Assert.That((plus[i] - minus[i]) / 2e-5, Is.EqualTo(product[i]).Within(1e-7 * scale), $"{Networks[index].Name}, parameter {i}");
        }

        double[] GradientAt(double step)
        {
            at.MoveTo(model.With(network, [.. model.Parameters.Zip(v, (parameter, direction) => parameter + (step * direction))]));
            return at.Gradient();
        }
    }

    [Test]
    public void Exact_diagonal_and_trace_are_those_of_the_dense_matrix(
        [Range(0, 9)] int index, [ValueSource(typeof(Nets), nameof(Nets.Devices))] string device)
    {
        using var engine = Engine.Open(device);
        var network = Networks[index].Network;
        var (model, data) = Sample(network);
        using var at = engine.Linearise<double>(
            model, data, network.Output.Size > 3 ? Loss.SquaredError : Loss.CrossEntropy, new() { ChunkSize = 3 });
        var dense = Nets.Dense(at.GaussNewton);
        using var buffer = engine.Backend.Allocate<double>(at.Dimension);
        at.GaussNewton.Diagonal(buffer.All);
        double[] diagonal = Nets.Read(engine.Backend, buffer.All);
        double scale = diagonal.Max();
        for (int i = 0; i < diagonal.Length; i++)
        {
            Assert.That(diagonal[i], Is.EqualTo(dense[i, i]).Within(1e-12 * scale), $"{Networks[index].Name}, parameter {i}");
        }

        Assert.That(at.GaussNewton.Trace(), Is.EqualTo(dense.Diagonal().Sum()).Within(1e-12 * dense.Diagonal().Sum()));
    }

    [Test]
    public void Evaluation_folds_batch_norms_and_finds_the_same_loss(
        [Range(0, 9)] int index, [ValueSource(typeof(Nets), nameof(Nets.Devices))] string device)
    {
        using var engine = Engine.Open(device);
        var network = Networks[index].Network;
        var (model, data) = Sample(network);
        var loss = network.Output.Size > 3 ? Loss.SquaredError : Loss.CrossEntropy;
        using var at = engine.Linearise<double>(model, data, loss);
        Assert.That(engine.Evaluate(model, data, loss, Precision.Double).Loss, Is.EqualTo(at.Loss).Within(1e-13 * at.Loss), Networks[index].Name);
    }

    private static (Model Model, Dataset Data) Sample(Network network)
    {
        var (model, data) = Nets.Random(network, 7, 11, network.Output.Size <= 3);
        double[] buffers = [.. Enumerable.Range(0, (int)network.BufferCount).Select(i => 0.4 + (0.3 * Math.Sin(i)))];
        return (new(network, model.Parameters, Precision.Double, buffers), data);
    }
}
