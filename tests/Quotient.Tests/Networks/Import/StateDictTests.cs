using NUnit.Framework;
using Quotient.Networks;
using Quotient.Networks.Layers;
using static Quotient.Tests.Networks.RawFile;

namespace Quotient.Tests.Networks.Import;

/// <summary>State_dicts of PyTorch whose names were sorted, put to networks that are named beside them.</summary>
public class StateDictTests
{
    private static readonly string Weights = Header(Entry("a.weight", "[2,3]", 0, 24), Entry("b.weight", "[2,2]", 24, 40));

    /// <summary>The networks of the files, by their names.</summary>
    internal static IReadOnlyDictionary<string, Network> Networks { get; } = new Dictionary<string, Network>
    {
        ["lenet"] = Network.Build(new(1, 12, 12), x => x
            .Convolution(3, 5, padding: 2).Relu().MaxPool(2).Convolution(4, 3).Relu().MaxPool(2).Flatten().Dense(9).Relu().Dense(7).Relu().Dense(5)),
        ["vgg"] = Network.Build(new(3, 8, 8), x => Wide(Wide(Wide(x, 4), 4).MaxPool(2), 6).MaxPool(2).Flatten().Dense(5)),
        ["resnet"] = Network.Build(new(3, 8, 8), x =>
            Block(Block(Norm(x, 4).Relu(), 4, 1), 6, 2).GlobalAveragePool().Dense(5)),
    };

    [Test]
    public void Modules_find_their_layers([Values("lenet", "vgg", "resnet")] string name)
    {
        var golden = OnnxGolden.Of($"{name}.safetensors");
        var model = Model.Load(OnnxGolden.At($"{name}.safetensors"), Networks[name]);
        Assert.That(model.Network.Tensors.Select(tensor => tensor.Name), Is.EqualTo(golden.Tensors.Select(tensor => tensor.Name)));
        Assert.That(model.Parameters, Is.EqualTo(golden.Tensors.SelectMany(tensor => tensor.Values)));
        Assert.That(model.Network.Buffers.Select(tensor => tensor.Name), Is.EqualTo(golden.Buffers.Select(tensor => tensor.Name)));
        Assert.That(model.Buffers, Is.EqualTo(golden.Buffers.SelectMany(tensor => tensor.Values)));
        Assert.That(model.Network.ToString(), Is.EqualTo(Networks[name].ToString()));
    }

    [Test]
    public void A_model_that_was_matched_is_kept_as_it_is_named()
    {
        using var folder = new ScratchFolder();
        var model = Model.Load(OnnxGolden.At("resnet.safetensors"), Networks["resnet"]);
        model.Save(folder.At("own.safetensors"));
        var again = Model.Load(folder.At("own.safetensors"));
        Assert.That(again.Network.Tensors, Is.EqualTo(model.Network.Tensors).Using<NetworkTensor, NetworkTensor>((a, b) => a.Name == b.Name && a.Offset == b.Offset));
        Assert.That(again.Parameters, Is.EqualTo(model.Parameters));
    }

    [Test]
    public void Without_a_network_the_file_is_refused_with_what_is_missing() => Assert.That(
        () => Model.Load(OnnxGolden.At("lenet.safetensors")), Refusal.With("conv1.", "no architecture was given"));

    [Test]
    public void A_layer_without_a_module_is_named() => Assert.That(
        () => Model.Load(OnnxGolden.At("lenet.safetensors"), Networks["vgg"]),
        Refusal.With("layer '1': weight [4], bias [4], running_mean [4]", "the first left is 'conv1' with", "weight [3, 1, 5, 5]"));

    [Test]
    public void A_module_without_a_layer_is_named() => AssertRefused(Weights, Network.Mlp([3, 2], false), "module 'b'", "weight [2, 2]", "3-2");

    [Test]
    public void A_bias_that_the_network_lacks_is_named() =>
        AssertRefused(Header(Entry("a.weight", "[2,3]", 0, 24), Entry("a.bias", "[2]", 24, 32)), Network.Mlp([3, 2], false), "layer '0': weight [2, 3]", "'a'", "bias [2]");

