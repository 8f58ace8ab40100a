using NUnit.Framework;
using Quotient.Networks;
using Quotient.Networks.Layers;

namespace Quotient.Tests.Networks;

public class NetworkTests
{
    [TestCase(-0.5)]
    [TestCase(double.NaN)]
    public void A_running_variance_is_above_zero(double variance) => Assert.That(
        () => new Model(Network.Chain(new(1), new BatchNorm(1)), [1, 0], Precision.Double, [0, variance]),
        Refusal.With("'0.running_var'", "channel 0", "above 0"));

    [TestCase(1, 1, 1, 7, 8)]
    [TestCase(3, 2, 4, 6, 6)]
    [TestCase(2, 3, 2, 3, 3)]
    public void Padding_may_be_as_wide_as_the_window(int size, int stride, int padding, int height, int width)
    {
        // As PyTorch's Conv2d on 5 × 6: ⌊(extent + 2 padding − size) / stride⌋ + 1.
        var network = Network.Build(new(3, 5, 6), x => x.Convolution(4, size, stride, padding));
        Assert.That(network.Output, Is.EqualTo(new Shape(4, height, width)));
    }

    [TestCase("784-512-10", new[] { 784, 512, 10 })]
    [TestCase("2-1", new[] { 2, 1 })]
    [TestCase("5-9-9-9-1", new[] { 5, 9, 9, 9, 1 })]
    public void An_architecture_is_dense_layers_with_relu_between(string text, int[] widths)
    {
        var network = Network.Parse(text);
        var dense = network.Nodes.Where((_, i) => i % 2 == 0).Select(node => node.Layer);
        Assert.Multiple(() =>
        {
            Assert.That(dense, Is.EqualTo(widths.Zip(widths.Skip(1), (inputs, outputs) => new Dense(inputs, outputs))));
            Assert.That(network.Nodes.Where((_, i) => i % 2 == 1).Select(node => node.Layer), Is.All.EqualTo(new Relu()));
            Assert.That(network.Nodes.Select(node => node.Name), Is.EqualTo(network.Nodes.Select((_, i) => $"{i}")));
            Assert.That(network.Nodes, Has.Count.EqualTo((2 * widths.Length) - 3));
            Assert.That(network.ToString(), Is.EqualTo(text));
        });
    }

    [TestCase("", "''")]
    [TestCase("784", "'784'")]
    [TestCase("784--10", "''")]
    [TestCase("-784-10", "''")]
    [TestCase("784-x-10", "'x'")]
    [TestCase("784- 5-10", "' 5'")]
    [TestCase("784-0-10", "'784-0-10'")]
    [TestCase("784-1.5", "'1.5'")]
    [TestCase("99999999999-10", "'99999999999'")]
    public void An_architecture_that_is_none_is_refused_with_what_was_found(string text, string seen) =>
        Assert.That(() => Network.Parse(text), Refusal.With(seen, "such as 784-"));

    [Test]
    public void Parameters_lie_layer_by_layer_weight_then_bias()
    {
        var network = new Network(
            new(3), [new("a", new Dense(3, 4), [-1]), new("b", new Relu(), [0]), new("c.d", new Dense(4, 2, Bias: false), [1])]);
        Assert.Multiple(() =>
        {
            Assert.That(network.Tensors.Select(t => (t.Name, t.Node, t.Offset, t.Size)), Is.EqualTo(new[]
            {
                ("a.weight", 0, 0L, 12L), ("a.bias", 0, 12L, 4L), ("c.d.weight", 2, 16L, 8L),
            }));
            Assert.That(network.Tensors[0].Shape.Dimensions, Is.EqualTo(new[] { 4, 3 }));
            Assert.That(network.ParameterCount, Is.EqualTo(24));
        });
    }

    [Test]
    public void Parameter_blocks_join_the_tensors_of_each_layer_and_cover_the_parameters()
    {
        var network = Network.Mlp([3, 4, 5, 2]);
        Assert.Multiple(() =>
        {
            Assert.That(network.ParameterBlocks, Is.EqualTo(new ParameterBlock[]
            {
                new("0", 0, 0, 16), new("2", 2, 16, 25), new("4", 4, 41, 12),
            }));
            Assert.That(network.ParameterBlocks.Sum(block => block.Length), Is.EqualTo(network.ParameterCount));
        });
    }

