using Quotient.Networks.Layers;

namespace Quotient.Networks.Import.Operators;

/// <summary>
/// What makes a vector of an image, and the numbers of shapes that exporters compute for it: <c>x.view(x.size(0), -1)</c> becomes Shape,
/// Gather, Unsqueeze, Concat and Reshape.
/// </summary>
internal static class ShapeOperators
{
    /// <summary>Values of all axes but the samples', as a vector.</summary>
    public static void Flatten(OnnxGraph graph, OnnxNode node)
    {
        var signal = graph.Signal(node, 0);
        long axis = node.TakeWhole("axis", 1);
        axis = axis < 0 ? axis + signal.Extents.Count : axis;
        QuotientException.ThrowIf(axis != 1, $"{node.Operator} {node.What} has axis {axis}; only 1, after the samples, is taken");
        Flatten(graph, node, signal);
    }

    /// <summary>Only what is flat, or what stays as it is.</summary>
    public static void Reshape(OnnxGraph graph, OnnxNode node)
    {
        var signal = graph.Signal(node, 0);
        bool zeros = node.TakeFlag("allowzero");
        // Before opset 5 the shape was an attribute; since then it is read.
        var wanted = graph.Extents(node, 1).Values;
        var shape = wanted.Select((extent, axis) =>
            extent == 0 && !zeros && axis < signal.Extents.Count ? signal.Extents[axis] : extent).ToList();
        if (shape is [_, var values] && IsSamples(graph, shape[0], values) && (values == signal.Shape.Size || values == -1))
        {
            Flatten(graph, node, signal);
        }
        else if (shape.Count == signal.Extents.Count && IsSamples(graph, shape[0], 1) && shape.Skip(1).SequenceEqual(signal.Extents.Skip(1)))
        {
            graph.Set(node, signal);
        }
        else
        {
            string text = Text.Bracket([.. wanted.Select(extent => extent is { } known ? $"{known}" : "N")]);
            throw node.Wrong($"makes the shape {text} of {signal.Text}; only [N, {signal.Shape.Size}] is taken");
        }
    }

    /// <summary>The extents of a signal.</summary>
    public static void Shape(OnnxGraph graph, OnnxNode node)
    {
        var extents = graph.Signal(node, 0).Extents;
        int start = Place(node.TakeWhole("start", 0)), end = Place(node.TakeWhole("end", extents.Count));
        graph.Set(node, new OnnxExtents([.. extents.Take(end).Skip(start)]));

        int Place(long axis) => (int)Math.Clamp(axis < 0 ? axis + extents.Count : axis, 0, extents.Count);
    }

    /// <summary>One of several numbers, or some of them.</summary>
    public static void Gather(OnnxGraph graph, OnnxNode node)
    {
        node.Require("axis", 0, "the first axis");
        var from = Numbers(graph, node, 0);
        var chosen = graph.Extents(node, 1);
        var places = graph.Wholes(node, 1).Select(place => place < 0 ? place + from.Values.Count : place).ToList();
        QuotientException.ThrowIf(
            from.IsScalar || places.Any(place => place < 0 || place >= from.Values.Count),
            $"{node.Operator} {node.What} takes the places {Text.Bracket([.. places])} of {from.Values.Count} numbers");
        graph.Set(node, new OnnxExtents([.. places.Select(place => from.Values[(int)place])], chosen.IsScalar));
    }

    /// <summary>A number as a list of one.</summary>
    public static void Unsqueeze(OnnxGraph graph, OnnxNode node)
    {
        var axes = node.TakeWholes("axes") ?? graph.Wholes(node, 1);
        var number = Numbers(graph, node, 0);
        QuotientException.ThrowIf(
            !number.IsScalar || axes is not [0 or -1], $"{node.Operator} {node.What} is not taken but of one number that becomes a list");
        graph.Set(node, number with { IsScalar = false });
    }

    /// <summary>Lists of numbers, one after the other.</summary>
    public static void Concat(OnnxGraph graph, OnnxNode node)
    {
        long axis = node.TakeWhole("axis", 0);
        var parts = node.Inputs.Select((_, input) => Numbers(graph, node, input)).ToList();
        QuotientException.ThrowIf(
            axis is not (0 or -1) || parts.Any(part => part.IsScalar), $"{node.Operator} {node.What} is not taken but of lists of numbers");
        graph.Set(node, new OnnxExtents([.. parts.SelectMany(part => part.Values).Take(MostNumbers)]));
    }

    /// <summary>More than any shape has.</summary>
    private const int MostNumbers = 64;

    private static OnnxExtents Numbers(OnnxGraph graph, OnnxNode node, int input) => graph.Value(node, input) is OnnxSignal
        ? throw node.Wrong("is not taken of layers' outputs, only of the numbers of shapes")
        : graph.Extents(node, input);

    /// <summary>
    /// Whether an extent stands for the samples: it is their number, or the number with which the graph was traced, or left open while the
    /// other is not.
    /// </summary>
    private static bool IsSamples(OnnxGraph graph, long? extent, long? other) =>
        extent is null || (extent == -1 && other != -1) || (extent > 0 && (graph.Samples ?? extent) == extent);

    private static void Flatten(OnnxGraph graph, OnnxNode node, OnnxSignal signal)
    {
        if (signal.IsImage)
        {
            graph.Add(node, new Flatten(), [signal], [], isImage: false);
        }
        else
        {
            graph.Set(node, signal);
        }
    }
}
