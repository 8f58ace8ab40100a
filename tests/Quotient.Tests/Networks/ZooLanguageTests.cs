using NUnit.Framework;
using Quotient.Networks;
using Quotient.Networks.Layers;

namespace Quotient.Tests.Networks;

/// <summary>Networks in words, a word for each layer.</summary>
public class ZooLanguageTests
{
    [Test]
    public void Each_word_is_a_layer_named_as_in_a_Sequential()
    {
        var network = Network.Parse("conv:1x28x28,16c5p2,relu,max2,32c3,bn,relu,gap,10");
        Layer[] wanted =
        [
            new Convolution(1, 16, Window.Square(5, 1, 2)), new Relu(), new MaxPool(Window.Square(2, 2)), new Convolution(16, 32, Window.Square(3)),
            new BatchNorm(32), new Relu(), new GlobalAveragePool(), new Flatten(), new Dense(32, 10),
        ];
        Assert.Multiple(() =>
        {
            Assert.That(network.Input, Is.EqualTo(new Shape(1, 28, 28)));
            Assert.That(network.Nodes.Select(node => node.Layer), Is.EqualTo(wanted));
            Assert.That(network.Nodes.Select(node => node.Name), Is.EqualTo(Enumerable.Range(0, 9).Select(i => $"{i}")));
            Assert.That(network.ToString(), Is.EqualTo("1×28×28-16c5p2-max2-32c3-bn-gap-10"));
        });
    }

    private static IEnumerable<TestCaseData> Words() =>
        new (string Word, Layer Layer)[]
        {
            ("7c3", new Convolution(2, 7, Window.Square(3))),
            ("7c3n", new Convolution(2, 7, Window.Square(3), false)),
            ("7c3s2p1", new Convolution(2, 7, Window.Square(3, 2, 1))),
            ("7c3p1s2", new Convolution(2, 7, Window.Square(3, 2, 1))),
            ("7c3s2p1n", new Convolution(2, 7, Window.Square(3, 2, 1), false)),
            ("7c3x5s2x1p1x2", new Convolution(2, 7, new(3, 5) { StrideY = 2, StrideX = 1, Top = 1, Bottom = 1, Left = 2, Right = 2 })),
            ("7c3×5", new Convolution(2, 7, new(3, 5))),
            ("max2", new MaxPool(Window.Square(2, 2))),
            ("max3s1", new MaxPool(Window.Square(3))),
            ("max3s2p1", new MaxPool(Window.Square(3, 2, 1))),
            ("max1x2", new MaxPool(new(1, 2) { StrideX = 2 })),
            ("avg2", new AveragePool(Window.Square(2, 2))),
            ("avg3s2p1", new AveragePool(Window.Square(3, 2, 1))),
            ("gap", new GlobalAveragePool()),
            ("bn", new BatchNorm(2)),
            ("relu", new Relu()),
            ("flatten", new Flatten()),
        }.Select(pair => new TestCaseData(pair.Word, pair.Layer).SetArgDisplayNames(pair.Word));

    [TestCaseSource(nameof(Words))]
    public void A_word_is_read(string word, Layer layer) =>
        Assert.That(Network.Parse($"conv:2x9x8,{word}").Nodes.Single(), Is.EqualTo(new Node("0", layer, [-1])).Using<Node>(Same));

    [Test]
    public void A_dense_layer_flattens_an_image_once()
    {
        string Kinds(string text) => string.Join(' ', Network.Parse(text).Nodes.Select(node => node.Layer.GetType().Name));
        Assert.Multiple(() =>
        {
            Assert.That(Kinds("conv:2x3x3,5,relu,4n"), Is.EqualTo("Flatten Dense Relu Dense"));
            Assert.That(Kinds("conv:2x3x3,flatten,relu,4"), Is.EqualTo("Flatten Relu Dense"));
            Assert.That(Kinds("conv:8,5,bn,relu,4"), Is.EqualTo("Dense BatchNorm Relu Dense"));
            Assert.That(Network.Parse("conv:8,5,bn,relu,4n").Tensors.Select(tensor => tensor.Name), Is.EqualTo(new[]
            {
                "0.weight", "0.bias", "1.weight", "1.bias", "3.weight",
            }));
        });
    }

    [Test]
    public void The_flag_leaves_out_biases_of_convolutions_and_dense_layers() => Assert.That(
        Network.Parse("conv:2x3x3,4c3,bn,5", bias: false).Tensors.Select(tensor => tensor.Name),
        Is.EqualTo(new[] { "0.weight", "1.weight", "1.bias", "3.weight" }));

