using NUnit.Framework;
using Quotient.Data;
using Quotient.Experiments;
using Quotient.Training;

namespace Quotient.Tests.Experiments;

public class ToroidsTests
{
    private static readonly ToroidsPlan Tiny = new(
        [
            new("spirals", "relu", "spirals[0:60]", "spirals:test[0:40]", "2-8-6-3", ToroidsPlan.Real(0.05, 3, 2)),
            new("spirals", "binary", "spirals[0:60]", "spirals:test[0:40]", "binary:2-9-5-3", ToroidsPlan.Signs(10, 3, 2)),
        ],
        2, new() { Points = 3, Draws = 2, Orders = 2, Seed = 3 }, 1, 2);

    private ScratchFolder _folder = null!;
    private Engine _engine = null!;

    [SetUp]
    public void Make_a_folder() => (_folder, _engine) = (new(), Engine.Open("cpu", 1));

    [TearDown]
    public void Clear()
    {
        _folder.Dispose();
        _engine.Dispose();
    }

    [Test]
    public void Nets_of_every_group_are_trained_measured_and_judged()
    {
        var found = Run("whole");
        string[] names = ["rsgd-1", "rsgd-2", "sgd-1", "sgd-2", "adv-1", "adv-2"];
        Assert.That(found.Studies.Select(study => study.Name), Is.EqualTo(new[] { "spirals/relu", "spirals/binary" }));
        Assert.That(found.Studies.Select(study => study.Landscape.Nets.Select(net => net.Name)), Is.All.EqualTo(names));
        Assert.That(found.Studies.SelectMany(study => study.Bends).Select(bend => bend.Group), Is.EqualTo(new[] { "rsgd", "sgd", "adv", "rsgd", "sgd", "adv" }));
        Assert.That(found.Statements, Has.Count.EqualTo(6));
        Assert.That(found.Statements.Select(statement => statement.Evidence), Has.All.Not.Empty);
        var logs = names.Select(name => TrainingLog.Of(Model.Load(_folder.At("whole", "spirals", "relu", $"{name}.safetensors")))!).ToList();
        Assert.That(logs.Select(log => log.Optimiser.Split(' ')[0]), Is.EqualTo(new[] { "replicated", "replicated", "sgd", "sgd", "adv", "adv" }));
        Assert.That(logs.Select(log => log.Order), Is.Unique, "no two nets see the same numbers");
        Assert.That(logs.Select(log => log.Epochs.Count), Is.All.EqualTo(3));
        Assert.That(_folder.Files.Where(file => file.Contains(".state")), Is.Empty);
    }

    /// <summary>Stopped at every tenth report of progress, in trainings, landscapes and bends, until it gets through.</summary>
    [Test]
    public void A_run_that_is_stopped_again_and_again_ends_where_an_uninterrupted_one_does()
    {
        var whole = Run("whole");
        ExperimentResult? found = null;
        for (int stops = 0; found is null; stops++)
        {
            Assert.That(stops, Is.LessThan(60));
            using var stop = new CancellationTokenSource();
            int reports = 0, most = 10 + (4 * stops);
            try
            {
                found = Run("stopped", new Relay<ExperimentProgress>(_ => Stop()), stop.Token);
            }
            catch (OperationCanceledException)
            {
                Assert.That(stop.IsCancellationRequested);
            }

            void Stop()
            {
                reports++;
                if (reports == most)
                {
                    stop.Cancel();
                }
            }
        }

        foreach (string file in _folder.Files.Where(file => file.StartsWith("whole", StringComparison.Ordinal)))
        {
            Assert.That(File.ReadAllBytes(_folder.At(file.Replace("whole", "stopped"))), Is.EqualTo(File.ReadAllBytes(_folder.At(file))), file);
        }

        Assert.That(_folder.Files.Count(file => file.StartsWith("stopped", StringComparison.Ordinal)), Is.EqualTo(_folder.Files.Length / 2));
        Assert.That(found.Statements.Select(statement => statement.Evidence), Is.EqualTo(whole.Statements.Select(statement => statement.Evidence)));
    }

