using NUnit.Framework;
using Quotient.Data;
using Quotient.Training;
using Quotient.Training.Optimisers;
using Quotient.Training.Starts;

namespace Quotient.Tests.Training;

public class AdversarialTests
{
    private const int Samples = 500, Width = 41, Copies = 3, Classes = 4;

    [Test]
    public void A_tenth_of_the_values_is_zeroed_and_the_rest_stays()
    {
        var data = Data();
        double[] before = Inputs(data), after = Inputs(CorruptedSamples.Of(data, Copies, 0.1, 1));
        Assert.That(after, Has.Length.EqualTo(Copies * before.Length));
        int[] zeroed = [.. Enumerable.Range(0, after.Length).Where(i => after[i] == 0)];
        Assert.Multiple(() =>
        {
            // 61,500 values: the standard deviation of the share is 0.0012.
            Assert.That((double)zeroed.Length / after.Length, Is.EqualTo(0.1).Within(0.005));
            Assert.That(Enumerable.Range(0, after.Length).All(i => after[i] == 0 || after[i] == before[i % before.Length]));
            // Places of zeros are independent of sample and copy.
            for (int place = 0; place < Width; place++)
            {
                Assert.That(zeroed.Count(i => i % Width == place) / (double)(Copies * Samples), Is.EqualTo(0.1).Within(0.035));
            }

            int both = zeroed.Count(i => i < before.Length && after[i + before.Length] == 0);
            Assert.That((double)both / before.Length, Is.EqualTo(0.01).Within(0.003));
        });
    }

    [Test]
    public void Labels_are_drawn_from_all_classes_alike_and_know_nothing_of_the_true_ones()
    {
        var data = Data();
        int[] labels = CorruptedSamples.Of(data, Copies, 0.1, 1).Labels.ToArray();
        Assert.Multiple(() =>
        {
            for (int c = 0; c < Classes; c++)
            {
                Assert.That(labels.Count(label => label == c) / (double)labels.Length, Is.EqualTo(0.25).Within(0.05));
            }

            int right = Enumerable.Range(0, labels.Length).Count(i => labels[i] == data.Labels[i % Samples]);
            Assert.That(right / (double)labels.Length, Is.EqualTo(0.25).Within(0.05));
            int same = Enumerable.Range(0, Samples).Count(i => labels[i] == labels[i + Samples]);
            Assert.That(same / (double)Samples, Is.EqualTo(0.25).Within(0.08));
        });
    }

    [Test]
    public void Copies_are_a_function_of_the_seed_and_can_be_read_in_parts()
    {
        var data = Data();
        var corrupted = CorruptedSamples.Of(data, Copies, 0.1, 1);
        double[] whole = Inputs(corrupted), part = new double[7 * Width];
        corrupted.Slice(300, 900, "part").CopyInputs(250, 7, part.AsSpan());
        Assert.Multiple(() =>
        {
            Assert.That(part, Is.EqualTo(whole[(550 * Width)..(557 * Width)]));
            Assert.That(Inputs(CorruptedSamples.Of(data, Copies, 0.1, 1)), Is.EqualTo(whole));
            Assert.That(Inputs(CorruptedSamples.Of(data, Copies, 0.1, 2)), Is.Not.EqualTo(whole));
            Assert.That(CorruptedSamples.Of(data, Copies, 0.1, 2).Labels.ToArray(), Is.Not.EqualTo(corrupted.Labels.ToArray()));
            Assert.That(Inputs(CorruptedSamples.Of(data, 1, 0, 1)), Is.EqualTo(Inputs(data)));
            Assert.That(Inputs(CorruptedSamples.Of(data, 1, 1, 1)), Is.All.Zero);
        });
    }

