using NUnit.Framework;
using Onnx;
using Quotient.Networks;
using Quotient.Networks.Layers;

namespace Quotient.Tests.Networks.Import;

/// <summary>Single operators, and the ways in which exporters combine them.</summary>
public class OnnxOperatorTests
{
    private static readonly Relu Relu = new();

    [Test]
    public void Gemm_takes_either_order_and_a_scale()
    {
        AssertLayers(new TestGraph(0, 4).Tensor("w", 4, 3).Then("Gemm", "x w"), new Dense(4, 3, false) { InputsFirst = true });
        AssertLayers(new TestGraph(0, 4).Tensor("w", 3, 4).Tensor("b", 3).Then("Gemm", "x w b", ("transB", 1)), new Dense(4, 3));
        AssertLayers(
            new TestGraph(0, 4).Tensor("w", 3, 4).Tensor("b", 1, 3).Then("Gemm", "x w b", ("transB", 1), ("alpha", 0.5f), ("beta", 1f)),
            new Dense(4, 3, true, 0.5));
        AssertLayers(
            new TestGraph(0, 4).Tensor("w", 3, 4).Then("Transpose", "w", ("perm", new[] { 1, 0 })).Then("Gemm", "x _"), new Dense(4, 3, false));
        AssertLayers(
            new TestGraph(0, 4).Tensor("w", 4, 3).Then("Transpose", "w").Then("Gemm", "x _", ("transB", 1)),
            new Dense(4, 3, false) { InputsFirst = true });
    }

    [Test]
    public void The_bias_of_a_product_may_stand_on_either_side() => Assert.Multiple(() =>
    {
        var layer = new Dense(4, 3) { InputsFirst = true };
        AssertLayers(new TestGraph(0, 4).Tensor("w", 4, 3).Tensor("b", 3).Then("MatMul", "x w").Then("Add", "_ b"), layer);
        AssertLayers(new TestGraph(0, 4).Tensor("w", 4, 3).Tensor("b", 3).Then("MatMul", "x w").Then("Add", "b _"), layer);
    });

    [Test]
    public void A_convolution_may_have_its_bias_behind_it() => AssertLayers(
        new TestGraph(0, 2, 5, 5).Tensor("w", 3, 2, 3, 3).Tensor("b", 3, 1, 1).Then("Conv", "x w").Then("Add", "_ b"),
        new Convolution(2, 3, new(3, 3)));

    [Test]
    public void Parameters_lie_node_by_node_a_weight_before_its_bias()
    {
        var model = new TestGraph(0, 4).Tensor("second", 3, 2).Tensor("b", 3).Tensor("first", 4, 3)
            .Then("MatMul", "x first").Then("Add", "b _").Then("Relu", "_").Then("MatMul", "_ second").Load();
        Assert.That(model.Network.Tensors.Select(tensor => tensor.Name), Is.EqualTo(new[] { "first", "b", "second" }));
        var wanted = new[] { ("first", 12), ("b", 3), ("second", 6) }
            .SelectMany(tensor => Enumerable.Range(0, tensor.Item2).Select(i => TestGraph.ValueOf(tensor.Item1, i)));
        Assert.That(model.Parameters, Is.EqualTo(wanted));
        Assert.That(model.Network.ParameterBlocks.Select(block => block.Name), Is.EqualTo(new[] { "node0", "node3" }));
    }

    [TestCase("SAME_UPPER", 0, 1, 1, 1)]
    [TestCase("SAME_LOWER", 1, 1, 0, 1)]
    [TestCase("VALID", 0, 0, 0, 0)]
    public void Automatic_padding_is_what_keeps_the_places(string mode, int top, int left, int bottom, int right) => AssertLayers(
        new TestGraph(0, 1, 8, 9).Tensor("w", 2, 1, 3, 3).Then("Conv", "x w", ("auto_pad", mode), ("strides", new[] { 2, 2 })),
        new Convolution(1, 2, new(3, 3) { StrideY = 2, StrideX = 2, Top = top, Left = left, Bottom = bottom, Right = right }, false));

    [Test]
    public void Zeros_of_a_Pad_are_those_of_the_window_that_follows()
    {
        AssertLayers(
            new TestGraph(0, 1, 8, 8) { Opset = 10 }.Tensor("w", 2, 1, 3, 3)
                .Then("Pad", "x", ("pads", new[] { 0, 0, 1, 2, 0, 0, 3, 0 })).Then("Conv", "_ w", ("pads", new[] { 1, 0, 0, 0 })),
            new Convolution(1, 2, new(3, 3) { Top = 2, Left = 2, Bottom = 3 }, false));
        AssertLayers(
            new TestGraph(0, 1, 8, 8).Wholes("p", 1, 2).Wholes("axes", -1).Tensor("w", 2, 1, 3, 3).Then("Pad", "x p - axes").Then("Conv", "_ w"),
            new Convolution(1, 2, new(3, 3) { Left = 1, Right = 2 }, false));
        AssertLayers(
            new TestGraph(0, 2, 8, 8).Wholes("p", 0, 0, 1, 1, 0, 0, 0, 1).Then("Relu", "x").Then("Pad", "_ p").Then("MaxPool", "_", ("kernel_shape", new[] { 2, 2 })),
            Relu, new MaxPool(new(2, 2) { Top = 1, Left = 1, Right = 1 }));
        AssertLayers(
            new TestGraph(0, 2, 8, 8).Wholes("p", 0, 0, 0, 0, 0, 0, 0, 0).Then("Pad", "x p").Then("Relu", "_"), Relu);
    }

