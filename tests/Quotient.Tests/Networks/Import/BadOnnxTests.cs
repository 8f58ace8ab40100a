using Google.Protobuf;
using NUnit.Framework;
using Onnx;
using DataType = Onnx.TensorProto.Types.DataType;

namespace Quotient.Tests.Networks.Import;

/// <summary>What cannot be taken is one sentence that names the file, and the operator and node where there is one.</summary>
public class BadOnnxTests
{
    private static TestGraph Image => new(0, 2, 6, 6);

    private static TestGraph Vector => new(0, 4);

    private static int[] Size => [3, 3];

    private static IEnumerable<TestCaseData> Bad()
    {
        yield return Case("an unknown operator", Image.Then("Softmax", "x"), "Softmax node 'node0'", "Conv, MaxPool");
        yield return Case("an unknown attribute", Image.Then("Relu", "x", ("slope", 1)), "Relu node 'node0'", "'slope'");
        yield return Case("an attribute of another type", Image.Then("Flatten", "x", ("axis", 1f)), "Flatten node 'node0'", "axis");
        yield return Case("no input", Image.Then("Relu", ""), "Relu node 'node0'", "0 inputs");
        yield return Case("an input that nothing makes", Image.Then("Relu", "y"), "'y'", "made by no node");
        yield return Case("a cycle", Image.Then("Add", "x Relu1").Then("Relu", "_"), "'Relu1'", "cycle");
        yield return Case("a node that reads itself", Image.Then("Add", "x Add0"), "'Add0'", "cycle");
        yield return Case("a missing initialiser", Vector.Then("MatMul", "x w"), "'w'", "no initialiser");
        yield return Case("groups", Image.Tensor("w", 4, 1, 3, 3).Then("Conv", "x w", ("group", 2)), "Conv node 'node0'", "group 2");
        yield return Case("dilations", Image.Tensor("w", 4, 2, 3, 3).Then("Conv", "x w", ("dilations", new[] { 2, 1 })), "dilations [2, 1]");
        yield return Case("a convolution of one dimension", Image.Tensor("w", 4, 2, 3).Then("Conv", "x w"), "[4, 2, 3]");
        yield return Case("a kernel_shape of others", Image.Tensor("w", 4, 2, 3, 3).Then("Conv", "x w", ("kernel_shape", new[] { 2, 2 })), "kernel_shape [2, 2]");
        yield return Case("channels that do not fit", Image.Tensor("w", 4, 3, 3, 3).Then("Conv", "x w"), "Conv node 'node0'", "3 channels");
        yield return Case("a window beyond the image", Image.Tensor("w", 4, 2, 9, 9).Then("Conv", "x w"), "Conv node 'node0'", "does not fit");
        yield return Case("a bias of another length", Image.Tensor("w", 4, 2, 3, 3).Tensor("b", 3).Then("Conv", "x w b"), "'b' of shape [3]", "[4] is wanted");
        yield return Case("negative padding", Image.Then("MaxPool", "x", ("kernel_shape", Size), ("pads", new[] { -1, 0, 0, 0 })), "pads [-1, 0, 0, 0]");
        yield return Case("too few strides", Image.Then("MaxPool", "x", ("kernel_shape", Size), ("strides", new[] { 1 })), "strides [1]");
        yield return Case("no kernel_shape", Image.Then("MaxPool", "x"), "kernel_shape");
        yield return Case("padding as large as the window", Image.Then("AveragePool", "x", ("kernel_shape", Size), ("pads", new[] { 3, 0, 0, 0 })), "AveragePool node 'node0'", "smaller");
        yield return Case("an unknown auto_pad", Image.Then("MaxPool", "x", ("kernel_shape", Size), ("auto_pad", "SOME")), "'SOME'");
        yield return Case("indices of maxima", WithOutput(Image.Then("MaxPool", "x", ("kernel_shape", Size)), "places").Then("Relu", "places"), "reads 'places'");
        yield return Case("a pad that is no zero", Image.Wholes("p", 0, 0, 1, 1, 0, 0, 1, 1).Tensor("v").Then("Pad", "x p v").Then("Relu", "_"), "Pad node 'node0'", "only zeros");
        yield return Case("a reflected pad", Image.Wholes("p", 0, 0, 1, 1, 0, 0, 1, 1).Then("Pad", "x p", ("mode", "reflect")), "'reflect'");
        yield return Case("a pad of samples", Image.Wholes("p", 1, 0, 0, 0, 0, 0, 0, 0).Then("Pad", "x p"), "[1, 0, 0, 0, 0, 0, 0, 0]");
        yield return Case("a pad that no window takes in", Image.Wholes("p", 0, 0, 1, 1, 0, 0, 1, 1).Then("Pad", "x p").Then("Relu", "_"), "Relu node 'node1'", "Pad laid zeros");
        yield return Case("a pad at the end", Image.Wholes("p", 0, 0, 1, 1, 0, 0, 1, 1).Then("Relu", "x").Then("Pad", "_ p"), "output 'Pad1'");
        yield return Case("a maximum of zeros", Image.Wholes("p", 0, 0, 1, 1, 0, 0, 1, 1).Then("Pad", "x p").Then("MaxPool", "_", ("kernel_shape", Size)), "MaxPool node 'node1'", "Relu");
        yield return Case("zeros of two kinds", Image.Wholes("p", 0, 0, 1, 1, 0, 0, 1, 1).Then("Pad", "x p").Then("AveragePool", "_", ("kernel_shape", Size), ("pads", new[] { 1, 1, 1, 1 })), "AveragePool node 'node1'");
        yield return Case("a product with an image", Image.Tensor("w", 6, 3).Then("MatMul", "x w"), "MatMul node 'node0'", "[N, 2, 6, 6]", "flattened");
        yield return Case("a weight before the input", Vector.Tensor("w", 3, 4).Then("MatMul", "w x"), "MatMul node 'node0'", "'x'");
        yield return Case("a width that does not fit", Vector.Tensor("w", 5, 3).Then("MatMul", "x w"), "MatMul node 'node0'", "5 inputs");
        yield return Case("a transposed input", Vector.Tensor("w", 4, 3).Then("Gemm", "x w", ("transA", 1)), "transA 1");
        yield return Case("a beta", Vector.Tensor("w", 4, 3).Tensor("b", 3).Then("Gemm", "x w b", ("beta", 0.5f)), "beta 0.5");
        yield return Case("an alpha that is no number", Vector.Tensor("w", 4, 3).Then("Gemm", "x w", ("alpha", float.NaN)), "alpha NaN");
        yield return Case("a weight of two layers", Vector.Tensor("w", 4, 4).Then("MatMul", "x w").Then("MatMul", "_ w"), "MatMul node 'node1'", "'w'", "tied");
        yield return Case("a weight turned for the second of two layers", Vector.Tensor("w", 4, 4).Then("MatMul", "x w").Then("Transpose", "w").Then("MatMul", "MatMul0 _"), "'w'", "tied");
        yield return Case("a constant added to an activation", Vector.Tensor("b", 4).Then("Relu", "x").Then("Add", "_ b"), "Add node 'node1'", "'b'");
        yield return Case("a bias of what others read", Vector.Tensor("w", 4, 4).Tensor("b", 4).Then("MatMul", "x w").Then("Add", "_ b").Then("Add", "_ MatMul0"), "Add node 'node1'", "it alone reads");
        yield return Case("a sum of two shapes", Vector.Tensor("w", 4, 3).Then("MatMul", "x w").Then("Add", "_ x"), "Add node 'node1'", "[N, 3]", "[N, 4]");
        yield return Case("training", Image.Tensor("a", 2).Tensor("b", 2).Tensor("c", 2).Tensor("d", 2).Then("BatchNormalization", "x a b c d", ("training_mode", 1)), "training_mode 1");
        yield return Case("an epsilon below zero", Image.Tensor("a", 2).Tensor("b", 2).Tensor("c", 2).Tensor("d", 2).Then("BatchNormalization", "x a b c d", ("epsilon", -1f)), "epsilon -1");
        yield return Case("a reshape to another shape", Image.Wholes("s", -1, 24).Then("Reshape", "x s"), "Reshape node 'node0'", "[-1, 24]", "[N, 72]");
        yield return Case("a reshape of all samples", new TestGraph(2, 2, 6, 6).Wholes("s", 1, -1).Then("Reshape", "x s"), "[1, -1]");
        yield return Case("a shape of real numbers", Image.Tensor("s", 2).Then("Reshape", "x s"), "'s'", "INT64");
        yield return Case("another axis", Image.Then("Flatten", "x", ("axis", 2)), "axis 2");
        yield return Case("a mean of channels", Image.Then("ReduceMean", "x", ("axes", new[] { 1 })), "ReduceMean node 'node0'", "[1]");
        yield return Case("a transposed signal", Image.Then("Transpose", "x", ("perm", new[] { 0, 2, 3, 1 })), "Transpose node 'node0'");
        yield return Case("a place that is not there", Image.Wholes("i", 9).Then("Shape", "x").Then("Gather", "_ i").Then("Reshape", "x _"), "Gather node 'node1'", "[9]");
        yield return Case("no layer", Vector.Then("Identity", "x"), "at least one layer");
        yield return Case("an operator of others", In("com.example", Vector.Then("Relu", "x")), "'com.example'");
    }

