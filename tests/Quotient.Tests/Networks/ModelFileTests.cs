using System.Text;
using System.Text.Json;
using NUnit.Framework;
using Quotient.Networks;
using Quotient.Networks.Layers;

namespace Quotient.Tests.Networks;

public class ModelFileTests
{
    private static readonly Dictionary<string, Case> Cases = JsonSerializer.Deserialize<Dictionary<string, Case>>(
        File.ReadAllText(GoldenFiles.At("expected.json")), JsonSerializerOptions.Web)!;

    private static IEnumerable<string> Files => Cases.Keys;

    [TestCaseSource(nameof(Files))]
    public void A_file_of_another_writer_is_read_exactly(string file)
    {
        var expected = Cases[file];
        var model = Model.Load(GoldenFiles.At(file));
        var dense = model.Network.Nodes.Where(node => node.Layer is Dense).ToList();
        Assert.Multiple(() =>
        {
            Assert.That(dense.Select(node => node.Name), Is.EqualTo(expected.Names));
            Assert.That(model.Network.ToString().Split('-')[1..], Is.EqualTo(expected.Widths[1..].Select(width => $"{width}")));
            Assert.That(model.Network.Input.Size, Is.EqualTo(expected.Widths[0]));
            Assert.That(model.Network.Nodes.Where((_, i) => i % 2 == 1).Select(node => node.Layer), Is.All.EqualTo(new Relu()));
            Assert.That(model.Stored.ToString(), Is.EqualTo(expected.Stored));
            Assert.That(Bits(model.Parameters), Is.EqualTo(Bits(expected.Parameters)));
        });
    }

    [TestCaseSource(nameof(Files))]
    public void A_model_saved_and_loaded_is_the_same_and_saves_to_the_same_bytes(string file)
    {
        using var folder = new ScratchFolder();
        var model = Model.Load(GoldenFiles.At(file));
        model.Save(folder.At("a"));
        var again = Model.Load(folder.At("a"));
        again.Save(folder.At("b"));
        Assert.Multiple(() =>
        {
            Assert.That(Layers(again), Is.EqualTo(Layers(model)));
            Assert.That(again.Network.Input, Is.EqualTo(model.Network.Input));
            Assert.That(Bits(again.Parameters), Is.EqualTo(Bits(model.Parameters)));
            Assert.That(again.Metadata, Is.EquivalentTo(model.Metadata));
            Assert.That(again.Stored, Is.EqualTo(model.Stored));
            Assert.That(File.ReadAllBytes(folder.At("b")), Is.EqualTo(File.ReadAllBytes(folder.At("a"))));
            Assert.That(folder.Files, Is.EquivalentTo(new[] { "a", "b" }));
        });
    }

    /// <summary>Where the type is kept, so is every bit of every tensor.</summary>
    [TestCase("sequential.safetensors")]
    [TestCase("deep.safetensors")]
    [TestCase("no-bias-double.safetensors")]
    public void Saving_keeps_the_bytes_of_each_tensor(string file)
    {
        using var folder = new ScratchFolder();
        Model.Load(GoldenFiles.At(file)).Save(folder.At("a"));
        Assert.That(Tensors(folder.At("a")), Is.EquivalentTo(Tensors(GoldenFiles.At(file))));
    }

    [Test]
    public void Relus_are_named_as_a_sequence_numbers_them_or_after_the_layer_before()
    {
        string[] Names(string file) => [.. Model.Load(GoldenFiles.At(file)).Network.Nodes.Select(node => node.Name)];
        Assert.Multiple(() =>
        {
            Assert.That(Names("sequential.safetensors"), Is.EqualTo(new[] { "0", "1", "2", "3", "4" }));
            Assert.That(Names("names.safetensors")[1], Is.EqualTo("module.fc1.relu"));
            Assert.That(Names("described.safetensors")[1], Is.EqualTo("act1"));
        });
    }

