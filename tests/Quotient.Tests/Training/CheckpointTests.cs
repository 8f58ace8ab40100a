using System.Numerics;
using NUnit.Framework;
using Quotient.Training;
using Quotient.Training.Optimisers;

namespace Quotient.Tests.Training;

public class CheckpointTests
{
    private static readonly Optimiser[] Optimisers =
        [new Sgd(0.05, 0.9, true, 1e-3), new Sgd(0.05, 0.5, false), new Adam(0.01, WeightDecay: 1e-3)];

    private ScratchFolder _folder = null!;

    private string File => _folder.At("run.checkpoint");

    [SetUp]
    public void MakeFolder() => _folder = new();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [Test]
    public void Two_epochs_and_two_resumed_are_four_to_the_bit_in_single([ValueSource(nameof(Optimisers))] Optimiser optimiser) =>
        CompareResumed<float>(optimiser);

    [Test]
    public void Two_epochs_and_two_resumed_are_four_to_the_bit_in_double([ValueSource(nameof(Optimisers))] Optimiser optimiser) =>
        CompareResumed<double>(optimiser);

    [Test]
    public void A_run_stopped_in_mid_epoch_resumes_to_the_same_bits([ValueSource(nameof(Optimisers))] Optimiser optimiser)
    {
        var (model, data) = TrainingCases.Classes();
        using var engine = Engine.Open();
        using var source = new CancellationTokenSource();
        var options = Options(optimiser, 4);
        // Seven steps an epoch: step 17 is the third of epoch 3.
        var stopping = options with
        {
            Optimiser = new Watched(optimiser, number => Cancel(source, number == 17)),
        };
        Assert.Throws<OperationCanceledException>(
            () => Trainer.Run(engine, model, data, data, stopping, cancellationToken: source.Token));
        var resumed = Trainer.Run(engine, model, data, data, options with { Resume = true });
        var straight = Trainer.Run(engine, model, data, data, options with { Checkpoint = null });
        Assert.Multiple(() =>
        {
            Assert.That(TrainingCases.SameBits(resumed.Model.Parameters, straight.Model.Parameters));
            Assert.That(resumed.Epochs, Is.EqualTo(straight.Epochs));
            Assert.That(resumed.Steps, Is.EqualTo(14));
        });
    }

    [Test]
    public void Checkpoints_and_evaluations_now_and_then_change_no_bit()
    {
        var (model, data) = TrainingCases.Classes();
        using var engine = Engine.Open();
        using var source = new CancellationTokenSource();
        var options = Options(new Adam(), 5) with { CheckpointEvery = 2, EvaluateEvery = 3 };
        // Step 30 is in epoch 5, so that epoch 4 is the last one kept.
        var stopping = options with
        {
            Optimiser = new Watched(new Adam(), number => Cancel(source, number == 30)),
        };
        Assert.Throws<OperationCanceledException>(
            () => Trainer.Run(engine, model, data, null, stopping, cancellationToken: source.Token));
        var four = Trainer.Run(engine, model, data, null, options with { Resume = true, Epochs = 4 });
        var five = Trainer.Run(engine, model, data, null, options with { Resume = true });
        var straight = Trainer.Run(engine, model, data, null, options with { Checkpoint = null });
        Assert.Multiple(() =>
        {
            Assert.That(four.Steps, Is.Zero);
            Assert.That(four.Epochs.Select(epoch => epoch.Epoch), Is.EqualTo([3, 4]));
            Assert.That(five.Steps, Is.EqualTo(7));
            Assert.That(five.Epochs, Is.EqualTo(straight.Epochs));
            Assert.That(TrainingCases.SameBits(five.Model.Parameters, straight.Model.Parameters));
        });
    }

    [Test]
    public void A_finished_run_resumed_takes_no_step()
    {
        var (model, data) = TrainingCases.Classes();
        using var engine = Engine.Open();
        var first = Trainer.Run(engine, model, data, null, Options(new Adam(), 2));
        byte[] before = System.IO.File.ReadAllBytes(File);
        var again = Trainer.Run(engine, model, data, null, Options(new Adam(), 2) with { Resume = true });
        Assert.Multiple(() =>
        {
            Assert.That(again.Steps, Is.Zero);
            Assert.That(TrainingCases.SameBits(again.Model.Parameters, first.Model.Parameters));
            Assert.That(again.Epochs, Is.EqualTo(first.Epochs));
            Assert.That(System.IO.File.ReadAllBytes(File), Is.EqualTo(before));
            Assert.That(_folder.Files, Has.Length.EqualTo(1), "no temporary file is left");
        });
    }

