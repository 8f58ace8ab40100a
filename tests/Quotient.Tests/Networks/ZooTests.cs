using NUnit.Framework;
using Quotient.Networks;
using Quotient.Networks.Layers;

namespace Quotient.Tests.Networks;

/// <summary>Architectures by name: counts of parameters as published, names, shapes, options, and the text that says them again.</summary>
public class ZooTests
{
    private static readonly string[] Names = ["alexnet-small", "lenet", "resnet20", "vgg16", "vgg16-bn"];

    [TestCase("lenet", 61_706)]
    [TestCase("alexnet-small", 1_387_786)]
    [TestCase("vgg16", 14_719_818)]
    [TestCase("vgg16-bn", 14_728_266)]
    [TestCase("resnet20", 269_722)]
    [TestCase("lenet,no-bias", 61_706 - 6 - 16 - 120 - 84 - 10)]
    [TestCase("alexnet-small,no-bias", 1_387_786 - 64 - 64 - 384 - 192 - 10)]
    [TestCase("vgg16,no-bias", 14_719_818 - 4224 - 10)]
    [TestCase("vgg16-bn,no-bias", 14_728_266 - 4224 - 10)]
    [TestCase("resnet20,no-bias", 269_722 - 10)]
    [TestCase("lenet,input=3×32×32", 61_706 + (6 * 2 * 25) + (16 * (36 - 25) * 120))]
    [TestCase("lenet,classes=3", 61_706 - (7 * 85))]
    [TestCase("lenet,no-bias,input=3×32×32,classes=3", 62_006 + (16 * 11 * 120) - 236 - (7 * 84))]
    public void A_name_has_as_many_parameters_as_published_and_is_its_own_text(string text, int parameters)
    {
        var network = Network.Parse(text);
        Assert.Multiple(() =>
        {
            Assert.That(network.ParameterCount, Is.EqualTo(parameters));
            Assert.That(network.ToString(), Is.EqualTo(text));
        });
    }

    [Test]
    public void Every_name_has_ten_classes_and_the_input_of_its_data() => Assert.Multiple(() =>
    {
        foreach (string name in Names)
        {
            var network = Network.Parse(name);
            Assert.That(network.Output, Is.EqualTo(new Shape(10)), name);
            Assert.That(network.Input, Is.EqualTo(name == "lenet" ? new Shape(1, 28, 28) : new Shape(3, 32, 32)), name);
        }
    });

    [TestCase("lenet", "conv1 relu1 pool1 conv2 relu2 pool2 flatten fc1 relu3 fc2 relu4 fc3")]
    [TestCase("alexnet-small", "conv1 relu1 pool1 conv2 relu2 pool2 flatten fc1 relu3 fc2 relu4 fc3")]
    public void Layers_have_the_names_of_modules(string text, string names) =>
        Assert.That(string.Join(' ', Network.Parse(text).Nodes.Select(node => node.Name)), Is.EqualTo(names));

    /// <summary>Those that torchvision's <c>vgg16_bn().state_dict()</c> has before its classifier.</summary>
    [Test]
    public void Vgg_has_the_names_of_torchvision()
    {
        int[] convolutions = [0, 3, 7, 10, 14, 17, 20, 24, 27, 30, 34, 37, 40];
        string[] wanted =
        [
            .. convolutions.SelectMany(i => new[]
            {
                $"features.{i}.weight", $"features.{i}.bias", $"features.{i + 1}.weight", $"features.{i + 1}.bias",
            }),
            "classifier.weight", "classifier.bias",
        ];
        var network = Network.Parse("vgg16-bn");
        Assert.That(network.Tensors.Select(tensor => tensor.Name), Is.EqualTo(wanted));
        Assert.That(network.Buffers.Select(tensor => tensor.Name).Take(2), Is.EqualTo(new[] { "features.1.running_mean", "features.1.running_var" }));
    }

