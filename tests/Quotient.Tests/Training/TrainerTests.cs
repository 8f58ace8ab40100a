using System.Diagnostics;
using System.Numerics;
using NUnit.Framework;
using Quotient.Backends;
using Quotient.Data;
using Quotient.Tests.Linearisation;
using Quotient.Training;
using Quotient.Training.Optimisers;
using Quotient.Training.Starts;

namespace Quotient.Tests.Training;

public class TrainerTests
{
    private static readonly Optimiser[] Optimisers =
    [
        new Sgd(0.05, WeightDecay: 1e-4), new Adam(0.01), new Sam(new Sgd(0.05)), new Asam(new Sgd(0.05)), new Replicated(new Sgd(0.05), 20),
        new Adversarial(new Sgd(0.1, 0), new Sgd(0.05), MostEpochs: 3),
    ];

    [Test]
    public void A_step_by_hand()
    {
        // One weight w = 2, no bias, one sample x = 3 with target 1: L = ½(3w − 1)², dL/dw = 3(3w − 1) = 15.
        var data = Dataset.Regression("one", new(1), SampleStore.Doubles(new double[] { 3 }, 1), SampleStore.Doubles(new double[] { 1 }, 1));
        var model = new Model(Network.Mlp([1, 1], bias: false), [2], Precision.Double);
        using var engine = Engine.Open();
        double After(Optimiser optimiser, int epochs) => Trainer.Run<double>(
            engine, model, data, null, new() { Loss = Loss.SquaredError, Epochs = epochs, Optimiser = optimiser }).Model.Parameters[0];

        Assert.Multiple(() =>
        {
            Assert.That(After(new Sgd(0.01, 0, false), 1), Is.EqualTo(2 - 0.15).Within(1e-15));
            // g = 15 + 0.5·2 = 16; m = 16; Nesterov: g + 0.9 m = 30.4.
            Assert.That(After(new Sgd(0.01, 0.9, true, 0.5), 1), Is.EqualTo(2 - 0.304).Within(1e-15));
            // Then w = 1.85, g = 13.65, m = 0.9·15 + 13.65 = 27.15.
            Assert.That(After(new Sgd(0.01, 0.9, false), 2), Is.EqualTo(1.85 - 0.2715).Within(1e-15));
            // The first step of Adam is the rate, whatever the gradient.
            Assert.That(After(new Adam(0.01, Epsilon: 1e-300), 1), Is.EqualTo(1.99).Within(1e-15));
        });
    }

    [Test]
    public void The_gradient_of_a_mini_batch_is_that_of_a_linearisation(
        [Values] bool classes, [Values(0, 1)] long budget, [ValueSource(typeof(Nets), nameof(Nets.Devices))] string device)
    {
        var (model, data) = classes ? TrainingCases.Classes() : TrainingCases.Regression();
        var loss = classes ? Loss.CrossEntropy : Loss.SquaredError;
        var probe = new Probe(20, 3);
        using var engine = Engine.Open(device);
        Trainer.Run<double>(engine, model, data, null, new()
        {
            Loss = loss,
            Epochs = 1,
            BatchSize = 50,
            Shuffled = false,
            Optimiser = probe,
            MemoryBudget = budget,
        });
        // The last batch has the three samples that are left of 203.
        Assert.That(probe.Gradients, Has.Count.EqualTo(5));
        foreach (var (index, gradient) in probe.Gradients.Index())
        {
            var batch = data.Slice(50 * index, Math.Min(50, 203 - (50 * index)), "batch");
            using var at = engine.Linearise<double>(model, batch, loss);
            Assert.That(TrainingCases.SameBits(gradient, at.Gradient()), $"batch {index}");
        }
    }

    [Test]
    public void A_mini_batch_larger_than_a_pass_goes_through_in_pieces()
    {
        // 64 samples a pass: its widest signal would otherwise leave the cache.
        var network = Network.Mlp([3, 1 << 14, 2]);
        var (model, data) = Nets.Random(network, 150, 5, true);
        var probe = new Probe(1, 1);
        using var engine = Engine.Open();
        Trainer.Run<double>(engine, model, data, null, new() { Epochs = 1, BatchSize = 1000, Shuffled = false, Optimiser = probe });
        using var whole = engine.Linearise<double>(model, data, Loss.CrossEntropy, new() { ChunkSize = 150 });
        Close.Check(probe.Gradients.Single(), whole.Gradient(), 1e-13, "gradient");
    }

