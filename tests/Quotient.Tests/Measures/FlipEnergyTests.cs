using NUnit.Framework;
using Quotient.Data;
using Quotient.Linearisation;
using Quotient.Measures;
using Quotient.Tests.Linearisation;

namespace Quotient.Tests.Measures;

/// <summary>Energies of flips against one evaluation a flip, and against exact expectations.</summary>
[TestFixtureSource(typeof(Nets), nameof(Nets.Devices))]
public class FlipEnergyTests(string device)
{
    private static readonly string[] Architectures =
        ["binary:7-5-9-3", "binary,relu:7-5-9-3", "binary,real-first:6-9-5-3", "binary,binary-input=0.1:9-7-5-3", "binary:6-4",
        "binary,relu,real-first,binary-input=0:9-7-5-3"];

    private Engine _engine = null!;

    [OneTimeSetUp]
    public void Open() => _engine = Engine.Open(device);

    [OneTimeTearDown]
    public void Close() => _engine.Dispose();

    [TestCaseSource(nameof(Architectures))]
    public void Each_single_flip_is_what_an_evaluation_of_that_network_finds(string architecture)
    {
        var (model, data) = Make(architecture);
        var found = FlipEnergy.Single<double>(_engine, model, data, new() { Count = int.MaxValue });
        var places = model.Network.Tensors.Where(tensor => tensor.IsBinary)
            .SelectMany(tensor => Enumerable.Range(0, (int)tensor.Size).Select(i => tensor.Offset + i)).ToArray();
        Assert.That(found.Flips.Select(flip => flip.Index), Is.EqualTo(places));
        var start = Evaluation.Run<double>(_engine, model, data);
        Assert.That(found.Base.Loss, Is.EqualTo(start.Loss).Within(1e-14));
        foreach (var flip in found.Flips)
        {
            double[] parameters = [.. model.AtBinaryWeights().Parameters];
            parameters[flip.Index] *= -1;
            var wanted = Evaluation.Run<double>(_engine, new(model.Network, parameters), data);
            Assert.That(flip.Loss, Is.EqualTo(wanted.Loss - start.Loss).Within(1e-13), $"weight {flip.Index}");
            Assert.That(flip.Error, Is.EqualTo(wanted.Error - start.Error).Within(1e-13), $"weight {flip.Index}");
        }
    }

    [Test]
    public void A_sample_of_single_flips_is_some_of_them_all()
    {
        var (model, data) = Make("binary:7-5-9-3");
        var all = FlipEnergy.Single<double>(_engine, model, data, new() { Count = 1000 }).Flips;
        var some = FlipEnergy.Single<double>(_engine, model, data, new() { Count = 20, Seed = 4 }).Flips;
        Assert.That(some, Has.Count.EqualTo(20));
        Assert.That(some, Is.SubsetOf(all));
        Assert.That(some, Is.EqualTo(FlipEnergy.Single<double>(_engine, model, data, new() { Count = 20, Seed = 4 }).Flips));
        Assert.That(some, Is.Not.EqualTo(FlipEnergy.Single<double>(_engine, model, data, new() { Count = 20, Seed = 5 }).Flips));
    }

    [TestCaseSource(nameof(Architectures))]
    public void Flipping_nothing_changes_nothing_and_flipping_all_gives_the_negated_net(string architecture)
    {
        var (model, data) = Make(architecture);
        var found = FlipEnergy.Random<double>(_engine, model, data, new() { Probabilities = [0, 1], Draws = 3 });
        double[] negated = [.. model.AtBinaryWeights().Parameters];
        foreach (var tensor in model.Network.Tensors.Where(tensor => tensor.IsBinary))
        {
            for (long i = tensor.Offset; i < tensor.Offset + tensor.Size; i++)
            {
                negated[i] *= -1;
            }
        }

        var wanted = Evaluation.Run<double>(_engine, new(model.Network, negated), data);
        Assert.That(found.Points[0], Is.EqualTo(new RandomFlipPoint(0, 3, new(0, 0), new(0, 0))));
        Assert.That(found.Points[1].Loss.Mean, Is.EqualTo(wanted.Loss - found.Base.Loss).Within(1e-13));
        Assert.That(found.Points[1].Loss.StandardError, Is.EqualTo(0).Within(1e-13));
        Assert.That(found.Points[1].Error!.Value.Mean, Is.EqualTo(wanted.Error - found.Base.Error).Within(1e-13));
    }

    [Test]
    public void The_mean_over_draws_is_the_expectation_over_all_choices_of_flips([Values(0.1, 0.35)] double p)
    {
        var (model, data) = Make("binary:3-2-2");
        int count = (int)model.Network.ParameterCount;
        var start = Evaluation.Run<double>(_engine, model, data);
        double expectation = 0;
        for (int choice = 0; choice < 1 << count; choice++)
        {
            double[] parameters = [.. model.AtBinaryWeights().Parameters];
            double probability = 1;
            for (int i = 0; i < count; i++)
            {
                bool flipped = ((choice >> i) & 1) == 1;
                parameters[i] *= flipped ? -1 : 1;
                probability *= flipped ? p : 1 - p;
            }

            expectation += probability * (Evaluation.Run<double>(_engine, new(model.Network, parameters), data).Loss - start.Loss);
        }

        var found = FlipEnergy.Random<double>(_engine, model, data, new() { Probabilities = [p], Draws = 800, Seed = 3 }).Points[0].Loss;
        Assert.That(found.StandardError, Is.LessThan(0.2 * Math.Abs(expectation)));
        Assert.That(found.Mean, Is.EqualTo(expectation).Within(4 * found.StandardError));
    }

    [Test]
    public void Every_device_flips_the_same_weights()
    {
        var (model, data) = Make("binary:7-5-9-3");
        var options = new RandomFlipOptions { Probabilities = [0.05, 0.3], Draws = 5, Seed = 9 };
        using var other = Engine.Open("reference");
        var (found, wanted) = (FlipEnergy.Random<double>(_engine, model, data, options), FlipEnergy.Random<double>(other, model, data, options));
        foreach (var (one, two) in found.Points.Zip(wanted.Points))
        {
            Assert.That(one.Loss.Mean, Is.EqualTo(two.Loss.Mean).Within(1e-12));
            Assert.That(one.Error, Is.EqualTo(two.Error));
        }
    }

    [Test]
    public void What_makes_no_sense_is_refused()
    {
        var (model, data) = Make("binary:7-5-9-3");
        Assert.That(() => FlipEnergy.Random<double>(_engine, model, data, new() { Probabilities = [1.5] }), Throws.TypeOf<QuotientException>());
        Assert.That(() => FlipEnergy.Random<double>(_engine, model, data, new() { Draws = 0 }), Throws.TypeOf<QuotientException>());
        Assert.That(() => FlipEnergy.Single<double>(_engine, model, data, new() { Count = 0 }), Throws.TypeOf<QuotientException>());
        var relu = Model.Initialise(Network.Mlp([7, 3]), Initialisation.He, 1);
        Assert.That(
            () => FlipEnergy.Single<double>(_engine, relu, data), Throws.TypeOf<QuotientException>().With.Message.Contains("no binary weights"));
    }

    private static (Model Model, Dataset Data) Make(string architecture)
    {
        var network = Network.Parse(architecture);
        return (Model.Initialise(network, Initialisation.He, 11, Precision.Double), Nets.Random(network, 23, 6, true).Data);
    }
}
