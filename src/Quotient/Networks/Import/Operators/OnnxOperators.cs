namespace Quotient.Networks.Import.Operators;

/// <summary>The operators that are taken, by name.</summary>
internal static class OnnxOperators
{
    private static readonly OrderedDictionary<string, Action<OnnxGraph, OnnxNode>> Table = new()
    {
        ["Conv"] = WindowOperators.Convolution,
        ["MaxPool"] = WindowOperators.MaxPool,
        ["AveragePool"] = WindowOperators.AveragePool,
        ["Pad"] = PadOperator.Pad,
        ["GlobalAveragePool"] = ImageOperators.GlobalAveragePool,
        ["ReduceMean"] = ImageOperators.ReduceMean,
        ["BatchNormalization"] = ImageOperators.BatchNorm,
        ["Gemm"] = DenseOperators.Gemm,
        ["MatMul"] = DenseOperators.MatMul,
        ["Add"] = DenseOperators.Add,
        ["Relu"] = PlainOperators.Relu,
        ["Identity"] = PlainOperators.Identity,
        ["Dropout"] = PlainOperators.Dropout,
        ["Constant"] = PlainOperators.Constant,
        ["Transpose"] = PlainOperators.Transpose,
        ["Flatten"] = ShapeOperators.Flatten,
        ["Reshape"] = ShapeOperators.Reshape,
        ["Shape"] = ShapeOperators.Shape,
        ["Gather"] = ShapeOperators.Gather,
        ["Unsqueeze"] = ShapeOperators.Unsqueeze,
        ["Concat"] = ShapeOperators.Concat,
    };

    /// <summary>Takes one node into a graph; what is not taken is refused by the operator's and the node's name.</summary>
    public static void Take(OnnxGraph graph, OnnxNode node)
    {
        if (!Table.TryGetValue(node.Operator, out var take))
        {
            throw node.Wrong($"is not taken; the operators of feed-forward ReLU nets are: {string.Join(", ", Table.Keys)}");
        }

        take(graph, node);
        node.End();
    }
}
