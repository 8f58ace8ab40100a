using System.Text.Json;
using NUnit.Framework;
using Quotient.Symmetry;
using Quotient.Tests.Reports;

namespace Quotient.Tests.Cli;

public class MatchCommandTests
{
    private const string Files = "--model {}/a.safetensors --to {}/b.safetensors --out {}/b2.safetensors ";

    private ScratchFolder _folder = null!;

    [SetUp]
    public void Make_a_folder() => _folder = new();

    [TearDown]
    public void Clear() => _folder.Dispose();

    [TestCase("2-12-9-3", "", false)]
    [TestCase("2-12-9-3", "--method weights --starts 2", false)]
    [TestCase("2-12-9-3", "--method activations --data spirals[0:60]", false)]
    [TestCase("binary,real-first:2-17-15-3", "", true)]
    [TestCase("binary,real-first:2-17-15-3", "--method weights --data spirals[0:60]", true)]
    public void A_twin_is_brought_next_to_its_original_and_the_report_says_how(string architecture, string options, bool isBinary)
    {
        var model = Model.Initialise(Network.Parse(architecture), Initialisation.PyTorch, 3);
        var symmetry = Transformation.Random(model.Network, 4, decades: 0);
        var twin = new Model(model.Network, symmetry.ApplyTo(model).Parameters) { Metadata = new Dictionary<string, string> { ["note"] = "kept" } };
        model.Save(_folder.At("a.safetensors"));
        twin.Save(_folder.At("b.safetensors"));
        using var json = Match(Files + options);
        var report = json.RootElement;
        Schema.AssertListed(report);
        Assert.That(Schema.Of("matching").Except(Schema.Paths(report)), Is.Empty);
        Assert.That(report.GetProperty("distanceBefore").GetDouble(), Is.GreaterThan(1));
        Assert.That(report.GetProperty("distanceAfter").GetDouble(), Is.LessThan(1e-10));
        Assert.That(report.GetProperty("outputsEqual").GetBoolean(), Is.True);
        Assert.That(report.GetProperty("largestOutputDifference").GetDouble(), Is.LessThan(1e-12));
        Assert.That(report.GetProperty("inputs").GetString(), Is.EqualTo(options.Contains("spirals") ? "spirals[0:60]" : "256 standard normal inputs"));
        Assert.That(report.GetProperty("ties").ValueKind, Is.EqualTo(isBinary ? JsonValueKind.Number : JsonValueKind.Null));
        var moved = Model.Load(_folder.At("b2.safetensors"));
        Assert.That(moved.Metadata["note"], Is.EqualTo("kept"));
        Assert.That(moved.Stored, Is.EqualTo(Precision.Single));
        Assert.That(moved.Parameters.Zip(model.Parameters, (one, other) => one - other), Is.All.Zero);
        AssertLayersRebuild(report, twin, moved, isBinary);
    }

    [Test]
    public void Other_networks_come_nearer_and_what_is_written_computes_the_same()
    {
        foreach (string name in new[] { "a", "b" })
        {
            Model.Initialise(Network.Parse("conv:1x6x6,5c3,bn,relu,7,relu,3"), Initialisation.He, name[0]).Save(_folder.At($"{name}.safetensors"));
        }

        using var json = Match(Files + "--method weights --html {}/r.html --csv {}/r.csv");
        var report = json.RootElement;
        Assert.That(report.GetProperty("distanceAfter").GetDouble(), Is.LessThan(report.GetProperty("distanceBefore").GetDouble()));
        Assert.That(report.GetProperty("outputsEqual").GetBoolean(), Is.True);
        Assert.That(report.GetProperty("layers").EnumerateArray().Select(layer => layer.GetProperty("permutation").GetArrayLength()), Is.EqualTo(new[] { 5, 7 }));
        Assert.That(File.ReadAllLines(_folder.At("r.csv")), Has.Length.EqualTo(1 + 5 + 7));
        Assert.That(File.ReadAllText(_folder.At("r.html")), Does.Contain("Layers whose units move"));
    }

    [TestCase(Files + "--method activations", "--data")]
    [TestCase(Files + "--starts 3", "--starts is 3", "weights")]
    [TestCase("--model {}/a.safetensors --to {}/other.safetensors --out {}/b2.safetensors", "2-4-3", "2-5-3", "one architecture alone")]
    [TestCase("--model {}/a.safetensors --to {}/b.safetensors --out {}/b.safetensors", "which --to reads")]
    [TestCase("--model {}/a.safetensors --to {}/none.safetensors --out {}/b2.safetensors", "none.safetensors", "does not exist")]
    [TestCase(Files + "--method activations --data digits3.csv", "digits3.csv")]
    public void What_cannot_be_matched_is_one_sentence_and_leaves_no_file(string line, params string[] words)
    {
        foreach (var (name, architecture) in new[] { ("a", "2-4-3"), ("b", "2-4-3"), ("other", "2-5-3") })
        {
            Model.Initialise(Network.Parse(architecture), Initialisation.He, 1).Save(_folder.At($"{name}.safetensors"));
        }

        string[] before = _folder.Files;
        CommandLine.Run($"match {line} --device cpu --quiet", _folder.Path).IsOneClearSentence(words);
        Assert.That(_folder.Files, Is.EqualTo(before));
    }

    /// <summary>From the report alone: row i of each dense layer is B's row permutation[i], its columns those of the layer before.</summary>
    private static void AssertLayersRebuild(JsonElement report, Model before, Model after, bool isBinary)
    {
        int inputs = before.Network.Input.Size;
        var (columns, signs) = (Enumerable.Range(0, inputs).ToArray(), new bool[inputs]);
        var layers = report.GetProperty("layers").EnumerateArray().ToDictionary(layer => layer.GetProperty("name").GetString()!);
        Assert.That(layers, Has.Count.EqualTo(2));
        foreach (var tensor in before.Network.Tensors.Where(tensor => tensor.Shape.Dimensions.Count == 2))
        {
            var (count, width) = (tensor.Shape.Dimensions[0], tensor.Shape.Dimensions[1]);
            string name = before.Network.Nodes[tensor.Node].Name;
            bool moves = layers.TryGetValue(name, out var layer);
            int[] rows = moves ? [.. layer.GetProperty("permutation").EnumerateArray().Select(item => item.GetInt32())] : [.. Enumerable.Range(0, count)];
            bool[] flips = moves ? [.. layer.GetProperty("flips").EnumerateArray().Select(item => item.GetBoolean())] : new bool[count];
            Assert.That(flips.Any(flip => flip), Is.EqualTo(isBinary && moves));
            for (int i = 0; i < count; i++)
            {
                for (int j = 0; j < width; j++)
                {
                    double value = before.Parameters[tensor.Offset + (rows[i] * width) + columns[j]];
                    Assert.That(after.Parameters[tensor.Offset + (i * width) + j], Is.EqualTo(flips[i] ^ signs[j] ? -value : value));
                }
            }

            (columns, signs) = (rows, flips);
        }
    }

    private JsonDocument Match(string line)
    {
        var outcome = CommandLine.Run($"match {line} --device cpu --json {{}}/r.json", _folder.Path);
        Assert.That(outcome.Code, Is.Zero, outcome.Error);
        return JsonDocument.Parse(File.ReadAllText(_folder.At("r.json")));
    }
}
