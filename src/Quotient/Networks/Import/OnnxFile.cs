using Google.Protobuf;
using Onnx;
using Quotient.Networks.Import.Operators;

namespace Quotient.Networks.Import;

/// <summary>
/// Reads the ONNX file of a feed-forward ReLU net: its nodes as layers, its initialisers as parameters, in the order of the nodes and each as
/// the file has it. Errors are sentences that do not name the file: who opens it does.
/// </summary>
internal static class OnnxFile
{
    /// <summary>What names end in.</summary>
    public const string Extension = ".onnx";

    private const long OldestOpset = 9, NewestOpset = 27;

    /// <summary>Whether a file goes by its name for one of these.</summary>
    public static bool Is(string path) => Path.GetExtension(path).Equals(Extension, StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads a model.</summary>
    /// <param name="stream">The file, which is closed.</param>
    /// <param name="folder">The folder that it lies in, for numbers in files beside it.</param>
    public static Model Read(Stream stream, string folder)
    {
        long length = stream.Length;
        var model = Parse(stream);
        CheckVersions(model);
        var graph = new OnnxGraph(model.Graph, folder);
        foreach (var (index, node) in model.Graph.Node.Index())
        {
            OnnxOperators.Take(graph, new(node, index));
        }

        graph.CheckOutput(model.Graph);
        return Assemble(graph, model, length);
    }

    private static ModelProto Parse(Stream stream)
    {
        QuotientException.ThrowIf(stream.Length > int.MaxValue, $"an ONNX file has at most 2 GiB, but this has {stream.Length} bytes");
        try
        {
            using var coded = CodedInputStream.CreateWithLimits(stream, int.MaxValue, recursionLimit: 100);
            var model = ModelProto.Parser.ParseFrom(coded);
            return model.Graph is not null ? model : throw new QuotientException("the file holds no graph: it is no ONNX file");
        }
        catch (InvalidProtocolBufferException error)
        {
            throw new QuotientException("the file is no ONNX file, or a damaged or truncated one", error);
        }
    }

    private static void CheckVersions(ModelProto model)
    {
        var opsets = model.OpsetImport.Where(opset => opset.Domain is "" or "ai.onnx").ToList();
        if (opsets.Count != 1)
        {
            throw new QuotientException($"the file names {Sentence.Count(opsets.Count, "opset")} of ONNX where one is wanted");
        }

        long version = opsets[0].Version;
        if (version is < OldestOpset or > NewestOpset)
        {
            throw new QuotientException($"the file has opset {version}; opsets {OldestOpset} to {NewestOpset} are read");
        }
    }

    private static Model Assemble(OnnxGraph graph, ModelProto file, long length)
    {
        var network = new Network(graph.Input, OnnxNames.Nodes(graph.Layers));
        var constants = graph.Layers.SelectMany(layer => layer.Tensors.Take(layer.Layer.Tensors.Count))
            .Concat(graph.Layers.SelectMany(layer => layer.Tensors.Skip(layer.Layer.Tensors.Count)));
        var stored = constants.Select(constant => new OnnxTensor(constant.Key, constant.Tensor, graph.Folder)).ToList();
        foreach (var (tensor, wanted) in stored.Zip(network.Tensors.Concat(network.Buffers)))
        {
            QuotientException.ThrowIf(
                tensor.Type == TensorType.I64, $"tensor {Text.Quote(wanted.Name)} has the type INT64, but the network wants real numbers");
        }

        CheckCopies(stored, length);
        double[] parameters = HostArray.Zeros<double>(network.ParameterCount, () => $"the parameter vector of the network {network}");
        double[] buffers = HostArray.Zeros<double>(network.BufferCount, () => $"what the network {network} keeps beside its parameters");
        foreach (var (tensor, place) in stored.Zip(network.Tensors))
        {
            tensor.Read(parameters.AsSpan(place.Range));
        }

        foreach (var (tensor, place) in stored.Skip(network.Tensors.Count).Zip(network.Buffers))
        {
            tensor.Read(buffers.AsSpan(place.Range));
        }

        bool single = stored.All(tensor => tensor.Type != TensorType.F64);
        return new(network, parameters, single ? Precision.Single : Precision.Double, buffers) { Metadata = MetadataOf(file) };
    }

    /// <summary>
    /// Equal tensors may share their bytes, but a few bytes that stand for very many parameters are no network: refused before memory is taken.
    /// </summary>
    private static void CheckCopies(List<OnnxTensor> tensors, long length)
    {
        const long Most = 100, Small = 1 << 24;
        long there = length + tensors.Select(tensor => tensor.Beside).Distinct().Sum(file => file?.Length ?? 0);
        Int128 bytes = tensors.Aggregate(Int128.Zero, (sum, tensor) => sum + ((Int128)tensor.Size * tensor.Type.Width()));
        QuotientException.ThrowIf(
            bytes > Small + ((Int128)Most * there),
            $"the tensors take {bytes} bytes, more than {Most} times the {there} bytes of all files in which they lie");
    }

    private static Dictionary<string, string> MetadataOf(ModelProto file)
    {
        var metadata = new Dictionary<string, string>();
        foreach (var entry in file.MetadataProps)
        {
            metadata[entry.Key] = entry.Value;
        }

        metadata.Remove(Architecture.Key);
        return metadata;
    }
}
