using System.Text.Json;
using NUnit.Framework;
using Quotient.Networks;
using Quotient.Training;

namespace Quotient.Tests.Cli;

public class TrainCommandTests
{
    private const string Small = "train --arch 2-8-3 --data spirals[0:60] --batch 20 --threads 1 ";
    private ScratchFolder _folder = null!;

    [SetUp]
    public void Make_a_folder() => _folder = new();

    [TearDown]
    public void Clear() => _folder.Dispose();

    [Test]
    public void A_net_is_trained_and_tells_how()
    {
        var outcome = CommandLine.Run(
            Small + "--test spirals:test[0:30] --epochs 3 --out {}/net.safetensors --json {}/t.json --html {}/t.html",
            _folder.Path);
        Assert.That(outcome.Code, Is.Zero, outcome.Error);
        var model = Model.Load(_folder.At("net.safetensors"));
        Assert.That(model.Network.ToString(), Is.EqualTo("2-8-3"));
        Assert.That(model.Stored, Is.EqualTo(Precision.Single));
        var epochs = TrainingLog.Of(model)!.Epochs;
        Assert.That(epochs.Select(epoch => epoch.Epoch), Is.EqualTo(new[] { 1, 2, 3 }));
        Assert.That(outcome.Output, Does.Contain("test error").And.Contain("2-8-3, 51 parameters").And.Contain("9 steps"));
        using var json = JsonDocument.Parse(File.ReadAllText(_folder.At("t.json")));
        Assert.That(json.RootElement.GetProperty("training")[2].GetProperty("trainLoss").GetDouble(), Is.EqualTo(epochs[2].TrainLoss));
        Assert.That(File.ReadAllText(_folder.At("t.html")), Does.Contain("<th>train loss</th>"));
        Assert.That(_folder.Files, Is.EqualTo(new[] { "net.safetensors", "t.html", "t.json" }));
    }

    [Test]
    public void The_same_seed_gives_the_same_file_and_another_seed_another()
    {
        byte[] Train(int seed)
        {
            Assert.That(CommandLine.Run(Small + $"--epochs 2 --seed {seed} --out {{}}/net", _folder.Path).Code, Is.Zero);
            return File.ReadAllBytes(_folder.At("net"));
        }

        byte[] first = Train(4);
        Assert.That(Train(4), Is.EqualTo(first));
        Assert.That(Train(5), Is.Not.EqualTo(first));
    }

    [Test]
    public void A_resumed_training_ends_where_an_uninterrupted_one_does()
    {
        const string Double = Small + "--precision double --optimiser adam --checkpoint {}/state ";
        Assert.That(CommandLine.Run(Double + "--epochs 4 --out {}/whole", _folder.Path).Code, Is.Zero);
        Assert.That(CommandLine.Run(Double + "--epochs 2 --out {}/half", _folder.Path).Code, Is.Zero);
        Assert.That(CommandLine.Run(Double + "--epochs 4 --resume --out {}/resumed", _folder.Path).Code, Is.Zero);
        Assert.That(Model.Load(_folder.At("resumed")).Parameters, Is.EqualTo(Model.Load(_folder.At("whole")).Parameters));
    }

    [Test]
    public void No_epochs_write_the_net_as_initialised([Values("he", "glorot", "pytorch")] string init)
    {
        Assert.That(CommandLine.Run(Small + $"--no-bias --epochs 0 --init {init} --seed 9 --out {{}}/net", _folder.Path).Code, Is.Zero);
        var kind = init == "he" ? Initialisation.He : init == "glorot" ? Initialisation.GlorotUniform : Initialisation.PyTorch;
        var expected = Model.Initialise(Network.Parse("2-8-3", false), kind, 9);
        Assert.That(Model.Load(_folder.At("net")).Parameters, Is.EqualTo(expected.Parameters));
    }

    [Test]
    public void Every_option_of_the_optimiser_reaches_it()
    {
        const string Given = "--learning-rate 0.02 --momentum 0.5 --weight-decay 0.001 --schedule 1:0.5 --loss mse";
        Assert.That(CommandLine.Run($"{Small} --epochs 1 {Given} --out {{}}/net", _folder.Path).Code, Is.Zero);
        var log = TrainingLog.Of(Model.Load(_folder.At("net")))!;
        Assert.That(log.Optimiser, Is.EqualTo(new Sgd(0.02, 0.5, true, 0.001).Text));
        Assert.That(log.Schedule, Is.EqualTo("1:0.5"));
        Assert.That(log.Loss, Is.EqualTo("mse"));
        Assert.That(log.BatchSize, Is.EqualTo(20));
    }

    private static readonly string[][] Bad =
    [
        ["train --arch 2-x-3 --data spirals", "2-x-3"],
        ["train --arch 2 --data spirals", "at least two widths"],
        ["train --arch 2-0-3 --data spirals", "at least 1"],
        ["train --arch 5-8-3 --data spirals", "5", "2"],
        ["train --arch 2-8-2 --data spirals", "3"],
        ["train --arch 2-8-3 --data nowhere", "nowhere"],
        ["train --arch 2-8-3 --data spirals --test strokes"],
        ["train --arch 2-8-3 --data spirals --resume", "--resume", "--checkpoint"],
        ["train --arch 2-8-3 --data spirals --resume --checkpoint {}/none", "none"],
        ["train --arch 2-8-3 --data spirals --schedule 30", "'30'", "step:30:0.1"],
        ["train --arch 2-8-3 --data spirals --schedule step:0:0.1", "step:0:0.1"],
        ["train --arch 2-8-3 --data spirals --optimiser adam --momentum 0.9", "--momentum", "sgd"],
    ];

    [TestCaseSource(nameof(Bad))]
    public void Bad_input_is_one_clear_sentence_and_leaves_no_file(string line, params string[] words)
    {
        CommandLine.Run(line + " --out {}/net.safetensors --json {}/t.json", _folder.Path).IsOneClearSentence(words);
        Assert.That(_folder.Files, Is.Empty);
    }
}