    [Test]
    public void The_same_seed_gives_the_same_bits_and_another_seed_others([ValueSource(nameof(Optimisers))] Optimiser optimiser)
    {
        var (model, data) = TrainingCases.Classes();
        using var engine = Engine.Open();
        double[] Parameters(ulong seed, long budget) => Trainer.Run(
            engine, model, data, null, new() { Epochs = 3, BatchSize = 32, Optimiser = optimiser, Seed = seed, MemoryBudget = budget })
            .Model.Parameters;

        Assert.Multiple(() =>
        {
            Assert.That(TrainingCases.SameBits(Parameters(1, 0), Parameters(1, 0)));
            Assert.That(TrainingCases.SameBits(Parameters(1, 0), Parameters(1, 1)), "streamed from the host");
            Assert.That(TrainingCases.SameBits(Parameters(1, 0), Parameters(2, 0)), Is.False);
        });
    }

    [Test]
    public void Records_are_evaluations_at_the_end_of_their_epochs()
    {
        var (model, data) = TrainingCases.Classes();
        var test = data.Slice(150, 53, "test");
        using var engine = Engine.Open();
        var options = new TrainingOptions { Epochs = 5, BatchSize = 32, EvaluateEvery = 2 };
        var result = Trainer.Run(engine, model, data, test, options);
        Assert.That(result.Epochs.Select(epoch => epoch.Epoch), Is.EqualTo([2, 4, 5]));
        Assert.That(result.Steps, Is.EqualTo(5 * 7));
        var at4 = Trainer.Run(engine, model, data, test, options with { Epochs = 4 });
        using var train = engine.Linearise(at4.Model, data);
        using var held = engine.Linearise(at4.Model, test);
        Assert.Multiple(() =>
        {
            Assert.That(result.Epochs[1].TrainLoss, Is.EqualTo(train.Loss).Within(1e-12));
            Assert.That(result.Epochs[1].TrainError, Is.EqualTo(train.Error));
            Assert.That(result.Epochs[1].TestLoss, Is.EqualTo(held.Loss).Within(1e-12));
            Assert.That(result.Epochs[1].TestError, Is.EqualTo(held.Error));
            Assert.That(at4.Epochs[^1], Is.EqualTo(result.Epochs[1]));
        });
    }

    [Test]
    public void Digits_are_learnt([ValueSource(nameof(Optimisers))] Optimiser optimiser)
    {
        var (train, test) = TrainingCases.Digits();
        var model = Model.Initialise(Network.Mlp([64, 64, 10]), Initialisation.He, 1);
        using var engine = Engine.Open();
        var result = Trainer.Run(engine, model, train, test, new() { Epochs = 20, BatchSize = 64, Optimiser = optimiser, EvaluateEvery = 20 });
        Assert.Multiple(() =>
        {
            Assert.That(result.Epochs[^1].TestError, Is.LessThan(0.05));
            Assert.That(result.Epochs[^1].TrainError, Is.LessThan(0.02));
        });
    }

    [Test]
    public void Regression_lowers_the_loss_and_has_no_errors()
    {
        var (model, data) = TrainingCases.Regression();
        using var engine = Engine.Open();
        var result = Trainer.Run(
            engine, model, data, data, new() { Loss = Loss.SquaredError, Epochs = 60, BatchSize = 32, Optimiser = new Adam(0.01) });
        Assert.Multiple(() =>
        {
            Assert.That(result.Epochs[^1].TrainLoss, Is.LessThan(0.1 * result.Epochs[0].TrainLoss));
            Assert.That(result.Epochs[^1].TrainError, Is.NaN);
            Assert.That(result.Epochs[^1].TestError, Is.Null);
        });
    }

    [Test]
    public void It_stops_where_no_training_error_is_left()
    {
        var (model, data) = TrainingCases.Classes();
        using var engine = Engine.Open();
        var result = Trainer.Run(
            engine, model, data.Slice(0, 40, "few"), null,
            new() { Epochs = 1000, BatchSize = 10, Optimiser = new Adam(0.01), StopAtZeroTrainError = true });
        Assert.Multiple(() =>
        {
            Assert.That(result.LastEpoch, Is.LessThan(1000));
            Assert.That(result.Epochs[^1].TrainError, Is.Zero);
            Assert.That(result.Epochs[^2].TrainError, Is.GreaterThan(0));
        });
    }