    private static IEnumerable<TestCaseData> BadFiles()
    {
        yield return Changed("an old opset", file => file.OpsetImport[0].Version = 8, "opset 8", "9 to");
        yield return Changed("an opset of the future", file => file.OpsetImport[0].Version = 1000, "opset 1000");
        yield return Changed("no opset", file => file.OpsetImport.Clear(), "0 opsets");
        yield return Changed("no graph", file => file.Graph = null, "no graph");
        yield return Changed("two inputs", file => file.Graph.Input.Add(TestGraph.Value("y", 0, 4)), "2 inputs");
        yield return Changed("no input", file => file.Graph.Input.Clear(), "0 inputs");
        yield return Changed("an input of three axes", file => file.Graph.Input[0] = TestGraph.Value("x", 0, 4, 4), "'x' has 3 axes");
        yield return Changed("an open extent", file => file.Graph.Input[0] = TestGraph.Value("x", 1, 0), "'x'", "axis 1");
        yield return Changed("an absurd input", file => file.Graph.Input[0] = TestGraph.Value("x", 1, 1 << 30, 1 << 30, 4), "too many");
        yield return Changed("an input of text", file => file.Graph.Input[0].Type.TensorType.ElemType = (int)DataType.String, "floating-point");
        yield return Changed("an input without a shape", file => file.Graph.Input[0].Type.TensorType.Shape = null, "floating-point");
        yield return Changed("two outputs", file => file.Graph.Output.Add([TestGraph.Value("a", 1), TestGraph.Value("b", 1)]), "2 outputs");
        yield return Changed("an output that nothing makes", file => file.Graph.Output.Add(TestGraph.Value("a", 1)), "output 'a'");
        yield return Changed("a name made twice", file => file.Graph.Node[0].Output[0] = "x", "'x' is made twice");
        yield return Changed("a node without output", file => file.Graph.Node[0].Output.Clear(), "no output");
        yield return Changed("a layer that nobody reads", file => file.Graph.Node.Insert(0, Reading("x")), "no layer reads");
        yield return Changed("a sparse initialiser", file => file.Graph.SparseInitializer.Add(new SparseTensorProto()), "sparse");
        yield return Changed("an attribute twice", file => file.Graph.Node[0].Attribute.Add([new() { Name = "a" }, new() { Name = "a" }]), "'a' twice");
        yield return Tensor("a type that is not read", tensor => tensor.DataType = (int)DataType.Int8, "INT8", "BFLOAT16");
        yield return Tensor("a type that is none", tensor => tensor.DataType = 99, "type 99");
        yield return Tensor("integers", tensor => Become(tensor, DataType.Int64), "INT64", "real");
        yield return Tensor("too few values", tensor => tensor.DoubleData.RemoveAt(0), "12 values", "11 are stored");
        yield return Tensor("values of another type", tensor => tensor.DataType = (int)DataType.Float, "0 are stored");
        yield return Tensor("bytes that are no values", tensor => tensor.RawData = ByteString.CopyFrom(1, 2, 3), "3 bytes");
        yield return Tensor("an absurd shape", tensor => Reshape(tensor, long.MaxValue, long.MaxValue), "'w'", "shape");
        yield return Tensor("a large shape", tensor => Reshape(tensor, 4, 1 << 30), "4294967296 values", "12 are stored");
        yield return Tensor("a negative extent", tensor => Reshape(tensor, -4, -3), "[-4, -3]");
        yield return Tensor("what is no number", tensor => tensor.DoubleData[5] = double.NaN, "'w' holds NaN at [1, 2]");
        yield return Tensor("what is infinite", tensor => tensor.DoubleData[5] = double.NegativeInfinity, "'w' holds -Infinity");
    }

