using NUnit.Framework;
using Quotient.Data;
using Quotient.Networks;
using Quotient.Tests.Linearisation;
using Quotient.Training;
using Quotient.Training.Optimisers;

namespace Quotient.Tests.Training;

public class ReplicatedTests
{
    private static IEnumerable<TestCaseData> Nets_and_devices() =>
        from architecture in new[] { "6-16-12-3", "binary:6-9-7-3", "binary,relu:6-9-3", "binary,real-first,binary-input=0:6-9-3" }
        from device in Nets.Devices
        from budget in new[] { 0, 1 }
        select new TestCaseData(architecture, device, budget);

    [TestCaseSource(nameof(Nets_and_devices))]
    public void Gradients_of_replicas_at_once_are_those_one_by_one(string architecture, string device, int budget)
    {
        var network = Network.Parse(architecture);
        var data = TrainingCases.Classes().Data;
        double[][] points = Points(network, 3);
        using var engine = Engine.Open(device);
        // The second epoch has orders of its own; the last of its batches is smaller.
        double[][][] Gradients(double[][] at, ulong seed)
        {
            var probe = new GradientsAt(at);
            Trainer.Run<double>(
                engine, new(network, points[0], Precision.Double), data, null,
                new() { Epochs = 2, BatchSize = 60, Optimiser = probe, Seed = seed, MemoryBudget = budget });
            return [.. probe.Found];
        }

        double[][][] together = Gradients(points, 5);
        Assert.That(together, Has.Length.EqualTo(8));
        for (int replica = 0; replica < points.Length; replica++)
        {
            double[][][] alone = Gradients([points[replica]], DerivedSeed.OfReplica(5, replica));
            foreach (var (step, gradient) in alone.Index())
            {
                Close.Check(together[step][replica], gradient[0], 1e-14, $"replica {replica}, step {step}");
            }
        }
    }

    [Test]
    public void Mini_batches_of_replicas_larger_than_a_pass_go_through_in_pieces()
    {
        var network = Network.Mlp([3, 1 << 14, 2]);
        var (model, data) = Nets.Random(network, 150, 5, true);
        double[][] points = Points(network, 2);
        var probe = new GradientsAt(points);
        using var engine = Engine.Open();
        Trainer.Run<double>(engine, model, data, null, new() { Epochs = 1, BatchSize = 1000, Optimiser = probe });
        foreach (var (replica, gradient) in probe.Found.Single().Index())
        {
            using var whole = engine.Linearise<double>(new(network, points[replica], Precision.Double), data);
            Close.Check(gradient, whole.Gradient(), 1e-13, $"replica {replica}");
        }
    }

    [Test]
    public void Replicas_see_other_orders_and_together_every_sample_once_an_epoch()
    {
        var order = new BatchOrder(samples: 11, replicas: 3, batchSize: 5, rows: 2);
        order.Draw(7, 2);
        // Pieces of 2, 2, 1 | 2, 2, 1 | 1 samples a replica.
        int[] pieces = [2, 2, 1, 2, 2, 1, 1];
        var seen = new List<int>[] { [], [], [] };
        int place = 0;
        foreach (int rows in pieces)
        {
            foreach (var replica in seen)
            {
                replica.AddRange(order.Places[place..(place + rows)]);
                place += rows;
            }
        }

        Assert.Multiple(() =>
        {
            Assert.That(place, Is.EqualTo(order.Places.Length));
            foreach (var (replica, own) in seen.Index())
            {
                int[] expected = new int[11];
                Shuffle.Fill(expected, DerivedSeed.OfReplica(7, replica), 2);
                Assert.That(own, Is.EqualTo(expected));
                Assert.That(own.Order(), Is.EqualTo(Enumerable.Range(0, 11)));
            }

            Assert.That(seen[1], Is.Not.EqualTo(seen[0]).And.Not.EqualTo(seen[2]));
        });
    }

    [Test]
    public void The_pull_brings_replicas_to_their_centre_and_not_past_it()
    {
        // One weight, L = ½(3w − 1)² at w = 2 and 1 in both replicas' batches: gradients 15 and 6.
        var data = Dataset.Regression("one", new(1), SampleStore.Doubles(new double[] { 3 }, 1), SampleStore.Doubles(new double[] { 1 }, 1));
        var network = Network.Mlp([1, 1], bias: false);
        using var engine = Engine.Open();
        double Centre(int epochs, double growth) => Trainer.Run<double>(
            engine, new(network, [2], Precision.Double), data, null, new()
            {
                Loss = Loss.SquaredError,
                Epochs = epochs,
                Optimiser = new StartingAt(new Replicated(new Sgd(0.01, 0, false), 2, 2, growth), [[2], [1]]),
            }).Model.Parameters[0];

        // Mean loss (25/2 + 4/2)/2 = 7.25, mean squared distance ¼: g₀ = 29. Weights after a step: 1.85 and 0.94.
        double first = (1.85 + 0.94) / 2, share = 2 * 0.01 * 29;
        double a = 1.85 - (share * (1.85 - first)), b = 0.94 - (share * (0.94 - first));
        double second = (a - (0.03 * ((3 * a) - 1)) + b - (0.03 * ((3 * b) - 1))) / 2;
        Assert.Multiple(() =>
        {
            Assert.That(Centre(1, 1), Is.EqualTo(first).Within(1e-14));
            Assert.That(Centre(2, 1), Is.EqualTo(second).Within(1e-14));
            // However strong, the pull ends at the centre: one weight goes on from there.
            Assert.That(Centre(2, 1e12), Is.EqualTo(first - (0.03 * ((3 * first) - 1))).Within(1e-14));
        });
    }

    [Test]
    public void Replicas_start_apart_and_end_together()
    {
        var (model, data) = TrainingCases.Classes();
        using var folder = new ScratchFolder();
        using var engine = Engine.Open();
        double[] Distances(int epochs)
        {
            var options = new TrainingOptions
            {
                Epochs = epochs,
                BatchSize = 32,
                Optimiser = new Replicated(new Sgd(0.1), 10),
                Checkpoint = folder.At("state"),
            };
            var centre = Trainer.Run<double>(engine, model, data, null, options).Model.Parameters;
            using var file = new Safetensors(File.OpenRead(folder.At("state")));
            var stored = file.Tensors.Single(tensor => tensor.Name == "optimiser.replicas");
            double[] replicas = new double[stored.Size];
            file.Read(stored, replicas);
            return [.. replicas.Chunk(centre.Length).Select(own => Math.Sqrt(own.Zip(centre, (w, c) => (w - c) * (w - c)).Sum()))];
        }

        double[] early = Distances(1), late = Distances(10);
        Assert.Multiple(() =>
        {
            Assert.That(early, Has.Length.EqualTo(3).And.All.GreaterThan(1));
            Assert.That(late, Is.All.LessThan(1e-3 * early.Min()));
        });
    }

    private static double[][] Points(Network network, int count) =>
        [.. Enumerable.Range(0, count).Select(i => Model.Initialise(network, Initialisation.PyTorch, (ulong)i, Precision.Double).Parameters)];
}
