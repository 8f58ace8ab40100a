using System.Text.Json;
using NUnit.Framework;
using Quotient.Training;
using Quotient.Training.Optimisers;
using Quotient.Training.Starts;

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
        Assert.That(File.ReadAllText(_folder.At("t.html")), Does.Contain(">Train loss</th>").And.Contain("error, % by epoch"));
        Assert.That(_folder.Files, Is.EqualTo(new[] { "net.safetensors", "t.html", "t.json" }));
    }

    [Test]
    public void Training_goes_on_from_a_file_and_what_its_format_lacks_is_said_before_it()
    {
        Assert.That(CommandLine.Run(Small + "--epochs 2 --out {}/net.onnx", _folder.Path).Code, Is.Zero);
        const string Further = "train --data spirals[0:60] --batch 20 --threads 1 --model {}/net.onnx ";
        var outcome = CommandLine.Run(Further + "--epochs 1 --learning-rate 1e-30 --out {}/same.safetensors", _folder.Path);
        Assert.That(outcome.Code, Is.Zero, outcome.Error);
        Assert.That(Model.Load(_folder.At("same.safetensors")).Parameters, Is.EqualTo(Model.Load(_folder.At("net.onnx")).Parameters));
        CommandLine.Run(Further + "--init glorot --out {}/x.onnx", _folder.Path).IsOneClearSentence("--init", "--model");
        CommandLine.Run(Further + "--optimiser rsgd --out {}/x.onnx", _folder.Path).IsOneClearSentence("replicas", "--arch");
        CommandLine.Run("train --arch binary:2-9-3 --data spirals --epochs 1000000 --out {}/x.onnx", _folder.Path)
            .IsOneClearSentence("x.onnx", "layer '0'", "binary-dense");
        Assert.That(_folder.Files, Is.EqualTo(new[] { "net.onnx", "same.safetensors" }));
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

    [Test]
    public void A_loss_with_options_is_trained_and_evaluated_by_its_text()
    {
        Assert.That(CommandLine.Run(Small + "--epochs 1 --loss ce,smoothing=0.1 --out {}/net", _folder.Path).Code, Is.Zero);
        Assert.That(TrainingLog.Of(Model.Load(_folder.At("net")))!.Loss, Is.EqualTo("ce,smoothing=0.1"));
        const string Evaluate = "evaluate --model {}/net --data spirals[0:60] --loss ";
        Assert.That(CommandLine.Run(Evaluate + "ce,smoothing=0.10 --json {}/e.json", _folder.Path).Code, Is.Zero);
        using var json = JsonDocument.Parse(File.ReadAllText(_folder.At("e.json")));
        Assert.That(json.RootElement.GetProperty("lossName").GetString(), Is.EqualTo("ce,smoothing=0.1"));
        var outcome = CommandLine.Run(Evaluate + "ce,smoothing=2", _folder.Path);
        Assert.That(outcome.Code, Is.EqualTo(2));
        Assert.That(outcome.Error, Does.Contain("--loss: smoothing of ce is 2; it must be a number from 0 to below 1"));
    }

    private static readonly string[] Recipes = ["mnist-small-batch", "mnist-large-batch", "cifar-small-batch", "cifar-large-batch"];

    private static readonly (string Options, string Text)[] Optimisers =
    [
        ("--arch 2-5-3", new Sgd().Text),
        ("--arch 2-5-3 --optimiser adam --weight-decay 0.1", new Adam(WeightDecay: 0.1).Text),
        ("--arch 2-5-3 --optimiser sam --rho 0.1 --momentum 0", new Sam(new Sgd(Momentum: 0), 0.1).Text),
        ("--arch 2-5-3 --optimiser sam", new Sam(new Sgd()).Text),
        ("--arch 2-5-3 --optimiser asam", new Asam(new Sgd()).Text),
        ("--arch 2-5-3 --optimiser rsgd", new Replicated(new Sgd(), 2).Text),
        ("--arch 2-5-3 --optimiser rsgd --replicas 2 --coupling-growth 10", new Replicated(new Sgd(), 2, 2, 10).Text),
        ("--arch 2-5-3 --optimiser adv --start-epochs 3", new Adversarial(new Sgd(0.1, 0, false), new Sgd(Momentum: 0), MostEpochs: 3).Text),
        (
            "--arch 2-5-3 --optimiser adv --start-epochs 1 --copies 2 --start-rate 0.2 --momentum 0.5 --learning-rate 0.3",
            new Adversarial(new Sgd(0.2, 0, false), new Sgd(0.3, 0.5), 2, MostEpochs: 1).Text),
        ("--arch binary:2-5-3", new BinaryNet().Text),
        ("--arch binary:2-5-3 --optimiser binarynet --momentum 0.5 --real-factor 0.1", new BinaryNet(Momentum: 0.5, RealFactor: 0.1).Text),
        ("--arch binary,real-first:2-5-3 --optimiser rbinarynet --learning-rate 2", new Replicated(new BinaryNet(2), 2).Text),
        (
            "--arch binary:2-5-3 --optimiser adv-binarynet --start-epochs 3 --learning-rate 2 --start-rate 3",
            new Adversarial(new BinaryNet(3), new BinaryNet(2), MostEpochs: 3).Text),
        ("--arch 2-5-3 --recipe mnist-small-batch --learning-rate 0.1", new Adam(0.1).Text),
        ("--arch 2-5-3 --recipe mnist-large-batch --optimiser sgd", new Sgd().Text),
        ("--arch 2-5-3 --recipe cifar-small-batch", new Sgd(1e-4, 0.9, false).Text),
        ("--arch 2-5-3 --recipe cifar-large-batch", new Sgd(1e-3, 0.99, false).Text),
    ];

    [TestCaseSource(nameof(Optimisers))]
    public void Every_optimiser_is_had_by_its_name_with_its_own_options((string Options, string Text) given)
    {
        var outcome = CommandLine.Run($"train --data spirals[0:60] --epochs 2 --threads 1 {given.Options} --out {{}}/net", _folder.Path);
        Assert.That(outcome.Code, Is.Zero, outcome.Error);
        Assert.That(TrainingLog.Of(Model.Load(_folder.At("net")))!.Optimiser, Is.EqualTo(given.Text));
        Assert.That(outcome.Output.Contains("on corrupted copies"), Is.EqualTo(given.Text.StartsWith("adv", StringComparison.Ordinal)));
    }

    [Test]
    public void A_recipe_says_batch_and_epochs_unless_they_are_given([ValueSource(nameof(Recipes))] string recipe)
    {
        string line = $"train --arch 2-4-3 --data spirals[0:300] --threads 1 --recipe {recipe} --out {{}}/net";
        Assert.That(CommandLine.Run(line, _folder.Path).Code, Is.Zero);
        var log = TrainingLog.Of(Model.Load(_folder.At("net")))!;
        Assert.That(log.BatchSize, Is.EqualTo(recipe.Contains("small") ? 256 : 300), "at most all samples");
        Assert.That(log.Epochs, Has.Count.EqualTo(200));
        Assert.That(CommandLine.Run(line + " --epochs 1 --batch 50", _folder.Path).Code, Is.Zero);
        log = TrainingLog.Of(Model.Load(_folder.At("net")))!;
        Assert.That(log.BatchSize, Is.EqualTo(50));
        Assert.That(log.Epochs, Has.Count.EqualTo(1));
    }

    [Test]
    public void Training_stops_at_zero_error_where_that_is_asked_for()
    {
        const string Few = "train --arch 2-32-3 --data spirals[0:6] --optimiser adam --learning-rate 0.01 --epochs 500 --threads 1 ";
        Assert.That(CommandLine.Run(Few + "--stop-at-zero-error --out {}/net", _folder.Path).Code, Is.Zero);
        var epochs = TrainingLog.Of(Model.Load(_folder.At("net")))!.Epochs;
        Assert.That(epochs, Has.Count.LessThan(500));
        Assert.That(epochs[^1].TrainError, Is.Zero);
        Assert.That(epochs.SkipLast(1).Select(epoch => epoch.TrainError), Is.All.GreaterThan(0));
    }

    [Test]
    public void What_the_file_keeps_of_binary_weights_is_chosen()
    {
        double[] Weights(string kept)
        {
            string line = $"train --arch binary:2-5-3 --data spirals[0:60] --epochs 1 --threads 1 {kept} --out {{}}/net";
            Assert.That(CommandLine.Run(line, _folder.Path).Code, Is.Zero);
            return Model.Load(_folder.At("net")).Parameters;
        }

        double[] shadow = Weights("");
        double[] signs = [.. shadow.Select(weight => weight >= 0 ? 1.0 : -1.0)];
        Assert.That(shadow.Select(Math.Abs), Has.Some.LessThan(1));
        Assert.That(Weights("--weights shadow"), Is.EqualTo(shadow));
        Assert.That(Weights("--weights signs"), Is.EqualTo(signs));
        Assert.That(Weights("--weights packed"), Is.EqualTo(signs));
        Assert.That(File.ReadAllText(_folder.At("net")), Does.Contain("0.weight_bits"));
    }

    [Test]
    public void Another_number_of_epochs_resumes_unless_the_optimiser_counts_on_it()
    {
        const string Two = Small + "--epochs 2 --checkpoint {}/state --out {}/net ", Four = Small + "--epochs 4 --checkpoint {}/state --resume --out {}/net ";
        Assert.That(CommandLine.Run(Two + "--optimiser rsgd", _folder.Path).Code, Is.Zero);
        CommandLine.Run(Four + "--optimiser rsgd", _folder.Path).IsOneClearSentence("epochs=2", "epochs=4");
    }

    private static readonly string[][] Bad =
    [
        ["train --arch 2-8-3 --data spirals --optimiser sgd --rho 0.1", "--rho means nothing to --optimiser sgd", "asam, sam"],
        ["train --arch 2-8-3 --data spirals --replicas 3", "--replicas", "sgd", "rbinarynet, rsgd"],
        ["train --arch 2-8-3 --data spirals --optimiser rsgd --copies 3", "--copies", "rsgd", "adv, adv-binarynet"],
        ["train --arch 2-8-3 --data spirals --optimiser adv --weight-decay 0.1", "--weight-decay", "adv"],
        ["train --arch 2-8-3 --data spirals --real-factor 0.1", "--real-factor", "binarynet"],
        ["train --arch 2-8-3 --data spirals --start-epochs 3", "--start-epochs"],
        ["train --arch 2-8-3 --data spirals --optimiser rsgd --replicas 1", "--replicas is '1'", "2 or more"],
        ["train --arch 2-8-3 --data spirals --optimiser binarynet", "2-8-3 has none"],
        ["train --arch 2-8-3 --data spirals --optimiser lion", "lion"],
        ["train --arch 2-8-3 --data spirals --recipe imagenet", "imagenet", "mnist-small-batch"],
        ["train --arch 2-8-3 --data spirals --weights signs", "--weights", "2-8-3 has none"],
        ["train --arch 2-8-2 --data line --loss mse --optimiser adv", "line"],
        ["train --arch binary:2-8-3 --data spirals --optimiser sgd", "binary:2-8-3", "binarynet"],
        ["train --arch binary:2-8-3 --data spirals --recipe mnist-small-batch", "binary:2-8-3", "binarynet"],
        ["train --arch binary:2-8-3 --data spirals --weight-decay 0.1", "--weight-decay means nothing to --optimiser binarynet"],
        ["train --arch binary:2-8-3 --data spirals --no-bias", "biases"],
        ["train --arch 2-x-3 --data spirals", "2-x-3"],
        ["train --arch 2 --data spirals", "at least two widths"],
        ["train --arch 2-0-3 --data spirals", "at least 1"],
        ["train --arch 5-8-3 --data spirals", "5", "2"],
        ["train --arch 2-8-2 --data spirals", "3"],
        ["train --arch 2-8-3 --data nowhere", "nowhere"],
        ["train --arch 2-8-3 --data spirals --test teacher"],
        ["train --arch 2-8-3 --data spirals --resume", "--resume", "--checkpoint"],
        ["train --arch 2-8-3 --data spirals --resume --checkpoint {}/none", "none"],
        ["train --arch 2-8-3 --data spirals --schedule 30", "'30'", "step:30:0.1"],
        ["train --arch 2-8-3 --data spirals --schedule step:0:0.1", "step:0:0.1"],
        ["train --arch 2-8-3 --data spirals --optimiser adam --momentum 0.9", "--momentum", "sgd"],
        ["train --data spirals", "--arch", "--model"],
        ["train --arch conv:2x1x1,bn,3 --data spirals[0:61] --batch 20", "layer '0'", "batch norm", "other than 20"],
        ["train --arch conv:2x1x1,bn,3 --data spirals --optimiser rsgd", "batch norm", "replicas"],
    ];

    [TestCaseSource(nameof(Bad))]
    public void Bad_input_is_one_clear_sentence_and_leaves_no_file(string line, params string[] words)
    {
        CommandLine.Run(line + " --out {}/net.safetensors --json {}/t.json", _folder.Path).IsOneClearSentence(words);
        Assert.That(_folder.Files, Is.Empty);
    }
}
