using Quotient.Networks.Layers;

namespace Quotient.Networks.Import.Operators;

/// <summary>Products with matrices of the file, and sums.</summary>
internal static class DenseOperators
{
    /// <summary>αxW + βc, or αxWᵀ + βc: α is the layer's scale, β must be 1.</summary>
    public static void Gemm(OnnxGraph graph, OnnxNode node)
    {
        float alpha = node.TakeReal("alpha", 1), beta = node.TakeReal("beta", 1);
        bool turns = node.TakeFlag("transB");
        node.Require("transA", 0, "an input that is not transposed");
        bool biased = node.Reads(2);
        QuotientException.ThrowIf(biased && beta != 1, $"{node.Operator} {node.What} has beta {beta}; only 1 is taken");
        QuotientException.ThrowIf(!float.IsFinite(alpha), $"{node.Operator} {node.What} has alpha {alpha}, which is not finite");
        var layer = Layer(node, graph.Constant(node, 1), turns) with { Bias = biased, Scale = alpha };
        Add(graph, node, layer, biased ? [graph.Constant(node, 1), graph.Constant(node, 2)] : [graph.Constant(node, 1)]);
    }

    /// <summary>xW.</summary>
    public static void MatMul(OnnxGraph graph, OnnxNode node)
    {
        var weight = graph.Constant(node, 1);
        Add(graph, node, Layer(node, weight, false) with { Bias = false }, [weight]);
    }

    /// <summary>A sum of signals; or the bias of the product or the convolution before it.</summary>
    public static void Add(OnnxGraph graph, OnnxNode node)
    {
        int constant = graph.Value(node, 0) is OnnxConstant ? 0 : 1;
        if (graph.Value(node, constant) is not OnnxConstant bias)
        {
            var (first, second) = (graph.Signal(node, 0), graph.Signal(node, 1));
            QuotientException.ThrowIf(
                first.IsImage != second.IsImage || first.Shape != second.Shape,
                $"{node.Operator} {node.What} adds signals of the shapes {first.Text} and {second.Text}; only one shape is taken");
            graph.Add(node, new Sum(), [first, second], []);
            return;
        }

        var before = graph.OwnLayer(node, 1 - constant);
        Layer? biased = before?.Layer switch
        {
            Dense { Bias: false } dense when AddsAlong(bias, 0) => dense with { Bias = true },
            Convolution { Bias: false } convolution when AddsAlong(bias, 2) => convolution with { Bias = true },
            _ => null,
        };
        QuotientException.ThrowIf(
            biased is null, $"{node.Operator} {node.What} adds the tensor {Text.Quote(bias.Key)}, which is no bias of a layer that it alone reads");
        graph.Replace(node, before!, biased, graph.Signal(node, 1 - constant).Shape, bias);
    }

    /// <summary>Whether a tensor varies along one axis alone, which so many others follow.</summary>
    private static bool AddsAlong(OnnxConstant tensor, int behind) =>
        tensor.Dimensions.Count > behind && tensor.Dimensions.SkipLast(behind + 1).Concat(tensor.Dimensions.TakeLast(behind)).All(extent => extent == 1);

    private static Dense Layer(OnnxNode node, OnnxConstant weight, bool turns)
    {
        bool inputsFirst = turns == weight.IsTurned;
        QuotientException.ThrowIf(
            weight.Dimensions.Count != 2 || weight.Dimensions.Any(extent => extent is < 1 or > int.MaxValue),
            $"{node.Operator} {node.What} reads the tensor {Text.Quote(weight.Key)} of shape {Text.Bracket([.. weight.Dimensions])} where a matrix is wanted");
        var (first, second) = ((int)weight.Dimensions[0], (int)weight.Dimensions[1]);
        return inputsFirst ? new(first, second) { InputsFirst = true } : new(second, first);
    }

    private static void Add(OnnxGraph graph, OnnxNode node, Dense layer, IReadOnlyList<OnnxConstant> tensors)
    {
        var input = graph.Signal(node, 0);
        QuotientException.ThrowIf(
            input.IsImage, $"{node.Operator} {node.What} multiplies an image of shape {input.Text}; it must be flattened before");
        graph.Add(node, layer, [input], tensors);
    }
}