    [Test]
    public void Cancelled_training_stops_within_a_second()
    {
        var (_, data) = TrainingCases.Classes(samples: 20000);
        var model = Model.Initialise(Network.Mlp([6, 256, 256, 3]), Initialisation.He, 1);
        using var engine = Engine.Open();
        using var source = new CancellationTokenSource();
        var watch = new Stopwatch();
        var optimiser = new Watched(new Sgd(), number =>
        {
            if (number == 5)
            {
                watch.Start();
                source.Cancel();
            }
        });
        var options = new TrainingOptions { Epochs = 100000, Optimiser = optimiser };
        Assert.Throws<OperationCanceledException>(() => Trainer.Run(engine, model, data, null, options, null, source.Token));
        Assert.That(watch.Elapsed, Is.GreaterThan(TimeSpan.Zero).And.LessThan(TimeSpan.FromSeconds(1)));
    }

    [Test]
    public void The_running_loss_is_that_where_steps_begin_however_many_gradients_they_take()
    {
        var (model, data) = TrainingCases.Classes();
        using var engine = Engine.Open();
        double RunningLoss(int times)
        {
            var seen = new List<TrainingProgress>();
            Trainer.Run<double>(
                engine, model, data, null, new() { Epochs = 1, BatchSize = 50, Optimiser = new Probe(5, times) }, new Listener(seen));
            return seen[^1].RunningLoss!.Value;
        }

        using var at = engine.Linearise<double>(model, data);
        Assert.That(RunningLoss(1), Is.EqualTo(at.Loss).Within(1e-14));
        Assert.That(RunningLoss(3), Is.EqualTo(RunningLoss(1)));
    }

    [Test]
    public void Progress_counts_to_one()
    {
        var (model, data) = TrainingCases.Classes();
        var seen = new List<TrainingProgress>();
        using var engine = Engine.Open();
        Trainer.Run(engine, model, data, null, new() { Epochs = 3, BatchSize = 32 }, new Listener(seen));
        Assert.Multiple(() =>
        {
            Assert.That(seen.Select(progress => progress.Done), Is.Ordered.And.All.InRange(0, 1));
            Assert.That(seen[^1].Done, Is.EqualTo(1));
            Assert.That(seen[^1].Last!.Epoch, Is.EqualTo(3));
            Assert.That(seen[^1].RunningLoss, Is.GreaterThan(seen[^1].Last!.TrainLoss));
            Assert.That(seen.Where(progress => progress.Step == 7).Select(progress => progress.Epoch), Is.EqualTo([1, 2, 3]));
        });
    }

    private sealed class Listener(List<TrainingProgress> seen) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => seen.Add(value);
    }

    /// <summary>Keeps gradients and leaves θ where it is; between, it takes others that must not matter.</summary>
    private sealed record Probe(int Most, int Times) : Optimiser(1)
    {
        public List<double[]> Gradients { get; } = [];

        public override string Text => "probe";

        public override IOptimiser<T> Start<T>(OptimiserContext<T> context) => new AtWork<T>(this, context);

        private sealed class AtWork<T>(Probe probe, OptimiserContext<T> context) : IOptimiser<T>
            where T : unmanaged, IFloatingPointIeee754<T>
        {
            private readonly DeviceBuffer<T> _gradient = context.NewVector();

            public IReadOnlyList<(string Name, VectorView<T> Values)> State => [];

            public void Step(IObjective<T> objective, VectorView<T> theta, StepPlace place, CancellationToken cancellationToken)
            {
                Assert.That(place.Number, Is.InRange(1, probe.Most));
                for (int time = 0; time < probe.Times; time++)
                {
                    objective.Gradient(theta, _gradient.All, cancellationToken);
                }

                probe.Gradients.Add(Array.ConvertAll(Nets.Read(context.Backend, _gradient.All), double.CreateChecked));
            }

            public void Dispose() => _gradient.Dispose();
        }
    }
}