    [Test]
    public void A_block_is_added_to_what_it_reads()
    {
        var network = Network.Parse("conv:2x8x8,4c3p1,res(4c3p1,relu),res(relu,6c3s2p1n),gap,3");
        (string, Layer, int[])[] wanted =
        [
            ("0", new Convolution(2, 4, Window.Square(3, 1, 1)), [-1]),
            ("1.0", new Convolution(4, 4, Window.Square(3, 1, 1)), [0]),
            ("1.1", new Relu(), [1]),
            ("1", new Sum(), [2, 0]),
            ("2.0", new Relu(), [3]),
            ("2.1", new Convolution(4, 6, Window.Square(3, 2, 1), false), [4]),
            ("2.shortcut", new Shortcut(6, 2), [3]),
            ("2", new Sum(), [5, 6]),
            ("3", new GlobalAveragePool(), [7]),
            ("4", new Flatten(), [8]),
            ("5", new Dense(6, 3), [9]),
        ];
        Assert.That(
            network.Nodes, Is.EqualTo(wanted.Select(node => new Node(node.Item1, node.Item2, node.Item3))).Using<Node>(Same));
    }

    [Test]
    public void Blocks_lie_in_each_other()
    {
        var network = Network.Parse("conv:4x2x2,res(res(4c1),relu),3");
        Assert.That(
            string.Join(' ', network.Nodes.Select(node => $"{node.Name}:{string.Join('+', node.Inputs)}")),
            Is.EqualTo("0.0.0:-1 0.0:0+-1 0.1:1 0:2+-1 1:3 2:4"));
    }

    [Test]
    public void Resnet20_can_be_said_in_words()
    {
        string Group(int outputs, string stride) => string.Join(',', Enumerable.Range(0, 3).Select(block =>
            $"res({outputs}c3{(block == 0 ? stride : "")}p1n,bn,relu,{outputs}c3p1n,bn),relu"));
        Assert.That(
            Network.Parse($"conv:3x32x32,16c3p1n,bn,relu,{Group(16, "")},{Group(32, "s2")},{Group(64, "s2")},gap,10").ParameterCount,
            Is.EqualTo(269_722));
    }

    [TestCase("conv:", "''", "shape")]
    [TestCase("conv:1x28,10", "'1x28'", "shape")]
    [TestCase("conv:1x28x28", "no layer")]
    [TestCase("conv:1x28x28,", "''", "no layer")]
    [TestCase("conv:1x28x28,16k5", "'16k5'", "16c5s1p2")]
    [TestCase("conv:1x28x28,16c", "'16c'")]
    [TestCase("conv:1x28x28,16c5q2", "'16c5q2'")]
    [TestCase("conv:1x28x28,16c5 ", "'16c5 '")]
    [TestCase("conv:1x28x28,16c0", "'16c0'", "'0'", "at least 1")]
    [TestCase("conv:1x28x28,16c3s0", "'16c3s0'", "'0'")]
    [TestCase("conv:1x28x28,16c3s1p1s1", "'16c3s1p1s1'", "stride", "twice")]
    [TestCase("conv:1x28x28,16c3x3x3", "'16c3x3x3'", "two extents")]
    [TestCase("conv:1x28x28,16c99999999999", "'99999999999'")]
    [TestCase("conv:1x28x28,16c29", "'16c29'", "1×28×28")]
    [TestCase("conv:1x28x28,max2p2", "'max2p2'", "smaller")]
    [TestCase("conv:1x28x28,max2n", "'max2n'", "no bias")]
    [TestCase("conv:1x28x28,0", "'0'")]
    [TestCase("conv:1x28x28,-10", "'-10'")]
    [TestCase("conv:1x28x28,res(16c3,relu", "not closed")]
    [TestCase("conv:1x28x28,res(),10", "'res()'")]
    [TestCase("conv:1x28x28,10)", "'10)'", "closes no block")]
    [TestCase("conv:4x8x8,res(2c3p1)", "4×8×8", "2×8×8", "no shortcut")]
    [TestCase("conv:4x8x8,res(4c4)", "4×8×8", "4×5×5", "no shortcut")]
    [TestCase("conv:1x28x28,2147483647c1,flatten", "'2147483647c1'", "2147483647×28×28")]
    public void Bad_words_are_refused_with_what_is_wrong(string text, params string[] parts) =>
        Assert.That(() => Network.Parse(text), Refusal.With(parts));

    [Test]
    public void Blocks_too_deep_are_refused() => Assert.That(
        () => Network.Parse($"conv:4x2x2,{string.Concat(Enumerable.Repeat("res(", 100_000))}4c1"), Refusal.With("more than 16 deep"));

    private static bool Same(Node a, Node b) => a.Name == b.Name && a.Layer == b.Layer && a.Inputs.SequenceEqual(b.Inputs);
}
