using Onnx;
using Quotient.Networks.Layers;
using DataType = Onnx.TensorProto.Types.DataType;

namespace Quotient.Networks.Import.Operators;

/// <summary>ReLU, and what passes on what it reads: Identity, Dropout in evaluation, Constant, Transpose of an initialiser.</summary>
internal static class PlainOperators
{
    /// <summary>max(x, 0).</summary>
    public static void Relu(OnnxGraph graph, OnnxNode node) => graph.Add(node, new Relu(), [graph.Signal(node, 0)], []);

    /// <summary>The same again. Of a tensor of the file it is a tensor of its own, under the output's name.</summary>
    public static void Identity(OnnxGraph graph, OnnxNode node) => graph.Set(
        node, graph.Value(node, 0) is OnnxConstant constant ? constant with { Key = node.Outputs.FirstOrDefault("") } : graph.Value(node, 0));

    /// <summary>Nothing, unless it is to drop values.</summary>
    public static void Dropout(OnnxGraph graph, OnnxNode node)
    {
        node.TakeReal("ratio", 0.5f);
        node.TakeWhole("seed", 0);
        if (node.Reads(2) && !IsFalse(graph.Constant(node, 2).Tensor))
        {
            throw node.Wrong("is in training mode; only evaluation is taken");
        }

        graph.Set(node, graph.Value(node, 0));
    }

    /// <summary>A tensor, or whole numbers.</summary>
    public static void Constant(OnnxGraph graph, OnnxNode node)
    {
        OnnxValue value = node.TakeTensor("value") is { } tensor ? new OnnxConstant(node.Outputs.FirstOrDefault(""), tensor)
            : node.TakeWholes("value_ints") is { } wholes ? new OnnxExtents([.. wholes.Select(whole => (long?)whole)])
            : new OnnxExtents([node.TakeWhole("value_int", 0)], IsScalar: true);
        graph.Set(node, value);
    }

    /// <summary>A matrix of the file, with its axes exchanged or as it is.</summary>
    public static void Transpose(OnnxGraph graph, OnnxNode node)
    {
        var order = node.TakeWholes("perm");
        if (graph.Value(node, 0) is not OnnxConstant { Dimensions.Count: 2 } matrix)
        {
            throw node.Wrong("does not read a matrix of the file; of other things it is not taken");
        }

        bool turns = order is null || order.SequenceEqual([1L, 0L]);
        QuotientException.ThrowIf(
            !turns && !order!.SequenceEqual([0L, 1L]), $"{node.Operator} {node.What} has perm {Text.Bracket([.. order!])} of a matrix");
        graph.Set(node, matrix with { IsTurned = matrix.IsTurned != turns });
    }

    private static bool IsFalse(TensorProto tensor) =>
        (DataType)tensor.DataType == DataType.Bool && tensor.DataLocation != TensorProto.Types.DataLocation.External
        && tensor.RawData.Length + tensor.Int32Data.Count == 1 && tensor.RawData.All(value => value == 0)
        && tensor.Int32Data.All(value => value == 0);
}
