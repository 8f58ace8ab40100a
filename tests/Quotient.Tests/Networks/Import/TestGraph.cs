using Google.Protobuf;
using Onnx;
using static Onnx.AttributeProto.Types;
using DataType = Onnx.TensorProto.Types.DataType;

namespace Quotient.Tests.Networks.Import;

/// <summary>ONNX files built by hand, node by node.</summary>
internal sealed class TestGraph
{
    private string _last = "x";

    /// <summary>A graph with one input, whose first extent is that of samples; 0 where it is open.</summary>
    public TestGraph(params long[] input)
    {
        File = new() { IrVersion = 8, Graph = new() { Name = "test" } };
        File.OpsetImport.Add(new OperatorSetIdProto { Version = 16 });
        Graph.Input.Add(Value("x", input));
    }

    public ModelProto File { get; }

    public GraphProto Graph => File.Graph;

    public long Opset
    {
        init => File.OpsetImport[0].Version = value;
    }

    /// <summary>What tells the values of tensors apart.</summary>
    public static double ValueOf(string name, int index) =>
        Math.Round(Math.Sin(index + 1 + name.Length), 3) is var value && name.EndsWith("_var", StringComparison.Ordinal) ? Math.Abs(value) : value;

    public static ValueInfoProto Value(string name, params long[] extents)
    {
        var shape = new TensorShapeProto();
        shape.Dim.Add(extents.Select(extent => extent == 0
            ? new TensorShapeProto.Types.Dimension { DimParam = "batch" }
            : new TensorShapeProto.Types.Dimension { DimValue = extent }));
        return new() { Name = name, Type = new() { TensorType = new() { ElemType = (int)DataType.Double, Shape = shape } } };
    }

    /// <summary>Adds a tensor of real numbers.</summary>
    public TestGraph Tensor(string name, params long[] extents)
    {
        var tensor = new TensorProto { Name = name, DataType = (int)DataType.Double };
        tensor.Dims.Add(extents);
        tensor.DoubleData.Add(Enumerable.Range(0, (int)extents.Aggregate(1L, (a, b) => a * b)).Select(i => ValueOf(name, i)));
        Graph.Initializer.Add(tensor);
        return this;
    }

    /// <summary>Adds whole numbers.</summary>
    public TestGraph Wholes(string name, params long[] values)
    {
        var tensor = new TensorProto { Name = name, DataType = (int)DataType.Int64 };
        tensor.Dims.Add(values.Length);
        tensor.Int64Data.Add(values);
        Graph.Initializer.Add(tensor);
        return this;
    }

    /// <summary>Adds a node that reads names, and makes one called as the operator with the node's place; <c>_</c> is what the node before made.</summary>
    public TestGraph Then(string type, string inputs, params (string Name, object Value)[] attributes)
    {
        var node = new NodeProto { OpType = type, Name = $"node{Graph.Node.Count}" };
        node.Input.Add(inputs.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(name => name == "_" ? _last : name == "-" ? "" : name));
        node.Output.Add(_last = $"{type}{Graph.Node.Count}");
        node.Attribute.Add(attributes.Select(pair => AttributeOf(pair.Name, pair.Value)));
        Graph.Node.Add(node);
        return this;
    }

    /// <summary>The file, whose output is what the last node makes unless there is one.</summary>
    public byte[] ToBytes()
    {
        if (Graph?.Output.Count == 0)
        {
            Graph.Output.Add(Value(_last, 0, 1));
        }

        return File.ToByteArray();
    }

    /// <summary>Reads the file back as a model.</summary>
    public Model Load()
    {
        using var folder = new ScratchFolder();
        return Model.Load(folder.Write("net.onnx", ToBytes()));
    }

    private static AttributeProto AttributeOf(string name, object value)
    {
        var attribute = new AttributeProto { Name = name };
        switch (value)
        {
            case int whole:
                (attribute.Type, attribute.I) = (AttributeType.Int, whole);
                break;
            case float real:
                (attribute.Type, attribute.F) = (AttributeType.Float, real);
                break;
            case string text:
                (attribute.Type, attribute.S) = (AttributeType.String, ByteString.CopyFromUtf8(text));
                break;
            case int[] wholes:
                attribute.Type = AttributeType.Ints;
                attribute.Ints.Add(wholes.Select(whole => (long)whole));
                break;
            default:
                (attribute.Type, attribute.T) = (AttributeType.Tensor, (TensorProto)value);
                break;
        }

        return attribute;
    }
}
