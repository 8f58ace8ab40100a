using System.Text.Json;
using NUnit.Framework;
using Quotient.Networks;

namespace Quotient.Tests.Networks;

/// <summary>Binary architectures as text, and binary models as files.</summary>
public class BinaryModelTests
{
    private static readonly string Golden = Path.Combine(TestContext.CurrentContext.TestDirectory, "Golden", "binary");

    [TestCase("binary:7-5-3", "BinaryDense Sign BinaryDense")]
    [TestCase("binary,relu:7-5-3", "BinaryDense Relu BinaryDense")]
    [TestCase("binary,real-first:7-5-3", "Dense Sign BinaryDense")]
    [TestCase("binary,binary-input:7-3", "Sign BinaryDense")]
    [TestCase("binary,relu,real-first,binary-input=-0.25:7-5-3", "Sign Dense Relu BinaryDense")]
    public void An_architecture_is_read_from_text(string text, string layers)
    {
        var network = Network.Parse(text);
        Assert.That(string.Join(' ', network.Nodes.Select(node => node.Layer.GetType().Name)), Is.EqualTo(layers));
        Assert.That(network.ToString(), Is.EqualTo(text.Replace("binary-input:", "binary-input=0.5:", StringComparison.Ordinal)));
    }

    [TestCase("ternary:7-5-3", "'ternary'")]
    [TestCase(":7-5-3", "''")]
    [TestCase("binary,elu:7-5-3", "'elu'", "real-first")]
    [TestCase("binary,relu,relu:7-5-3", "'relu'", "second time")]
    [TestCase("binary,binary-input=1,binary-input:7-5-3", "twice")]
    [TestCase("binary,binary-input=x:7-5-3", "'binary-input=x'")]
    [TestCase("binary,binary-input=nan:7-5-3", "binary-input=nan")]
    [TestCase("binary:7", "two widths")]
    [TestCase("binary:7-0-3", "at least 1")]
    [TestCase("binary:7:3", "'7:3'")]
    public void A_bad_architecture_is_refused_with_what_is_wrong(string text, params string[] parts)
    {
        var error = Assert.Throws<QuotientException>(() => Network.Parse(text))!;
        Assert.That(parts.All(part => error.Message.Contains(part, StringComparison.Ordinal)), error.Message);
    }

    [Test]
    public void Leaving_out_biases_that_are_not_there_is_refused() =>
        Assert.That(() => Network.Parse("binary:7-3", bias: false), Throws.TypeOf<QuotientException>());

    [Test]
    public void Weights_that_numpy_packed_are_read()
    {
        var model = Model.Load(Path.Combine(Golden, "packed.safetensors"));
        double[] wanted = JsonSerializer.Deserialize<double[]>(File.ReadAllText(Path.Combine(Golden, "packed.json")))!;
        Assert.That(model.Parameters, Is.EqualTo(wanted));
        Assert.That(model.Network.ToString(), Is.EqualTo("binary:11-3-2"));
    }

    [Test]
    public void What_is_saved_is_what_was_asked_for([Values] BinaryWeights kept, [Values] Precision precision)
    {
        using var folder = new ScratchFolder();
        string path = folder.At("net.safetensors");
        var model = Model.Initialise(Network.Parse("binary,real-first:9-70-5-3"), Initialisation.He, 3, precision);
        model.Save(path, binaryWeights: kept);
        var loaded = Model.Load(path);
        double[] wanted = kept == BinaryWeights.Shadow ? model.Parameters : model.AtBinaryWeights().Parameters;
        Assert.That(loaded.Parameters, Is.EqualTo(wanted));
        Assert.That(loaded.Network.Nodes, Is.EqualTo(model.Network.Nodes).Using<Node>((a, b) => a.Name == b.Name && a.Layer == b.Layer));
        Assert.That(wanted.Skip(9 * 70 + 70).All(weight => kept == BinaryWeights.Shadow || Math.Abs(weight) == 1));
        int real = (9 * 70) + 70, bytes = precision == Precision.Double ? 8 : 4;
        long data = new FileInfo(path).Length - HeaderOf(path);
        Assert.That(data, Is.EqualTo(kept == BinaryWeights.Packed ? (real * bytes) + (5 * 9) + 3 : wanted.Length * bytes));
    }

    [Test]
    public void The_same_model_packed_again_gives_the_same_bytes()
    {
        using var folder = new ScratchFolder();
        var model = Model.Load(Path.Combine(Golden, "packed.safetensors"));
        model.Save(folder.At("a"), binaryWeights: BinaryWeights.Packed);
        Model.Load(folder.At("a")).Save(folder.At("b"), binaryWeights: BinaryWeights.Packed);
        Assert.That(File.ReadAllBytes(folder.At("b")), Is.EqualTo(File.ReadAllBytes(folder.At("a"))));
    }

    [TestCase(1, "beyond the layer's 11 inputs")]
    public void Bits_that_stand_for_no_weight_are_refused(int place, string part)
    {
        using var folder = new ScratchFolder();
        byte[] bytes = File.ReadAllBytes(Path.Combine(Golden, "packed.safetensors"));
        bytes[HeaderOf(Path.Combine(Golden, "packed.safetensors")) + place] |= 0x80;
        File.WriteAllBytes(folder.At("bad"), bytes);
        Assert.That(() => Model.Load(folder.At("bad")), Throws.TypeOf<QuotientException>().With.Message.Contains(part));
    }

    [TestCase("\"U8\"", "\"I9\"", "I9")]
    [TestCase("weight_bits", "weight_bitz", "0.weight")]
    [TestCase("binary-dense", "binary-tense", "binary-tense")]
    [TestCase("\\\"threshold\\\": 0", "\\\"threshold\\\": []", "threshold")]
    public void A_file_that_says_something_else_is_refused(string text, string instead, string part)
    {
        using var folder = new ScratchFolder();
        byte[] bytes = File.ReadAllBytes(Path.Combine(Golden, "packed.safetensors"));
        int header = HeaderOf(Path.Combine(Golden, "packed.safetensors"));
        string json = System.Text.Encoding.UTF8.GetString(bytes, 8, header - 8);
        Assert.That(json, Does.Contain(text));
        byte[] changed = System.Text.Encoding.UTF8.GetBytes(json.Replace(text, instead, StringComparison.Ordinal));
        File.WriteAllBytes(folder.At("bad"), [.. BitConverter.GetBytes((long)changed.Length), .. changed, .. bytes.AsSpan(header)]);
        Assert.That(() => Model.Load(folder.At("bad")), Throws.TypeOf<QuotientException>().With.Message.Contains(part));
    }

    [Test]
    public void Bytes_are_no_weights_of_an_ordinary_layer()
    {
        using var folder = new ScratchFolder();
        const string Header = """{"0.weight":{"dtype":"U8","shape":[1,2],"data_offsets":[0,2]}}""";
        File.WriteAllBytes(folder.At("bad"), [.. BitConverter.GetBytes((long)Header.Length), .. System.Text.Encoding.ASCII.GetBytes(Header), 1, 2]);
        Assert.That(() => Model.Load(folder.At("bad")), Throws.TypeOf<QuotientException>().With.Message.Contains("U8"));
    }

    private static int HeaderOf(string path) => 8 + (int)BitConverter.ToInt64(File.ReadAllBytes(path), 0);
}