    [Test]
    public void A_file_that_says_what_it_is_takes_no_other_word()
    {
        using var folder = new ScratchFolder();
        var network = Network.Mlp([3, 2]);
        Model.Initialise(network, Initialisation.He, 1).Save(folder.At("own.safetensors"));
        Assert.That(() => Model.Load(folder.At("own.safetensors"), network), Refusal.With("its own architecture", "quotient.network"));
    }

    [Test]
    public void Numbers_in_names_count_and_other_layers_keep_out_of_their_way()
    {
        using var folder = new ScratchFolder();
        string path = folder.Write("net", Of(
            Header(Entry("10.weight", "[2,2]", 0, 16), Entry("1.weight", "[2,2]", 16, 32), Entry("2.weight", "[2,2]", 32, 48)),
            1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3));
        var model = Model.Load(path, Network.Mlp([2, 2, 2, 2], false));
        Assert.That(model.Network.Nodes.Select(node => node.Name), Is.EqualTo(new[] { "1", "1.2", "2", "3", "10" }));
        Assert.That(model.Parameters, Is.EqualTo(new double[] { 2, 2, 2, 2, 3, 3, 3, 3, 1, 1, 1, 1 }));
    }

    [Test]
    public void Names_that_say_no_order_are_refused_unless_they_are_the_networks()
    {
        using var folder = new ScratchFolder();
        string path = folder.Write("net", Of(
            Header(Entry("last.weight", "[2,2]", 0, 16), Entry("mid.weight", "[2,2]", 16, 32)), 1, 1, 1, 1, 2, 2, 2, 2));
        Assert.That(() => Model.Load(path, Network.Mlp([2, 2, 2], false)), Refusal.With("'last' and 'mid'", "layer '0'", "no order"));
        var named = new Network(new(2), [new("mid", new Dense(2, 2, false), [-1]), new("last", new Dense(2, 2, false), [0])]);
        Assert.That(Model.Load(path, named).Parameters, Is.EqualTo(new double[] { 2, 2, 2, 2, 1, 1, 1, 1 }));
    }

    [Test]
    public void A_layer_alone_may_have_no_name()
    {
        using var folder = new ScratchFolder();
        var model = Model.Load(folder.Write("net", Of(Header(Entry("weight", "[1,2]", 0, 8), Entry("bias", "[1]", 8, 12)), 1, 2, 3)), Network.Mlp([2, 1]));
        Assert.That(model.Parameters, Is.EqualTo(new double[] { 1, 2, 3 }));
        Assert.That(model.Network.Tensors.Select(tensor => tensor.Name), Is.EqualTo(new[] { "weight", "bias" }));
    }

    [Test]
    public void Whole_numbers_are_no_weights()
    {
        using var folder = new ScratchFolder();
        string path = folder.Write("net", Of(Header(Entry("a.weight", "[1,1]", 0, 8, "I64")), 1, 2));
        Assert.That(() => Model.Load(path, Network.Mlp([1, 1], false)), Refusal.With("'a.weight' has dtype I64"));
        Assert.That(() => Model.Load(path), Refusal.With("'a.weight' has dtype I64"));
    }

    private static Signal Wide(Signal x, int channels) => x.Convolution(channels, 3, padding: 1).BatchNorm().Relu();

    private static Signal Norm(Signal x, int channels, int stride = 1) => x.Convolution(channels, 3, stride, 1, false).BatchNorm();

    private static Signal Block(Signal x, int channels, int stride)
    {
        var y = Norm(Norm(x, channels, stride).Relu(), channels);
        return y.Plus(stride == 1 ? x : x.Convolution(channels, 1, stride, bias: false).BatchNorm()).Relu();
    }

    private static void AssertRefused(string header, Network network, params string[] words)
    {
        using var folder = new ScratchFolder();
        int floats = header.Contains("bias", StringComparison.Ordinal) ? 8 : 10;
        string path = folder.Write("net.safetensors", Of(header, new float[floats]));
        Assert.That(() => Model.Load(path, network), Refusal.With([$"{path}: ", .. words]));
    }
}