    [Test]
    public void Resnet_has_twenty_layers_of_weights_and_two_shortcuts()
    {
        var network = Network.Parse("resnet20");
        string[] names = [.. network.Tensors.Select(tensor => tensor.Name)];
        var shortcuts = network.Nodes.Where(node => node.Layer is Shortcut).Select(node => (node.Name, node.Layer));
        Assert.Multiple(() =>
        {
            Assert.That(network.Nodes.Count(node => node.Layer is Convolution or Dense), Is.EqualTo(20));
            Assert.That(network.Nodes.Count(node => node.Layer is Sum), Is.EqualTo(9));
            Assert.That(names.Take(6), Is.EqualTo(new[]
            {
                "conv1.weight", "bn1.weight", "bn1.bias", "layer1.0.conv1.weight", "layer1.0.bn1.weight", "layer1.0.bn1.bias",
            }));
            Assert.That(names[^2..], Is.EqualTo(new[] { "fc.weight", "fc.bias" }));
            Assert.That(shortcuts, Is.EqualTo(new (string, Layer)[]
            {
                ("layer2.0.shortcut", new Shortcut(32, 2)), ("layer3.0.shortcut", new Shortcut(64, 2)),
            }));
            Assert.That(network.Shapes.Distinct(), Is.EqualTo(new Shape[]
            {
                new(16, 32, 32), new(32, 16, 16), new(64, 8, 8), new(64), new(10),
            }));
        });
    }

    [Test]
    public void Alexnet_pools_without_padding()
    {
        var network = Network.Parse("alexnet-small");
        Assert.That(
            network.Shapes.Where((_, i) => network.Nodes[i].Layer is MaxPool), Is.EqualTo(new Shape[] { new(64, 15, 15), new(64, 7, 7) }));
    }

    [Test]
    public void The_flag_leaves_biases_out_as_the_word_does() => Assert.Multiple(() =>
    {
        foreach (string name in Names)
        {
            Assert.That(Network.Parse(name, bias: false).ToString(), Is.EqualTo($"{name},no-bias"));
        }
    });

    [Test]
    public void Extents_may_be_joined_by_the_letter_x() =>
        Assert.That(Network.Parse("lenet,input=3x32x32").ToString(), Is.EqualTo("lenet,input=3×32×32"));

    [Test]
    public void A_network_is_known_whatever_its_layers_are_called_and_only_if_they_are_the_same()
    {
        var network = Network.Parse("lenet");
        Network Renamed(Func<Node, Layer> layer) =>
            new(network.Input, [.. network.Nodes.Select((node, i) => node with { Name = $"n{i}", Layer = layer(node) })]);
        Assert.Multiple(() =>
        {
            Assert.That(Renamed(node => node.Layer).ToString(), Is.EqualTo("lenet"));
            Assert.That(
                Renamed(node => node.Name == "fc2" ? new Dense(120, 84, false) : node.Layer).ToString(),
                Is.EqualTo("1×28×28-6c5p2-max2-16c5-max2-120-84-10"));
            Assert.That(
                Renamed(node => node.Name == "pool2" ? new AveragePool(Window.Square(2, 2)) : node.Layer).ToString(),
                Is.EqualTo("1×28×28-6c5p2-max2-16c5-avg2-120-84-10"));
        });
    }

    [Test]
    public void The_text_of_a_deep_network_without_a_name_is_short()
    {
        string blocks = string.Join(',', Enumerable.Repeat("res(16c3p1,bn,relu,16c3p1,bn),relu", 40));
        Assert.That(
            Network.Parse($"conv:3x32x32,16c3p1,{blocks},gap,10").ToString(),
            Is.EqualTo("3×32×32-16c3p1-16c3p1-bn-16c3p1-bn-…-gap-10 (284 layers)"));
    }

    [TestCase("lenet,bias", "'bias'", "no-bias", "input=1×28×28", "classes=10")]
    [TestCase("lenet,no-bias,no-bias", "'no-bias'", "second time")]
    [TestCase("lenet,input=28x28", "'input=28x28'")]
    [TestCase("lenet,input=0x28x28", "'input=0x28x28'")]
    [TestCase("lenet,input=65536x65536x9", "'input=65536x65536x9'")]
    [TestCase("lenet,classes=0", "'classes=0'")]
    [TestCase("lenet,classes", "'classes'")]
    [TestCase("vgg16,input=1x28x28", "'features.30'", "an image of 512")]
    [TestCase("vgg17", "'vgg17'", "vgg16-bn", "resnet20")]
    [TestCase("lenet:10", "'lenet'", "'binary:'")]
    public void A_bad_text_is_refused_with_what_is_wrong(string text, params string[] parts) =>
        Assert.That(() => Network.Parse(text), Refusal.With(parts));

    [TestCase("lenet")]
    [TestCase("resnet20,no-bias")]
    public void Files_keep_a_network(string text)
    {
        using var folder = new ScratchFolder();
        Model.Initialise(Network.Parse(text), Initialisation.He, 1).Save(folder.At("net.safetensors"));
        Assert.That(Model.Load(folder.At("net.safetensors")).Network.ToString(), Is.EqualTo(text));
    }
}
