using NUnit.Framework;
using Quotient.Training;
using Quotient.Training.Optimisers;
using Quotient.Training.Starts;

namespace Quotient.Tests.Training;

public class BinaryTrainingTests
{
    private static readonly Optimiser[] Optimisers =
        [new BinaryNet(10), new Replicated(new BinaryNet(10), 20), new Adversarial(new BinaryNet(10), new BinaryNet(10), MostEpochs: 3)];

    [Test]
    public void Digits_are_learnt_in_binary([ValueSource(nameof(Optimisers))] Optimiser optimiser)
    {
        var (train, test) = TrainingCases.Digits();
        var model = Model.Initialise(Network.Parse("binary:64-101-10"), Initialisation.He, 1);
        using var engine = Engine.Open();
        var result = Trainer.Run(engine, model, train, test, new() { Epochs = 20, BatchSize = 64, Optimiser = optimiser, EvaluateEvery = 20 });
        Assert.Multiple(() =>
        {
            Assert.That(result.Epochs[^1].TestError, Is.LessThan(0.12));
            Assert.That(result.Epochs[^1].TrainError, Is.LessThan(0.06));
            Assert.That(result.Model.Parameters, Is.All.InRange(-1, 1));
        });
    }

    [Test]
    public void The_same_seed_gives_the_same_bits_in_binary([ValueSource(nameof(Optimisers))] Optimiser optimiser)
    {
        var (model, data) = TrainingCases.Binary(realFirst: true);
        using var engine = Engine.Open();
        double[] Parameters(ulong seed) => Trainer.Run(
            engine, model, data, null, new() { Epochs = 3, BatchSize = 32, Optimiser = optimiser, Seed = seed }).Model.Parameters;

        Assert.Multiple(() =>
        {
            Assert.That(TrainingCases.SameBits(Parameters(1), Parameters(1)));
            Assert.That(TrainingCases.SameBits(Parameters(1), Parameters(2)), Is.False);
        });
    }
}
