using System.Text.Json;
using System.Text.Json.Nodes;
using NUnit.Framework;
using Quotient.Data;
using Quotient.Tests.Linearisation;
using Quotient.Training;
using Quotient.Training.Optimisers;

namespace Quotient.Tests.Training;

/// <summary>SAM, ASAM, BinaryNet and replicas after 1, 2 and 4 epochs, against their formulas on PyTorch's gradients in float64.</summary>
public class TrainerGoldenTests
{
    private static IEnumerable<TestCaseData> Cases() =>
        from name in new[] { "relu", "binary", "real-first" }
        from run in Enumerable.Range(0, Read(name)["runs"]!.AsArray().Count)
        from device in Nets.Devices
        select new TestCaseData(name, run, device);

    [TestCaseSource(nameof(Cases))]
    public void Steps_are_those_of_the_formulas(string name, int index, string device)
    {
        var golden = Read(name);
        var run = golden["runs"]![index]!.AsObject();
        double[][] starts = golden["starts"].Deserialize<double[][]>()!;
        var network = Network.Parse(golden["arch"]!.GetValue<string>());
        double[] inputs = [.. golden["x"].Deserialize<double[][]>()!.SelectMany(row => row)];
        int[] labels = golden["labels"].Deserialize<int[]>()!;
        var data = Dataset.Classification(
            "golden", network.Input, SampleStore.Doubles(inputs, network.Input.Size), labels, network.Output.Size);
        using var engine = Engine.Open(device);
        foreach (var (epochs, reached) in run["epochs"]!.AsObject())
        {
            var result = Trainer.Run<double>(engine, new(network, starts[0], Precision.Double), data, null, new()
            {
                Epochs = int.Parse(epochs),
                BatchSize = run["batchSize"]!.GetValue<int>(),
                Optimiser = new StartingAt(Optimiser(run), starts),
                Shuffled = false,
            });
            double loss = reached!["loss"]!.GetValue<double>();
            Close.Check(result.Model.Parameters, reached["theta"].Deserialize<double[]>()!, 1e-10, $"theta after {epochs} epochs");
            Assert.That(result.Epochs[^1].TrainLoss, Is.EqualTo(loss).Within(1e-10 * loss), $"loss after {epochs} epochs");
        }
    }

    private static JsonNode Read(string name) => JsonNode.Parse(
        File.ReadAllText(Path.Combine(TestContext.CurrentContext.TestDirectory, "Golden", "training", $"{name}.json")))!;

    private static Optimiser Optimiser(JsonObject run)
    {
        double Constant(string key, double otherwise) => run[key]?.GetValue<double>() ?? otherwise;
        double rate = Constant("lr", double.NaN), momentum = Constant("momentum", 0), radius = Constant("radius", double.NaN);
        var sgd = new Sgd(rate, momentum, run["nesterov"]?.GetValue<bool>() ?? false, Constant("decay", 0));
        Optimiser each = run["optimiser"]!.GetValue<string>() switch
        {
            "sgd" => sgd,
            "sam" => new Sam(sgd, radius),
            "asam" => new Asam(sgd, radius, Constant("floor", double.NaN)),
            _ => new BinaryNet(rate, momentum, Constant("real_factor", double.NaN)),
        };
        return run["growth"] is null ? each : new Replicated(each, (int)Constant("growth_epochs", 0), 3, Constant("growth", 0));
    }
}