    [TestCaseSource(nameof(Bad))]
    [TestCaseSource(nameof(BadFiles))]
    public void It_is_refused(object graph, string[] words) => AssertRefused(((TestGraph)graph).ToBytes(), words);

    [Test]
    public void The_graph_that_is_changed_is_taken_as_it_is() => Assert.That(Net().Load().Parameters, Has.Length.EqualTo(12));

    [Test]
    public void Bytes_that_are_no_ONNX_file_are_refused()
    {
        AssertRefused([], "no graph");
        AssertRefused("PK"u8.ToArray(), "no ONNX file");
        AssertRefused([0x3A, 0xFF, 0xFF, 0xFF, 0xFF, 0x07], "no ONNX file");
        byte[] whole = Net().ToBytes();
        AssertRefused(whole[..(whole.Length / 2)], "truncated");
        AssertRefused(File.ReadAllBytes(OnnxGolden.At("lenet.safetensors")), "no ONNX file");
    }

    [Test]
    public void Graphs_in_graphs_are_refused_however_deep()
    {
        var graph = new GraphProto();
        for (int depth = 0; depth < 200; depth++)
        {
            var node = new NodeProto { OpType = "If" };
            node.Attribute.Add(new AttributeProto { Name = "then_branch", G = graph });
            graph = new();
            graph.Node.Add(node);
        }

        AssertRefused(new ModelProto { Graph = graph }.ToByteArray(), "no ONNX file");
    }

