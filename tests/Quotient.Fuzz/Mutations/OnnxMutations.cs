using Google.Protobuf;
using Onnx;

namespace Quotient.Fuzz.Mutations;

/// <summary>Damage to ONNX graphs: to operators, names, attributes, extents, the order of nodes, and to where numbers lie.</summary>
internal static class OnnxMutations
{
    private static readonly long[] Wholes = [0, 1, 2, 3, -1, -2, 7, 64, int.MaxValue, int.MinValue, 1L << 32, long.MaxValue, long.MinValue];
    private static readonly float[] Reals = [0, 1, -1, 0.5f, float.NaN, float.PositiveInfinity, float.Epsilon, float.MaxValue];

    private static readonly string[] Operators =
    [
        "Conv", "MaxPool", "AveragePool", "Pad", "GlobalAveragePool", "ReduceMean", "BatchNormalization", "Gemm", "MatMul", "Add", "Relu", "Identity",
        "Dropout", "Constant", "Transpose", "Flatten", "Reshape", "Shape", "Gather", "Unsqueeze", "Concat", "Softmax", "If", "",
    ];

    private static readonly string[] Attributes =
    [
        "pads", "strides", "kernel_shape", "dilations", "group", "auto_pad", "ceil_mode", "count_include_pad", "axis", "axes", "perm", "alpha", "beta",
        "transA", "transB", "epsilon", "momentum", "value", "keepdims", "mode", "training_mode",
    ];

    /// <summary>Damages a file in one way; one that is no ONNX file any more, as bytes.</summary>
    public static byte[] Damage(byte[] file, Dice dice, IReadOnlyList<byte[]> others, string beside)
    {
        ModelProto model;
        try
        {
            model = ModelProto.Parser.ParseFrom(file);
        }
        catch (InvalidProtocolBufferException)
        {
            return ByteMutations.Damage(file, dice, others);
        }

        if (model.Graph is not { Node.Count: > 0 } graph)
        {
            return ByteMutations.Damage(file, dice, others);
        }

        switch (dice.Below(6))
        {
            case 0:
                DamageNode(dice.Pick(graph.Node), graph, dice);
                break;
            case 1:
                DamageAttribute(dice.Pick(graph.Node), dice);
                break;
            case 2:
                DamageOrder(graph, dice);
                break;
            case 3 when graph.Initializer.Count > 0:
                DamageTensor(graph, dice, beside);
                break;
            case 4 when graph.Input.Count > 0 && graph.Input[0].Type?.TensorType?.Shape is { Dim.Count: > 0 } shape:
                dice.Pick(shape.Dim).DimValue = dice.Pick(Wholes);
                break;
            default:
                model.OpsetImport.Add(new OperatorSetIdProto { Version = dice.Below(30), Domain = dice.Pick(["", "x"]) });
                model.OpsetImport.RemoveAt(0);
                break;
        }

        return model.ToByteArray();
    }

    private static void DamageNode(NodeProto node, GraphProto graph, Dice dice)
    {
        string[] names = [.. graph.Node.SelectMany(one => one.Output), .. graph.Initializer.Select(tensor => tensor.Name), "", "none", "input"];
        switch (dice.Below(5))
        {
            case 0:
                node.OpType = dice.Pick(Operators);
                break;
            case 1 when node.Input.Count > 0:
                node.Input[dice.Below(node.Input.Count)] = dice.Pick(names);
                break;
            case 2 when node.Output.Count > 0:
                node.Output[dice.Below(node.Output.Count)] = dice.Pick(names);
                break;
            case 3:
                node.Name = dice.Pick(["", "\e[2J", "\u202e", "conv1", new string('x', 3000)]);
                break;
            default:
                node.Input.Add(dice.Pick(names));
                break;
        }
    }

    private static void DamageAttribute(NodeProto node, Dice dice)
    {
        if (node.Attribute.Count == 0 || dice.OneIn(3))
        {
            node.Attribute.Add(new AttributeProto { Name = dice.Pick(Attributes), I = dice.Pick(Wholes), Type = AttributeProto.Types.AttributeType.Int });
            return;
        }

        var attribute = dice.Pick(node.Attribute);
        switch (dice.Below(5))
        {
            case 0:
                attribute.I = dice.Pick(Wholes);
                break;
            case 1:
                attribute.F = dice.Pick(Reals);
                break;
            case 2 when attribute.Ints.Count > 0:
                attribute.Ints[dice.Below(attribute.Ints.Count)] = dice.Pick(Wholes);
                break;
            case 3:
                attribute.Ints.Add(dice.Pick(Wholes));
                break;
            default:
                node.Attribute.Remove(attribute);
                break;
        }
    }

    private static void DamageOrder(GraphProto graph, Dice dice)
    {
        var (one, other) = (dice.Below(graph.Node.Count), dice.Below(graph.Node.Count));
        switch (dice.Below(4))
        {
            case 0:
                (graph.Node[one], graph.Node[other]) = (graph.Node[other], graph.Node[one]);
                break;
            case 1:
                graph.Node.RemoveAt(one);
                break;
            case 2:
                graph.Node.Insert(one, graph.Node[other].Clone());
                break;
            default:
                graph.Output.Add(new ValueInfoProto { Name = graph.Node[one].Output.FirstOrDefault("") });
                graph.Output.RemoveAt(0);
                break;
        }
    }

    private static void DamageTensor(GraphProto graph, Dice dice, string beside)
    {
        var tensor = dice.Pick(graph.Initializer);
        switch (dice.Below(6))
        {
            case 0:
                graph.Initializer.Remove(tensor);
                break;
            case 1 when tensor.Dims.Count > 0:
                tensor.Dims[dice.Below(tensor.Dims.Count)] = dice.Pick(Wholes);
                break;
            case 2:
                tensor.DataType = dice.Below(30);
                break;
            case 3:
                tensor.RawData = tensor.RawData.IsEmpty || dice.OneIn(2) ? ByteString.CopyFrom(new byte[dice.Below(100)]) : ByteString.Empty;
                break;
            case 4:
                tensor.Name = dice.Pick(graph.Initializer).Name;
                break;
            default:
                tensor.DataLocation = TensorProto.Types.DataLocation.External;
                tensor.ExternalData.Clear();
                tensor.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = dice.Pick([beside, beside, "../in.onnx", "/dev/zero", ".", "", "a\0b", "in.onnx"]) });
                tensor.ExternalData.Add(new StringStringEntryProto { Key = "offset", Value = dice.Pick(["0", "4", "1999", "-1", "x", "9223372036854775807"]) });
                break;
        }
    }
}
