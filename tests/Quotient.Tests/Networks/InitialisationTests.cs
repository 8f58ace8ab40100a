using System.Text.Json;
using NUnit.Framework;

namespace Quotient.Tests.Networks;

public class InitialisationTests
{
    private static readonly Network Net = Network.Mlp([300, 200, 50]);

    [TestCase(Initialisation.He, 2.0 / 300)]
    [TestCase(Initialisation.GlorotNormal, 2.0 / 500)]
    [TestCase(Initialisation.GlorotUniform, 2.0 / 500)]
    [TestCase(Initialisation.PyTorch, 1.0 / (3 * 300))]
    public void Weights_have_mean_zero_and_the_variance_of_their_fans(Initialisation initialisation, double variance)
    {
        double[] weights = Tensor(Model.Initialise(Net, initialisation, 5, Precision.Double), "0.weight");
        double mean = weights.Average();
        double[] squares = [.. weights.Select(weight => weight * weight)];
        double meanSquare = squares.Average();
        double deviation = Math.Sqrt(squares.Average(square => Math.Pow(square - meanSquare, 2)));
        Assert.Multiple(() =>
        {
            Assert.That(mean, Is.EqualTo(0).Within(4 * Math.Sqrt(variance / weights.Length)));
            Assert.That(meanSquare, Is.EqualTo(variance).Within(4 * deviation / Math.Sqrt(weights.Length)));
        });
    }

    [TestCase(Initialisation.He)]
    [TestCase(Initialisation.GlorotNormal)]
    public void Normal_weights_have_the_kurtosis_of_a_normal_distribution(Initialisation initialisation)
    {
        double[] weights = Tensor(Model.Initialise(Net, initialisation, 6, Precision.Double), "0.weight");
        double variance = weights.Average(weight => weight * weight);
        double kurtosis = weights.Average(weight => Math.Pow(weight, 4)) / (variance * variance);
        Assert.That(kurtosis, Is.EqualTo(3).Within(4 * Math.Sqrt(24.0 / weights.Length)));
    }

    [TestCase(Initialisation.GlorotUniform, 500 / 6.0)]
    [TestCase(Initialisation.PyTorch, 300.0)]
    public void Uniform_weights_fill_their_bounds(Initialisation initialisation, double inverseSquare)
    {
        double bound = 1 / Math.Sqrt(inverseSquare);
        double[] weights = Tensor(Model.Initialise(Net, initialisation, 7, Precision.Double), "0.weight");

        // Of n uniform values the largest falls short of the bound by more than 20/n of the range once in e²⁰ draws.
        double slack = 2 * bound * 20 / weights.Length;
        Assert.Multiple(() =>
        {
            Assert.That(weights.Max(), Is.InRange(bound - slack, bound));
            Assert.That(weights.Min(), Is.InRange(-bound, -bound + slack));
        });
    }

    [Test]
    public void Biases_are_zero_but_for_PyTorchs() => Assert.Multiple(() =>
    {
        foreach (var initialisation in Enum.GetValues<Initialisation>().Except([Initialisation.PyTorch]))
        {
            Assert.That(Tensor(Model.Initialise(Net, initialisation, 8), "0.bias"), Is.All.Zero);
        }

        double[] biases = Tensor(Model.Initialise(Net, Initialisation.PyTorch, 8), "2.bias");
        Assert.That(biases, Is.All.InRange(-1 / Math.Sqrt(200), 1 / Math.Sqrt(200)));
        Assert.That(biases.Distinct().Count(), Is.EqualTo(50));
    });

    [Test]
    public void Single_precision_rounds_the_same_numbers() => Assert.Multiple(() =>
    {
        foreach (var initialisation in Enum.GetValues<Initialisation>())
        {
            var single = Model.Initialise(Net, initialisation, 9);
            var wide = Model.Initialise(Net, initialisation, 9, Precision.Double);
            Assert.That(single.Parameters, Is.EqualTo(wide.Parameters.Select(value => (double)(float)value)));
            Assert.That((single.Stored, wide.Stored), Is.EqualTo((Precision.Single, Precision.Double)));
        }
    });

    [Test]
    public void Another_seed_or_tensor_gives_other_numbers()
    {
        var square = Network.Mlp([10, 10, 10]);
        double[] first = Tensor(Model.Initialise(square, Initialisation.He, 1), "0.weight");
        Assert.Multiple(() =>
        {
            Assert.That(Tensor(Model.Initialise(square, Initialisation.He, 1), "0.weight"), Is.EqualTo(first));
            Assert.That(Tensor(Model.Initialise(square, Initialisation.He, 2), "0.weight").Intersect(first), Is.Empty);
            Assert.That(Tensor(Model.Initialise(square, Initialisation.He, 1), "2.weight").Intersect(first), Is.Empty);
        });
    }

    [Test]
    public void A_tensor_of_one_element_is_drawn() =>
        Assert.That(Model.Initialise(Network.Mlp([1, 1]), Initialisation.He, 3).Parameters[0], Is.Not.Zero);

    [Test]
    public void What_no_memory_holds_is_refused() =>
        Assert.That(() => Model.Initialise(Network.Mlp([1 << 20, 1 << 20]), Initialisation.He, 1), Refusal.With("memory"));

    [Test]
    public void An_unknown_initialisation_is_refused() =>
        Assert.That(() => Model.Initialise(Net, (Initialisation)9, 1), Refusal.With("9"));

    /// <summary>
    /// Against a second implementation of the generator. What a seed means must not change: experiments are named by it. Normal
    /// values go through the platform's logarithm and sine, whose last bit may differ, and are compared as floats.
    /// </summary>
    [TestCase(Initialisation.PyTorch, Precision.Double)]
    [TestCase(Initialisation.GlorotUniform, Precision.Double)]
    [TestCase(Initialisation.He, Precision.Single)]
    [TestCase(Initialisation.GlorotNormal, Precision.Single)]
    public void Seeds_keep_their_numbers_to_the_bit(Initialisation initialisation, Precision precision)
    {
        using var golden = JsonDocument.Parse(File.ReadAllText(GoldenFiles.At("seeds.json")));
        ulong seed = golden.RootElement.GetProperty("seed").GetUInt64();
        var expected = golden.RootElement.GetProperty("parameters").GetProperty(initialisation.ToString());
        double[] parameters = Model.Initialise(Network.Mlp([3, 5]), initialisation, seed, precision).Parameters;
        Assert.That(
            parameters.Select(BitConverter.DoubleToInt64Bits),
            Is.EqualTo(expected.EnumerateArray().Select(value => BitConverter.DoubleToInt64Bits(value.GetDouble()))));
    }

    private static double[] Tensor(Model model, string name)
    {
        var tensor = model.Network.Tensors.Single(tensor => tensor.Name == name);
        return model.Parameters[(int)tensor.Offset..(int)(tensor.Offset + tensor.Size)];
    }
}