    [Test]
    public void A_trained_model_carries_its_log_through_a_file()
    {
        var (model, data) = TrainingCases.Classes();
        using var engine = Engine.Open();
        var result = Trainer.Run<double>(engine, model, data, data, Options(new Sgd(), 2) with { Checkpoint = null });
        string path = _folder.At("net.safetensors");
        result.Model.Save(path);
        var loaded = Model.Load(path);
        var log = TrainingLog.Of(loaded)!;
        Assert.Multiple(() =>
        {
            Assert.That(TrainingCases.SameBits(loaded.Parameters, result.Model.Parameters));
            Assert.That(log.Epochs, Is.EqualTo(result.Epochs));
            Assert.That(log with { Epochs = [] }, Is.EqualTo(result.Log with { Epochs = [] }));
            Assert.That(log.Precision, Is.EqualTo(Precision.Double));
            Assert.That(TrainingLog.Of(model), Is.Null);
        });
    }

    [Test]
    public void Resuming_another_training_is_refused_in_one_clear_sentence()
    {
        var (model, data) = TrainingCases.Classes();
        using var engine = Engine.Open();
        var options = Options(new Sgd(0.05), 2);
        Trainer.Run(engine, model, data, null, options);
        var resume = options with { Resume = true, Epochs = 4 };
        void Refused(TrainingOptions changed, string because, Model? other = null, Dataset? set = null) =>
            Assert.That(
                Assert.Throws<QuotientException>(() => Trainer.Run(engine, other ?? model, set ?? data, null, changed))!.Message,
                Does.Contain(because));

        Assert.Multiple(() =>
        {
            Refused(resume with { Optimiser = new Sgd(0.06) }, "optimiser is 'sgd rate=0.05");
            Refused(resume with { Optimiser = new Adam() }, "asks for 'adam rate=0.001");
            Refused(resume with { Schedule = Schedule.Parse("3:0.1") }, "schedule is 'constant', but this run asks for '3:0.1'");
            Refused(resume with { Seed = 9 }, "order of the samples is 'seed 0', but this run asks for 'seed 9'");
            Refused(resume with { Shuffled = false }, "asks for 'own'");
            Refused(resume with { BatchSize = 31 }, "batch size is '32'");
            Refused(resume with { Loss = Loss.SquaredError }, "loss is 'ce'");
            Refused(resume with { Epochs = 1 }, "has 2 epochs behind it, but only 1 are asked for");
            Refused(resume with { Checkpoint = File + "x" }, "there is no checkpoint");
            Refused(resume, "other training data", set: data.Slice(1, 202, "others"));
            Refused(resume, "another architecture", Model.Initialise(Network.Mlp([6, 5, 3]), Initialisation.He, 1));
            Assert.That(
                Assert.Throws<QuotientException>(() => Trainer.Run<double>(engine, model, data, null, resume))!.Message,
                Does.Contain("precision is 'single'"));
        });
    }

    [Test]
    public void The_test_set_belongs_to_the_training()
    {
        var (model, data) = TrainingCases.Classes();
        using var engine = Engine.Open();
        var (options, other) = (Options(new Sgd(), 2), data.Slice(0, 100, "part"));
        void Refused(Dataset? made, Dataset? asked, string because)
        {
            Trainer.Run(engine, model, data, made, options);
            Assert.That(
                () => Trainer.Run(engine, model, data, asked, options with { Resume = true, Epochs = 3 }),
                Throws.TypeOf<QuotientException>().With.Message.EqualTo(
                    $"checkpoint '{File}': it was made {because}; resume with the data that it was made with"));
        }

        Refused(data, other, "with other test data");
        Refused(data, null, "with test data");
        Refused(null, data, "without test data");
    }

    private static void Cancel(CancellationTokenSource source, bool now)
    {
        if (now)
        {
            source.Cancel();
        }
    }

    private void CompareResumed<T>(Optimiser optimiser) where T : unmanaged, IFloatingPointIeee754<T>
    {
        var (model, data) = TrainingCases.Classes();
        using var engine = Engine.Open();
        var straight = Trainer.Run<T>(engine, model, data, data, Options(optimiser, 4) with { Checkpoint = null });
        Trainer.Run<T>(engine, model, data, data, Options(optimiser, 2));
        var resumed = Trainer.Run<T>(engine, model, data, data, Options(optimiser, 4) with { Resume = true });
        Assert.Multiple(() =>
        {
            Assert.That(TrainingCases.SameBits(resumed.Model.Parameters, straight.Model.Parameters));
            Assert.That(resumed.Epochs, Is.EqualTo(straight.Epochs));
            Assert.That(resumed.Epochs.Select(epoch => epoch.Epoch), Is.EqualTo([1, 2, 3, 4]));
        });
    }

    private TrainingOptions Options(Optimiser optimiser, int epochs) => new()
    {
        Epochs = epochs,
        BatchSize = 32,
        Optimiser = optimiser,
        Checkpoint = File,
    };
}
