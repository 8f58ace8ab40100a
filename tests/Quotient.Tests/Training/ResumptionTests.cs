using NUnit.Framework;
using Quotient.Data;
using Quotient.Training;
using Quotient.Training.Optimisers;
using Quotient.Training.Starts;

namespace Quotient.Tests.Training;

/// <summary>Every way to train, stopped again and again at random steps and resumed, ends with the bits of a run without interruption.</summary>
public class ResumptionTests
{
    // 203 samples: seven steps of 32.
    private const int StepsOfEpoch = 7;

    private static readonly (string Name, bool IsBinary, Func<Func<Optimiser, Optimiser>, Optimiser> Make)[] Trainers =
    [
        ("sgd", false, watch => watch(new Sgd(0.05))),
        ("adam", false, watch => watch(new Adam(0.01))),
        ("sam", false, watch => watch(new Sam(new Sgd(0.05)))),
        ("asam", false, watch => watch(new Asam(new Sgd(0.05)))),
        ("sam-adam", false, watch => watch(new Sam(new Adam(0.01)))),
        ("rsgd", false, watch => watch(new Replicated(new Sgd(0.05), 5))),
        ("replicated-sam", false, watch => watch(new Replicated(new Sam(new Adam(0.01)), 5, 2, 100))),
        ("adv", false, watch => new Adversarial(watch(new Sgd(0.1, 0)), watch(new Sgd(0.05)), 2, MostEpochs: 3, BatchSize: 64)),
        ("adv-rsgd", false, watch => new Adversarial(watch(new Adam(0.01)), watch(new Replicated(new Sgd(0.05), 5)), MostEpochs: 3, BatchSize: 32)),
        ("binarynet", true, watch => watch(new BinaryNet(3))),
        ("binarynet-momentum", true, watch => watch(new BinaryNet(1, 0.9))),
        ("rbinarynet", true, watch => watch(new Replicated(new BinaryNet(3, 0.5), 5))),
        ("adv-binarynet", true, watch => new Adversarial(watch(new BinaryNet(3)), watch(new BinaryNet(3)), MostEpochs: 3, BatchSize: 32)),
    ];

    private static IEnumerable<string> Names => Trainers.Select(trainer => trainer.Name);

    [Test]
    public void A_run_stopped_at_random_steps_ends_with_the_same_bits(
        [ValueSource(nameof(Names))] string name, [Values(1, 2)] int seed, [Values("cpu", "reference")] string device)
    {
        var (_, isBinary, make) = Trainers.Single(trainer => trainer.Name == name);
        var (model, data) = isBinary ? TrainingCases.Binary(realFirst: seed == 2) : TrainingCases.Classes();
        using var folder = new ScratchFolder();
        using var engine = Engine.Open(device);
        var options = new TrainingOptions { Epochs = 5, BatchSize = 32, Seed = (ulong)seed };
        var straight = Trainer.Run(engine, model, data, data, options with { Optimiser = make(inner => inner) });
        options = options with { Checkpoint = folder.At("state") };
        // At least an epoch of each attempt is kept, so that attempts come to an end.
        var random = new Random(seed);
        TrainingResult? result = null;
        int attempts = 0;
        while (result is null)
        {
            int last = random.Next(StepsOfEpoch + 1, 2 * StepsOfEpoch);
            result = Attempt(engine, model, data, options with { Resume = attempts > 0 }, make, last);
            attempts++;
        }

        Assert.Multiple(() =>
        {
            Assert.That(attempts, Is.GreaterThan(2));
            Assert.That(TrainingCases.SameBits(result.Model.Parameters, straight.Model.Parameters));
            Assert.That(result.Epochs, Is.EqualTo(straight.Epochs));
            Assert.That(result.Log.Start, Is.EqualTo(straight.Log.Start));
            Assert.That(folder.Files, Is.EqualTo(new[] { "state" }));
        });
    }

    /// <summary>What a run comes to that is stopped before its step of that number, counted from where it resumes; null if stopped.</summary>
    private static TrainingResult? Attempt(
        Engine engine, Model model, Dataset data, TrainingOptions options, Func<Func<Optimiser, Optimiser>, Optimiser> make, int last)
    {
        using var source = new CancellationTokenSource();
        int steps = 0;
        var optimiser = make(inner => new Watched(inner, _ =>
        {
            if (++steps == last)
            {
                source.Cancel();
            }
        }));
        try
        {
            return Trainer.Run(engine, model, data, data, options with { Optimiser = optimiser }, null, source.Token);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }
}