    [Test]
    public void Metadata_is_kept_but_for_the_architecture()
    {
        var model = Model.Load(GoldenFiles.At("described.safetensors"));
        Assert.Multiple(() =>
        {
            Assert.That(model.Metadata.Keys, Is.EquivalentTo(new[] { "format", "quotient.training" }));
            Assert.That(model.Metadata["quotient.training"], Is.EqualTo("""[{"epoch":1}]"""));
            Assert.That(model.Network.Input, Is.EqualTo(new Shape(1, 2, 2)));
        });
    }

    [Test]
    public void Metadata_given_on_saving_replaces_what_the_model_carries()
    {
        using var folder = new ScratchFolder();
        var model = new Model(Network.Mlp([2, 1]), [1, 2, 3]) { Metadata = new Dictionary<string, string> { ["old"] = "1" } };
        var text = new Dictionary<string, string>
        {
            ["new"] = "\"quoted\", \\ and ünicode ∇ \n 😀",
            [""] = "",
            ["quotient.network"] = "nonsense",
        };
        model.Save(folder.At("a"), text);
        text.Remove("quotient.network");
        Assert.That(Model.Load(folder.At("a")).Metadata, Is.EquivalentTo(text));
    }

    [Test]
    public void The_same_metadata_in_another_order_gives_the_same_bytes()
    {
        using var folder = new ScratchFolder();
        var model = new Model(Network.Mlp([2, 1]), [1, 2, 3]);
        model.Save(folder.At("a"), new Dictionary<string, string> { ["x"] = "1", ["y"] = "2" });
        model.Save(folder.At("b"), new Dictionary<string, string> { ["y"] = "2", ["x"] = "1" });
        Assert.That(File.ReadAllBytes(folder.At("a")), Is.EqualTo(File.ReadAllBytes(folder.At("b"))));
    }

    [Test]
    public void The_whole_file_is_as_the_format_says()
    {
        using var folder = new ScratchFolder();
        new Model(Network.Mlp([2, 1]), [1, -2, 0.5]).Save(folder.At("a"));
        var (header, data) = RawFile.Split(File.ReadAllBytes(folder.At("a")));
        Assert.Multiple(() =>
        {
            Assert.That(Encoding.UTF8.GetString(header).TrimEnd(' '), Is.EqualTo(
                """
                {"__metadata__":{"quotient.network":"{\"version\":1,\"input\":[2],\"nodes\":[
                {\"name\":\"0\",\"type\":\"dense\",\"inputs\":2,\"outputs\":1,\"bias\":true}]}"},
                "0.weight":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]},
                "0.bias":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}
                """.ReplaceLineEndings("")));
            Assert.That(header.Length % 8, Is.Zero);
            Assert.That(data, Is.EqualTo(new byte[] { 0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0, 0, 0, 0, 0x3F }));
        });
    }

    [Test]
    public void A_model_larger_than_one_chunk_comes_back()
    {
        using var folder = new ScratchFolder();
        foreach (var precision in Enum.GetValues<Precision>())
        {
            var model = Model.Initialise(Network.Mlp([157, 211, 3]), Initialisation.PyTorch, 11, precision);
            model.Save(folder.At("a"));
            var again = Model.Load(folder.At("a"));
            Assert.That(again.Parameters, Is.EqualTo(model.Parameters));
            Assert.That(again.Stored, Is.EqualTo(precision));
        }
    }

    [Test]
    public void A_model_stored_in_single_is_rounded_to_it()
    {
        using var folder = new ScratchFolder();
        new Model(Network.Mlp([1, 1]), [1.0 / 3, 1e-60]).Save(folder.At("a"));
        Assert.That(Model.Load(folder.At("a")).Parameters, Is.EqualTo(new double[] { 1.0f / 3, 0 }));
    }

