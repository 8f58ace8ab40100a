using NUnit.Framework;

namespace Quotient.Tests.Networks;

/// <summary>How convolutions, batch norm and binary kernels begin.</summary>
public class ZooInitialisationTests
{
    private static readonly Network Net = Network.Parse("conv:24x8x8,60c5x3,bn,relu,gap,3");

    private static readonly Network Binary = Network.Parse("binary:conv:24x8x8,60c5x3,bn,relu,gap,3");

    private const double FanIn = 24 * 15, FanOut = 60 * 15;

    [TestCase(Initialisation.He, 2 / FanIn)]
    [TestCase(Initialisation.GlorotNormal, 2 / (FanIn + FanOut))]
    [TestCase(Initialisation.GlorotUniform, 2 / (FanIn + FanOut))]
    [TestCase(Initialisation.PyTorch, 1 / (3 * FanIn))]
    public void The_fan_in_of_a_kernel_is_inputs_times_places(Initialisation initialisation, double variance)
    {
        double[] weights = Tensor(Model.Initialise(Net, initialisation, 5, Precision.Double), "0.weight");
        double[] squares = [.. weights.Select(weight => weight * weight)];
        double meanSquare = squares.Average(), deviation = Math.Sqrt(squares.Average(square => Math.Pow(square - meanSquare, 2)));
        Assert.Multiple(() =>
        {
            Assert.That(weights, Has.Length.EqualTo(60 * 24 * 15));
            Assert.That(weights.Average(), Is.EqualTo(0).Within(4 * Math.Sqrt(variance / weights.Length)));
            Assert.That(meanSquare, Is.EqualTo(variance).Within(4 * deviation / Math.Sqrt(weights.Length)));
        });
    }

    [Test]
    public void The_bias_of_a_convolution_has_its_kernels_fan_in_in_PyTorchs_and_is_zero_in_others([Values] Initialisation initialisation)
    {
        double[] bias = Tensor(Model.Initialise(Net, initialisation, 6, Precision.Double), "0.bias");
        double bound = initialisation == Initialisation.PyTorch ? 1 / Math.Sqrt(FanIn) : 0;
        Assert.That(bias.Max(Math.Abs), Is.InRange(bound * 0.8, bound));
    }

    [Test]
    public void Batch_norm_begins_as_the_identity_of_normalised_values([Values] Initialisation initialisation)
    {
        foreach (var network in new[] { Net, Binary })
        {
            var model = Model.Initialise(network, initialisation, 7);
            Assert.Multiple(() =>
            {
                Assert.That(Tensor(model, "1.weight"), Is.All.EqualTo(1));
                Assert.That(Tensor(model, "1.bias"), Is.All.EqualTo(0));
                Assert.That(model.Buffers, Is.EqualTo(Enumerable.Repeat(0.0, 60).Concat(Enumerable.Repeat(1.0, 60))));
            });
        }
    }

    [Test]
    public void Shadow_weights_of_binary_kernels_fill_the_interval([Values] Initialisation initialisation)
    {
        double[] weights = Tensor(Model.Initialise(Binary, initialisation, 8, Precision.Double), "0.weight");
        Assert.Multiple(() =>
        {
            Assert.That(weights.Average(weight => weight * weight), Is.EqualTo(1.0 / 3).Within(4 * Math.Sqrt(4 / 45.0 / weights.Length)));
            Assert.That(weights.Max(Math.Abs), Is.InRange(0.99, 1));
        });
    }

    private static double[] Tensor(Model model, string name)
    {
        var tensor = model.Network.Tensors.Single(tensor => tensor.Name == name);
        return model.Parameters[(int)tensor.Offset..(int)(tensor.Offset + tensor.Size)];
    }
}