    [Test]
    public void A_tensor_copied_over_and_over_is_refused_before_memory_is_taken()
    {
        var graph = new TestGraph(0, 100).Tensor("w", 100, 100).Then("Identity", "x");
        for (int layer = 0; layer < 400; layer++)
        {
            graph.Then("Identity", "w").Then("MatMul", layer == 0 ? "x _" : $"MatMul{(2 * layer)} _");
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        AssertRefused(graph.ToBytes(), "the tensors take 32000000 bytes", "100 times");
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(8 << 20));
    }

    [Test]
    public void A_network_beside_it_is_refused()
    {
        using var folder = new ScratchFolder();
        string path = folder.Write("net.onnx", Net().ToBytes());
        Assert.That(() => Model.Load(path, Network.Parse("4-3")), Refusal.With(path, "its own architecture"));
    }

    private static TestGraph Net() => new TestGraph(0, 4).Tensor("w", 4, 3).Then("MatMul", "x w");

    private static TestCaseData Case(string name, TestGraph graph, params string[] words) => new TestCaseData(graph, words).SetArgDisplayNames(name);

    private static TestCaseData Changed(string name, Action<ModelProto> change, params string[] words)
    {
        var net = Net();
        change(net.File);
        return Case(name, net, words);
    }

    private static TestCaseData Tensor(string name, Action<TensorProto> change, params string[] words) =>
        Changed(name, file => change(file.Graph.Initializer[0]), words);

    private static TestGraph In(string domain, TestGraph graph)
    {
        graph.Graph.Node[^1].Domain = domain;
        return graph;
    }

    private static TestGraph WithOutput(TestGraph graph, string name)
    {
        graph.Graph.Node[^1].Output.Add(name);
        return graph;
    }

    private static NodeProto Reading(string name)
    {
        var node = new NodeProto { OpType = "Relu" };
        node.Input.Add(name);
        node.Output.Add("unread");
        return node;
    }

    private static void Reshape(TensorProto tensor, params long[] extents)
    {
        tensor.Dims.Clear();
        tensor.Dims.Add(extents);
    }

    private static void Become(TensorProto tensor, DataType type)
    {
        tensor.DataType = (int)type;
        tensor.Int64Data.Add(new long[12]);
    }

    private static void AssertRefused(byte[] bytes, params string[] words)
    {
        using var folder = new ScratchFolder();
        string path = folder.Write("net.onnx", bytes);
        Assert.That(() => Model.Load(path), Refusal.With([$"{path}: ", .. words]));
    }
}