    [Test]
    public void Channels_of_zeros_are_a_shortcut()
    {
        AssertLayers(
            new TestGraph(0, 2, 8, 8).Wholes("p", 0, 1, 0, 0, 0, 2, 0, 0)
                .Then("MaxPool", "x", ("kernel_shape", new[] { 1, 1 }), ("strides", new[] { 2, 2 })).Then("Pad", "_ p"),
            new Shortcut(5, 2));
        AssertLayers(new TestGraph(0, 2, 8, 8).Wholes("p", 0, 1, 0, 0, 0, 1, 0, 0).Then("Pad", "x p"), new Shortcut(4, 1));
    }

    [Test]
    public void Pooling_has_its_attributes()
    {
        AssertLayers(
            new TestGraph(0, 2, 8, 8).Then("AveragePool", "x", ("kernel_shape", new[] { 3, 2 }), ("pads", new[] { 1, 0, 1, 1 }), ("count_include_pad", 1)),
            new AveragePool(new(3, 2) { Top = 1, Bottom = 1, Right = 1 }));
        AssertLayers(
            new TestGraph(0, 2, 8, 8).Then("AveragePool", "x", ("kernel_shape", new[] { 3, 3 }), ("strides", new[] { 3, 3 }), ("ceil_mode", 1)),
            new AveragePool(Window.Square(3, 3) with { Ceiling = true }, false));
        AssertLayers(new TestGraph(0, 2, 8, 8).Then("GlobalAveragePool", "x").Then("Flatten", "_"), new GlobalAveragePool(), new Flatten());
        AssertLayers(new TestGraph(0, 2, 8, 8).Then("ReduceMean", "x", ("axes", new[] { -1, 2 }), ("keepdims", 0)), new GlobalAveragePool());
        AssertLayers(new TestGraph(0, 2, 8, 8) { Opset = 18 }.Wholes("axes", 2, 3).Then("ReduceMean", "x axes"), new GlobalAveragePool());
    }

    [Test]
    public void Batch_norm_has_its_numbers_as_they_were_meant()
    {
        var model = new TestGraph(0, 3).Tensor("n.weight", 3).Tensor("n.bias", 3).Tensor("n.running_mean", 3).Tensor("n.running_var", 3)
            .Then("BatchNormalization", "x n.weight n.bias n.running_mean n.running_var", ("epsilon", 1e-3f), ("momentum", 0.8f)).Load();
        Assert.That(model.Network.Nodes.Single().Layer, Is.EqualTo(new BatchNorm(3, 1e-3, 0.2)));
        Assert.That(model.Network.Nodes.Single().Name, Is.EqualTo("n"));
        Assert.That(model.Buffers, Is.EqualTo(
            new[] { "n.running_mean", "n.running_var" }.SelectMany(name => Enumerable.Range(0, 3).Select(i => TestGraph.ValueOf(name, i)))));
    }

    [TestCase(0, -1)]
    [TestCase(-1, 12)]
    [TestCase(7, -1, Description = "a traced number of samples")]
    public void Reshapes_to_vectors_flatten(long samples, long values) => AssertLayers(
        new TestGraph(0, 3, 2, 2).Wholes("shape", samples, values).Then("Reshape", "x shape"), new Flatten());

    [Test]
    public void The_shape_of_a_vector_may_be_computed()
    {
        var graph = new TestGraph(0, 3, 2, 2).Wholes("last", -1).Wholes("zeros", 0)
            .Then("Shape", "x").Then("Constant", "", ("value_int", 0)).Then("Gather", "Shape0 _").Then("Unsqueeze", "_", ("axes", new[] { 0 }))
            .Then("Concat", "_ last", ("axis", 0)).Then("Reshape", "x _");
        AssertLayers(graph, new Flatten());
        AssertLayers(
            new TestGraph(0, 3, 2, 2).Wholes("last", 12).Then("Shape", "x", ("end", 1)).Then("Concat", "_ last", ("axis", 0)).Then("Reshape", "x _"),
            new Flatten());
    }

    [Test]
    public void What_changes_nothing_is_passed_on() => AssertLayers(
        new TestGraph(5, 4).Then("Identity", "x").Then("Dropout", "_").Then("Flatten", "_").Then("Relu", "_").Then("Dropout", "_"), Relu);

    [Test]
    public void Sums_join_what_is_read_twice()
    {
        var network = new TestGraph(0, 4).Then("Relu", "x").Then("Relu", "_").Then("Add", "Relu0 _").Load().Network;
        Assert.That(network.Nodes[2].Layer, Is.EqualTo(new Sum()));
        Assert.That(network.Nodes[2].Inputs, Is.EqualTo(new[] { 0, 1 }));
    }

    [Test]
    public void Weights_may_be_constants_and_halves()
    {
        var halves = new TensorProto { DataType = (int)TensorProto.Types.DataType.Bfloat16 };
        halves.Dims.Add([2L, 1L]);
        halves.Int32Data.Add([0x3F80, 0xC000]);
        var model = new TestGraph(0, 2).Then("Constant", "", ("value", halves)).Then("MatMul", "x _").Load();
        Assert.That(model.Parameters, Is.EqualTo(new double[] { 1, -2 }));
        Assert.That(model.Network.Tensors.Single().Name, Is.EqualTo("Constant0"));
        Assert.That(model.Stored, Is.EqualTo(Precision.Single));
    }

    [Test]
    public void Old_files_list_initialisers_as_inputs()
    {
        var graph = new TestGraph(0, 4) { Opset = 9 }.Tensor("w", 4, 3).Then("MatMul", "x w");
        graph.Graph.Input.Insert(0, TestGraph.Value("w", 4, 3));
        AssertLayers(graph, new Dense(4, 3, false) { InputsFirst = true });
    }

    private static void AssertLayers(TestGraph graph, params Layer[] layers) =>
        Assert.That(graph.Load().Network.Nodes.Select(node => node.Layer), Is.EqualTo(layers));
}
