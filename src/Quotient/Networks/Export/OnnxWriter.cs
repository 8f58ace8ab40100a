using Google.Protobuf;
using Onnx;
using DataType = Onnx.TensorProto.Types.DataType;

namespace Quotient.Networks.Export;

/// <summary>
/// Writes a model as an ONNX file of opset 13, which readers have known since 2020: a node for each layer, an initialiser for each tensor under
/// its own name, the number of samples open.
/// </summary>
internal static class OnnxWriter
{
    private const int Opset = 13, Version = 7;

    /// <summary>The axis of samples, by the name that exporters give it.</summary>
    private const string Samples = "N";

    /// <summary>What writes the file; layers that ONNX has no words for, and values that are not finite, are refused before.</summary>
    public static Action<Stream> Of(Model model, IReadOnlyDictionary<string, string> metadata)
    {
        var (network, type) = (model.Network, TypeOf(model));
        var nodes = NodesOf(model);
        var graph = new GraphProto { Name = "quotient" };
        graph.Node.Add(nodes.All);
        graph.Initializer.Add(network.Tensors.Select(tensor => Tensor(tensor, type, model.Parameters.AsSpan(tensor.Range))));
        graph.Initializer.Add(network.Buffers.Select(tensor => Tensor(tensor, type, model.Buffers.AsSpan(tensor.Range))));
        graph.Initializer.Add(nodes.Constants);
        graph.Input.Add(Value(nodes.Input, type, nodes.InputExtents));
        graph.Output.Add(Value(nodes.Output, type, nodes.OutputExtents));
        var file = new ModelProto
        {
            IrVersion = Version,
            ProducerName = "quotient",
            ProducerVersion = typeof(OnnxWriter).Assembly.GetName().Version!.ToString(3),
            Graph = graph,
        };
        file.OpsetImport.Add(new OperatorSetIdProto { Version = Opset });
        file.MetadataProps.Add(metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => new StringStringEntryProto { Key = pair.Key, Value = pair.Value }));
        return stream => file.WriteTo(stream);
    }

    /// <summary>The nodes of a model's graph; layers that ONNX has no words for, and tensors that are too many, are refused.</summary>
    public static OnnxNodes NodesOf(Model model)
    {
        long bytes = (model.Network.ParameterCount + model.Network.BufferCount) * TypeOf(model).Width();
        const long Most = int.MaxValue - (16 << 20);
        QuotientException.ThrowIf(bytes > Most, $"its tensors take {bytes} bytes, and an ONNX file has at most 2 GiB; write .safetensors instead");
        return new(model.Network);
    }

    /// <summary>Numbers under a name.</summary>
    private static TensorProto Tensor(NetworkTensor tensor, TensorType type, ReadOnlySpan<double> values)
    {
        long[] dimensions = [.. tensor.Shape.Dimensions.Select(extent => (long)extent)];
        Safetensors.CheckFinite(new(tensor.Name, type, dimensions, 0), values);
        byte[] bytes = new byte[values.Length * type.Width()];
        type.Narrow(values, bytes);
        var proto = new TensorProto { Name = tensor.Name, DataType = (int)TypeOf(type), RawData = UnsafeByteOperations.UnsafeWrap(bytes) };
        proto.Dims.Add(dimensions);
        return proto;
    }

    private static ValueInfoProto Value(string name, TensorType type, IReadOnlyList<int> extents)
    {
        var shape = new TensorShapeProto();
        shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimParam = Samples });
        shape.Dim.Add(extents.Select(extent => new TensorShapeProto.Types.Dimension { DimValue = extent }));
        return new() { Name = name, Type = new() { TensorType = new() { ElemType = (int)TypeOf(type), Shape = shape } } };
    }

    private static TensorType TypeOf(Model model) => model.Stored == Precision.Double ? TensorType.F64 : TensorType.F32;

    private static DataType TypeOf(TensorType type) => type == TensorType.F64 ? DataType.Double : DataType.Float;
}