    [Test]
    public void What_is_there_is_not_done_again_unless_nets_change()
    {
        var first = Run("whole");
        string folder = _folder.At("whole", "spirals", "relu"), landscape = Path.Combine(folder, "landscape.json");
        byte[] kept = File.ReadAllBytes(landscape);
        var past = new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        string[] all = [.. _folder.Files.Select(file => _folder.At(file))];
        Array.ForEach(all, file => File.SetLastWriteTimeUtc(file, past));
        var again = Run("whole");
        Assert.That(again.Statements.Select(statement => statement.Evidence), Is.EqualTo(first.Statements.Select(statement => statement.Evidence)));
        Assert.That(all.Select(File.GetLastWriteTimeUtc), Is.All.EqualTo(past));

        File.Copy(Path.Combine(folder, "sgd-1.safetensors"), Path.Combine(folder, "sgd-2.safetensors"), overwrite: true);
        var changed = Run("whole").Studies[0].Landscape;
        Assert.That(changed.Nets[3].TestLoss, Is.EqualTo(changed.Nets[2].TestLoss), "the same net twice");
        Assert.That(File.ReadAllBytes(landscape), Is.Not.EqualTo(kept));
        string whole = File.ReadAllText(landscape);
        int result = whole.IndexOf("\"result\"", StringComparison.Ordinal), checksum = whole.IndexOf("\"checksum\"", StringComparison.Ordinal);
        foreach (string damaged in new[] { "{ damaged", $"{whole[..result]}\"result\": {{}}, {whole[checksum..]}", $"{whole[..result]}\"result\": null, {whole[checksum..]}" })
        {
            File.WriteAllText(landscape, damaged);
            Assert.That(Run("whole").Studies[0].Landscape.Nets[3], Is.Not.Null);
            Assert.That(File.ReadAllText(landscape), Is.EqualTo(whole));
        }
    }

    [Test]
    public void A_folder_of_other_options_or_other_files_is_refused()
    {
        var toroids = Experiment.All["toroids"];
        ExperimentFolder.Open(_folder.At("whole"), new() { ["experiment"] = "toroids", ["size"] = "large" });
        Refuses(_folder.At("whole"), new(), "whose size is 'large', but this run asks for 'small'");
        Directory.CreateDirectory(_folder.At("hidden"));
        File.WriteAllText(_folder.At("hidden", ".left"), "by another program");
        ExperimentFolder.Open(_folder.At("hidden"), new() { ["experiment"] = "toroids" });
        Directory.CreateDirectory(_folder.At("other"));
        File.WriteAllText(_folder.At("other", "mine.txt"), "mine");
        Refuses(_folder.At("other"), new(), "holds other files than an experiment");
        File.WriteAllText(_folder.At("other", "experiment.json"), "{ damaged");
        Refuses(_folder.At("other"), new(), "does not hold the options");
        Refuses(_folder.At("other", "mine.txt"), new(), "mine.txt");
        Refuses(_folder.At("new"), new() { Size = "huge" }, "the size of toroids is 'huge'; it must be small or large");
        Refuses(_folder.At("new"), new() { DataSets = ["cifar10"] }, "'cifar10' is not one of toroids; choose mnist or fashion-mnist");
        Refuses(_folder.At("new"), new() { DataSets = [] }, "needs a data set");
        Refuses(_folder.At("new"), new() { Seeds = 1 }, "the number of seeds is 1; it must be 2 or more");
        Assert.That(Directory.Exists(_folder.At("new")), Is.False);

        void Refuses(string folder, ExperimentOptions options, string words) => Assert.That(
            () => toroids.Run(_engine, folder, options), Throws.TypeOf<QuotientException>().With.Message.Contains(words));
    }

    [Test]
    public void Every_size_has_a_plan_that_its_trainers_accept([Values("small", "large")] string size)
    {
        var plan = ToroidsPlan.Of(new() { Size = size, Seeds = 7 });
        Assert.That(plan.Seeds, Is.EqualTo(7));
        Assert.That(plan.Studies.Select(study => study.Name), Is.Unique.And.SupersetOf(new[] { "mnist/relu", "mnist/binary", "fashion-mnist/relu" }));
        foreach (var study in plan.Studies)
        {
            var network = Network.Parse(study.Architecture);
            Assert.That(study.Samplers.Select(sampler => sampler.Group), Is.EqualTo(new[] { "rsgd", "sgd", "adv" }));
            foreach (var sampler in study.Samplers)
            {
                Assert.DoesNotThrow(() => sampler.Training.Optimiser.CheckNetwork(network));
                Assert.DoesNotThrow(sampler.Training.Optimiser.Check);
                Assert.That(sampler.Training.Schedule.Factor(sampler.Training.Epochs), Is.Positive);
            }
        }
    }

    private ExperimentResult Run(string name, IProgress<ExperimentProgress>? progress = null, CancellationToken stop = default)
    {
        Directory.CreateDirectory(_folder.At(name));
        return Toroids.Run(new(_engine, _folder.At(name), Precision.Single, progress, stop), Tiny, new DataOptions(), 3);
    }
}