    [Test]
    public void The_start_ends_when_the_copies_are_learnt_and_the_truth_is_learnt_from_there()
    {
        var (model, data) = TrainingCases.Classes(samples: 24);
        using var engine = Engine.Open();
        var stages = new List<string?>();
        var options = new TrainingOptions
        {
            Epochs = 60,
            BatchSize = 8,
            Optimiser = new Adversarial(new Adam(0.01), new Adam(0.01), MostEpochs: 1000, BatchSize: 8),
        };
        var result = Trainer.Run(engine, model, data, null, options, new Listener(stages));
        var atStart = Trainer.Run(engine, model, data, null, options with { Epochs = 0 }).Model;
        var copies = CorruptedSamples.Of(data, 1, 0.1, DerivedSeed.OfAdversarialStart(0));
        Assert.Multiple(() =>
        {
            Assert.That(result.Log.Start!.IsReached);
            Assert.That(result.Log.Start.Error, Is.Zero);
            Assert.That(result.Log.Start.Epochs, Is.GreaterThan(1).And.LessThan(1000));
            Assert.That(Error(engine, atStart, copies), Is.Zero);
            Assert.That(Error(engine, atStart, data), Is.GreaterThan(0.3));
            Assert.That(result.Epochs[^1].TrainError, Is.Zero);
            Assert.That(stages.Distinct(), Is.EqualTo(new[] { "adversarial start", null }));
        });
    }

    [Test]
    public void A_start_that_does_not_get_there_is_said_so_in_the_model()
    {
        var (model, data) = TrainingCases.Classes();
        using var engine = Engine.Open();
        var result = Trainer.Run(
            engine, model, data, null, new() { Epochs = 1, Optimiser = new Adversarial(new Sgd(0.1, 0), new Sgd(), MostEpochs: 2) });
        using var folder = new ScratchFolder();
        result.Model.Save(folder.At("net"));
        var start = TrainingLog.Of(Model.Load(folder.At("net")))!.Start!;
        Assert.Multiple(() =>
        {
            Assert.That(start, Is.EqualTo(result.Log.Start));
            Assert.That(start.IsReached, Is.False);
            Assert.That(start.Epochs, Is.EqualTo(2));
            Assert.That(start.Error, Is.GreaterThan(0.3));
            Assert.That(start.Wanted, Is.EqualTo(1e-4));
        });
    }

    [Test]
    public void Resuming_another_start_is_refused()
    {
        var (model, data) = TrainingCases.Classes();
        using var engine = Engine.Open();
        using var folder = new ScratchFolder();
        using var source = new CancellationTokenSource();
        var first = new Watched(new Sgd(0.1, 0), number =>
        {
            if (number == 3)
            {
                source.Cancel();
            }
        });
        var options = new TrainingOptions { Optimiser = new Adversarial(first, new Sgd()), Checkpoint = folder.At("state") };
        Assert.Throws<OperationCanceledException>(
            () => Trainer.Run(engine, model, data, null, options, cancellationToken: source.Token));
        Assert.That(folder.Files, Is.EqualTo(new[] { "state.start" }));
        void Refused(Adversarial changed, ulong seed, string because) => Assert.That(
            Assert.Throws<QuotientException>(() => Trainer.Run(
                engine, model, data, null, options with { Optimiser = changed, Resume = true, Seed = seed }))!.Message,
            Does.Contain("state.start").And.Contain(because));

        Assert.Multiple(() =>
        {
            Refused(new(new Sgd(0.2, 0), new Sgd()), 0, "the optimiser is");
            Refused(new(new Sgd(0.1, 0), new Sgd(), 2), 0, "other training data");
            Refused(new(new Sgd(0.1, 0), new Sgd(), Zeroed: 0.2), 0, "other training data");
            Refused(new(new Sgd(0.1, 0), new Sgd()), 1, "order of the samples");
        });
    }

    private static double Error(Engine engine, Model model, Dataset data) =>
        Quotient.Linearisation.Evaluation.Run<float>(engine, model, data).Error!.Value;

    private static Dataset Data()
    {
        var random = new Random(1);
        double[] inputs = [.. Enumerable.Range(0, Samples * Width).Select(_ => 0.5 + random.NextDouble())];
        int[] labels = [.. Enumerable.Range(0, Samples).Select(_ => random.Next(Classes))];
        return Dataset.Classification("random", new(Width), SampleStore.Doubles(inputs, Width), labels, Classes);
    }

    private static double[] Inputs(Dataset data)
    {
        double[] inputs = new double[data.Count * data.Sample.Size];
        data.CopyInputs(0, data.Count, inputs.AsSpan());
        return inputs;
    }

    private sealed class Listener(List<string?> stages) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => stages.Add(value.Stage);
    }
}
