using NUnit.Framework;
using Quotient.Networks;
using Quotient.Training;
using Quotient.Training.Optimisers;

namespace Quotient.Tests.Training;

/// <summary>Checkpoints that are not as they were written.</summary>
public class DamagedCheckpointTests
{
    private ScratchFolder _folder = null!;

    private string File => _folder.At("run.checkpoint");

    [SetUp]
    public void MakeFolder() => _folder = new();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [Test]
    public void A_damaged_checkpoint_is_refused_in_one_clear_sentence()
    {
        var (model, data) = TrainingCases.Classes();
        using var engine = Engine.Open();
        var options = Options(new Adam(), 2);
        Trainer.Run(engine, model, data, null, options);
        byte[] whole = System.IO.File.ReadAllBytes(File);
        var random = new Random(1);
        for (int round = 0; round < 300; round++)
        {
            byte[] damaged = round % 2 == 0 ? whole[..random.Next(whole.Length)] : (byte[])whole.Clone();
            if (round % 2 != 0)
            {
                damaged[random.Next(whole.Length)] ^= (byte)(1 << random.Next(8));
            }

            System.IO.File.WriteAllBytes(File, damaged);
            string message = Assert.Throws<QuotientException>(
                () => Trainer.Run(engine, model, data, null, options with { Resume = true }), $"round {round}")!.Message;
            Assert.That(message, Does.Contain(File).And.Not.Contain("\n"));
        }

        model.Save(File);
        Assert.That(
            Assert.Throws<QuotientException>(() => Trainer.Run(engine, model, data, null, options with { Resume = true }))!.Message,
            Does.Contain("no checkpoint of training"));
    }

    [Test]
    public void An_edited_checkpoint_is_refused(
        [Values("epoch", "log", "emptied log", "test set", "weight", "state", "no checksum")] string edit)
    {
        var (model, data) = TrainingCases.Classes();
        using var engine = Engine.Open();
        var options = Options(new Adam(), 3);
        Trainer.Run(engine, model, data, data, options);
        Edit(edit);
        byte[] edited = System.IO.File.ReadAllBytes(File);
        string message = Assert.Throws<QuotientException>(
            () => Trainer.Run(engine, model, data, data, options with { Resume = true, Epochs = 4 }))!.Message;
        Assert.That(message, Does.StartWith($"checkpoint '{File}': it ").And.Contain(
            edit == "no checksum" ? "has no checksum, as those of earlier versions; train anew" : "is damaged or was edited: its checksum is '"));
        Assert.That(System.IO.File.ReadAllBytes(File), Is.EqualTo(edited), "it is left as it is");
    }

    [TestCase(3, new[] { 1, 2, 3 }, null)]
    [TestCase(2, new[] { 1, 2, 3 }, "its log goes to epoch 3, but only 2 are behind it")]
    [TestCase(3, new[] { 1, 3, 2 }, "its log has epoch 2 after epoch 3")]
    [TestCase(3, new[] { 2, 2 }, "its log has epoch 2 after epoch 2")]
    public void The_epoch_and_the_log_agree(int epoch, int[] logged, string? because)
    {
        var (model, data) = TrainingCases.Classes();
        using var engine = Engine.Open();
        var log = Trainer.Run(engine, model, data, null, Options(new Sgd(), 1)).Log;
        Checkpoint made = new(model.Network, log with { Epochs = [.. logged.Select(number => log.Epochs[0] with { Epoch = number })] }, "", "", epoch, [], model.Parameters);
        made.Write(File);
        Assert.That(
            () => Checkpoint.Read(File, made).Epoch,
            because is null ? Is.EqualTo(epoch) : Throws.TypeOf<QuotientException>().With.Message.EqualTo($"checkpoint '{File}': {because}"));
    }

    /// <summary>Edits what the file holds, with everything that a reader of safetensors looks at kept right.</summary>
    private void Edit(string edit)
    {
        using var file = new Safetensors(new MemoryStream(System.IO.File.ReadAllBytes(File)));
        var metadata = file.Metadata.ToDictionary();
        double[] values = new double[file.Tensors.Sum(tensor => tensor.Size)];
        int at = 0;
        foreach (var tensor in file.Tensors)
        {
            file.Read(tensor, values.AsSpan(at, (int)tensor.Size));
            at += (int)tensor.Size;
        }

        var log = TrainingLog.Read(metadata[TrainingLog.Key]);
        Action act = edit switch
        {
            "epoch" => () => metadata["quotient.checkpoint.epoch"] = "2",
            "log" => () => metadata[TrainingLog.Key] = (log with { Epochs = [.. log.Epochs.Select(epoch => epoch with { TrainLoss = 0 })] }).Write(),
            "emptied log" => () => metadata[TrainingLog.Key] = (log with { Epochs = [] }).Write(),
            "test set" => () => metadata["quotient.checkpoint.test"] = "",
            "weight" => () => values[0] = MathF.BitIncrement((float)values[0]),
            "state" => () => values[^1] = MathF.BitIncrement((float)values[^1]),
            _ => () => metadata.Remove("quotient.checkpoint.sha256"),
        };
        act();
        using var stream = System.IO.File.Create(File);
        Safetensors.Write(stream, metadata, file.Tensors.Select(tensor => (tensor.Name, tensor.Type, tensor.Dimensions)), values);
    }

    private TrainingOptions Options(Optimiser optimiser, int epochs) => new()
    {
        Epochs = epochs,
        BatchSize = 32,
        Optimiser = optimiser,
        Checkpoint = File,
    };
}