    [Test]
    public void A_network_without_tensors_makes_a_file()
    {
        using var folder = new ScratchFolder();
        new Model(Network.Chain(new(2, 3, 4), new Relu()), []).Save(folder.At("a"));
        Assert.That(Model.Load(folder.At("a")).Network.Output, Is.EqualTo(new Shape(2, 3, 4)));
    }

    [TestCase(double.NaN, Precision.Single)]
    [TestCase(double.NegativeInfinity, Precision.Double)]
    [TestCase(1e39, Precision.Single)]
    public void What_could_not_be_loaded_is_not_saved_and_what_was_there_stays(double value, Precision stored)
    {
        using var folder = new ScratchFolder();
        string path = folder.Write("a", [1, 2, 3]);
        var model = new Model(Network.Mlp([2, 2]), [0, 0, 0, 0, 0, value], stored);
        Assert.Multiple(() =>
        {
            Assert.That(() => model.Save(path), Refusal.With(path, "'0.bias'", "[1]"));
            Assert.That(File.ReadAllBytes(path), Is.EqualTo(new byte[] { 1, 2, 3 }));
            Assert.That(folder.Files, Is.EqualTo(new[] { "a" }));
        });
    }

    [Test]
    public void A_place_that_cannot_be_written_is_refused()
    {
        using var folder = new ScratchFolder();
        var model = new Model(Network.Mlp([1, 1]), [0, 0]);
        Assert.Multiple(() =>
        {
            Assert.That(() => model.Save(folder.At("none/a")), Refusal.With("none/a"));
            Assert.That(() => model.Save(folder.Path), Refusal.With(folder.Path));
            Assert.That(() => model.Save(""), Refusal.With("cannot write"));
            Assert.That(() => model.Save(folder.At("a\0b")), Refusal.With("cannot write"));
            Assert.That(folder.Files, Is.Empty);
        });
    }

    [Test]
    public void Text_that_is_not_unicode_is_not_written()
    {
        using var folder = new ScratchFolder();
        var model = new Model(Network.Mlp([1, 1]), [0, 0]);
        var half = new Dictionary<string, string> { ["x"] = "\ud800" };
        Assert.Multiple(() =>
        {
            Assert.That(() => model.Save(folder.At("a"), half), Refusal.With("'x'", "Unicode"));
            Assert.That(folder.Files, Is.Empty);
        });
    }

    [Test]
    public void A_layer_that_files_do_not_know_is_not_written()
    {
        using var folder = new ScratchFolder();
        Assert.That(() => new Model(Network.Chain(new(2), new Unknown()), []).Save(folder.At("a")), Refusal.With("Unknown"));
    }

    [Test]
    public void Parameters_of_another_number_are_refused() =>
        Assert.That(() => new Model(Network.Mlp([2, 1]), [1, 2]), Refusal.With("2-1", "3 parameters", "2 were given"));

    private static IEnumerable<long> Bits(double[] values) => values.Select(BitConverter.DoubleToInt64Bits);

    private static IEnumerable<(string, Layer)> Layers(Model model) => model.Network.Nodes.Select(node => (node.Name, node.Layer));

    private static Dictionary<string, string> Tensors(string file)
    {
        var (header, data) = RawFile.Split(File.ReadAllBytes(file));
        using var json = JsonDocument.Parse(header);
        return json.RootElement.EnumerateObject().Where(tensor => tensor.Name != "__metadata__").ToDictionary(
            tensor => tensor.Name,
            tensor =>
            {
                var offsets = tensor.Value.GetProperty("data_offsets");
                string bytes = Convert.ToHexString(data[offsets[0].GetInt32()..offsets[1].GetInt32()]);
                return $"{tensor.Value.GetProperty("dtype")} {tensor.Value.GetProperty("shape")} {bytes}";
            });
    }

    private sealed record Case(string[] Names, int[] Widths, string Stored, double[] Parameters);

    private sealed record Unknown : Layer
    {
        public override Shape Output(IReadOnlyList<Shape> inputs) => Single(inputs);
    }
}
