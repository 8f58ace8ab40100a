using Quotient.Networks.Layers;

namespace Quotient.Networks.Import.Operators;

/// <summary>Means of whole images, and batch norm.</summary>
internal static class ImageOperators
{
    /// <summary>The mean of each channel; the axes of height and width stay, with one place each.</summary>
    public static void GlobalAveragePool(OnnxGraph graph, OnnxNode node) =>
        graph.Add(node, new GlobalAveragePool(), [Image(graph, node)], []);

    /// <summary>The same, where the mean is over height and width.</summary>
    public static void ReduceMean(OnnxGraph graph, OnnxNode node)
    {
        var axes = node.TakeWholes("axes") ?? (node.Reads(1) ? graph.Wholes(node, 1) : []);
        bool keeps = node.TakeFlag("keepdims", true);
        node.TakeWhole("noop_with_empty_axes", 0);
        var image = Image(graph, node);
        long[] counted = [.. axes.Select(axis => axis < 0 ? axis + image.Extents.Count : axis).Order()];
        QuotientException.ThrowIf(
            !counted.SequenceEqual([2L, 3L]), $"{node.Operator} {node.What} is over the axes {Text.Bracket([.. axes])}; only height and width are taken");
        graph.Add(node, new GlobalAveragePool(), [image], [], isImage: keeps);
    }

    /// <summary>Batch norm with running statistics.</summary>
    public static void BatchNorm(OnnxGraph graph, OnnxNode node)
    {
        double epsilon = Decimal(node.TakeReal("epsilon", 1e-5f)), momentum = Decimal(node.TakeReal("momentum", 0.9f));
        node.Require("training_mode", 0, "evaluation");
        node.Require("spatial", 1, "a norm of channels");
        QuotientException.ThrowIf(
            node.Outputs.Skip(1).Any(name => name.Length > 0), $"{node.Operator} {node.What} makes statistics of the batch; only evaluation is taken");
        QuotientException.ThrowIf(
            !(epsilon >= 0) || !(momentum is >= 0 and <= 1) || !double.IsFinite(epsilon),
            $"{node.Operator} {node.What} has epsilon {epsilon} and momentum {momentum}, which make no sense");

        var signal = graph.Signal(node, 0);
        // What ONNX calls momentum weighs the past, what PyTorch calls so the present.
        graph.Add(
            node, new BatchNorm(signal.Shape.Channels, epsilon, (double)(1 - (decimal)momentum)), [signal],
            [.. Enumerable.Range(1, 4).Select(input => graph.Constant(node, input))]);
    }

    private static OnnxSignal Image(OnnxGraph graph, OnnxNode node)
    {
        var signal = graph.Signal(node, 0);
        return signal.IsImage ? signal : throw node.Wrong($"reads a signal of shape {signal.Text} where an image is wanted");
    }

    /// <summary>The decimal number that was meant: attributes are single, but networks are built of 1e-5 and 0.1.</summary>
    private static double Decimal(float value) => double.Parse(value.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}
