using System.Text.Json;
using System.Text.Json.Nodes;
using NUnit.Framework;
using Quotient.Data;
using Quotient.Tests.Linearisation;
using Quotient.Training;
using Quotient.Training.Optimisers;

namespace Quotient.Tests.Training;

/// <summary>Parameters and losses after 1, 2 and 5 epochs, against torch.optim in float64.</summary>
public class GoldenTests
{
    private static IEnumerable<TestCaseData> Cases() =>
        from name in new[] { "ce", "mse", "ce-smoothed" }
        from run in Enumerable.Range(0, Read(name)["runs"]!.AsArray().Count)
        from device in Nets.Devices
        select new TestCaseData(name, run, device);

    [TestCaseSource(nameof(Cases))]
    public void Steps_are_those_of_PyTorch(string name, int index, string device)
    {
        var golden = Read(name);
        var run = golden["runs"]![index]!.AsObject();
        var (model, data) = ModelAndData(golden);
        using var engine = Engine.Open(device);
        foreach (var (epochs, reached) in run["epochs"]!.AsObject())
        {
            var result = Trainer.Run<double>(engine, model, data, null, new()
            {
                Loss = Loss.Parse(golden["loss"]!.GetValue<string>()),
                Epochs = int.Parse(epochs),
                BatchSize = run["batchSize"]!.GetValue<int>(),
                Optimiser = Optimiser(run),
                Shuffled = false,
            });
            double loss = reached!["loss"]!.GetValue<double>();
            Close.Check(result.Model.Parameters, Numbers(reached["theta"]!), 1e-12, $"theta after {epochs} epochs");
            Assert.That(result.Epochs[^1].TrainLoss, Is.EqualTo(loss).Within(1e-12 * loss), $"loss after {epochs} epochs");
        }
    }

    private static JsonNode Read(string name) => JsonNode.Parse(
        File.ReadAllText(Path.Combine(TestContext.CurrentContext.TestDirectory, "Golden", "training", $"{name}.json")))!;

    private static (Model Model, Dataset Data) ModelAndData(JsonNode golden)
    {
        int[] widths = golden["widths"].Deserialize<int[]>()!;
        var inputs = SampleStore.Doubles(Rows(golden["x"]!), widths[0]);
        var data = golden["labels"] is { } labels
            ? Dataset.Classification("golden", new(widths[0]), inputs, labels.Deserialize<int[]>()!, widths[^1])
            : Dataset.Regression("golden", new(widths[0]), inputs, SampleStore.Doubles(Rows(golden["targets"]!), widths[^1]));
        return (new(Network.Mlp(widths), Numbers(golden["theta"]!), Precision.Double), data);
    }

    private static Optimiser Optimiser(JsonObject run)
    {
        double Constant(string key, double otherwise) => run[key]?.GetValue<double>() ?? otherwise;
        double rate = Constant("lr", double.NaN), decay = Constant("weight_decay", 0);
        if (run["optimiser"]!.GetValue<string>() == "sgd")
        {
            return new Sgd(rate, Constant("momentum", 0), run["nesterov"]?.GetValue<bool>() ?? false, decay);
        }

        double[] betas = run["betas"].Deserialize<double[]>() ?? [0.9, 0.999];
        return new Adam(rate, betas[0], betas[1], Constant("eps", 1e-8), decay);
    }

    private static double[] Numbers(JsonNode node) => node.Deserialize<double[]>()!;

    private static double[] Rows(JsonNode node) => [.. node.Deserialize<double[][]>()!.SelectMany(row => row)];
}