    [Test]
    public void A_network_without_parameters_has_no_blocks()
    {
        var network = Network.Chain(new(3), new Relu());
        Assert.Multiple(() =>
        {
            Assert.That(network.ParameterBlocks, Is.Empty);
            Assert.That(network.ParameterCount, Is.Zero);
        });
    }

    [Test]
    public void A_dense_layer_reads_an_image_as_its_values() =>
        Assert.That(Network.Chain(new(3, 4, 5), new Relu(), new Dense(60, 2)).Output, Is.EqualTo(new Shape(2)));

    [Test]
    public void Widths_that_do_not_match_are_refused_with_the_layer_that_they_break() => Assert.That(
        () => Network.Chain(new(3), new Dense(3, 4), new Relu(), new Dense(5, 2)), Refusal.With("'2'", "5 inputs", "4 outputs"));

    [Test]
    public void A_graph_may_branch_and_join()
    {
        // relu(x) is read twice, as a residual sum needs it: once through a layer, once directly.
        var network = new Network(
            new(3), [new("a", new Relu(), [-1]), new("b", new Dense(3, 3), [0]), new("sum", new Join(), [0, 1])]);
        Assert.That(network.Output, Is.EqualTo(new Shape(3)));
    }

    [Test]
    public void Nodes_that_do_not_form_a_graph_are_refused()
    {
        Node First(string name = "a") => new(name, new Relu(), [-1]);
        Assert.Multiple(() =>
        {
            Assert.That(() => new Network(new(3), []), Refusal.With("at least one layer"));
            Assert.That(() => new Network(new(3), [First(""), new("b", new Relu(), [0])]), Refusal.With("layer 0", "no name"));
            Assert.That(() => new Network(new(3), [First(), new("a", new Relu(), [0])]), Refusal.With("two layers", "'a'"));
            Assert.That(() => new Network(new(3), [First(), new("b", new Relu(), [-1])]), Refusal.With("no layer reads", "'a'"));
            Assert.That(() => new Network(new(3), [First(), new("b", new Relu(), [1])]), Refusal.With("'b'", "before"));
            Assert.That(() => new Network(new(3), [First(), new("b", new Relu(), [-2])]), Refusal.With("'b'", "before"));
            Assert.That(() => new Network(new(3), [new("a", new Relu(), [])]), Refusal.With("'a'", "0 inputs"));
            Assert.That(() => new Network(new(3), [First(), new("b", new Relu(), [0, -1])]), Refusal.With("'b'", "2 inputs"));
        });
    }

    [TestCase(0, 1, 1)]
    [TestCase(-3, 1, 1)]
    [TestCase(3, -1, -1)]
    [TestCase(65536, 65536, 1)]
    [TestCase(2097152, 2097152, 2097152)]
    public void An_input_of_no_values_or_too_many_is_refused(int channels, int height, int width) =>
        Assert.That(() => Network.Chain(new(channels, height, width), new Relu()), Refusal.With($"{channels}"));

    [TestCase(3, 0)]
    [TestCase(3, -2)]
    [TestCase(-3, 2)]
    public void A_layer_of_no_width_is_refused(int inputs, int outputs) =>
        Assert.That(() => Network.Chain(new(3), new Dense(inputs, outputs)), Refusal.With("layer '0'"));

    [Test]
    public void Parameters_beyond_counting_are_refused()
    {
        const int huge = int.MaxValue;
        Assert.That(() => Network.Mlp([huge, huge, huge, huge]), Refusal.With("'4.weight'", "too many"));
    }

    [Test]
    public void Later_changes_of_the_list_do_not_reach_the_network()
    {
        var nodes = new List<Node> { new("0", new Dense(3, 2), [-1]) };
        var network = new Network(new(3), nodes);
        nodes.Clear();
        Assert.That(network.Nodes, Has.Count.EqualTo(1));
    }

    [Test]
    public void Layers_with_the_same_fields_are_equal()
    {
        var (first, second) = (new Dense(3, 2), new Dense(3, 2));
        Assert.That(second, Is.EqualTo(first).And.Not.EqualTo(new Dense(3, 2, Bias: false)));
    }

    private sealed record Join : Layer
    {
        public override Shape Output(IReadOnlyList<Shape> inputs) => inputs[0] == inputs[1] ? inputs[0] : default;
    }
}
