using Quotient.Networks.Layers;

namespace Quotient.Networks.Import.Operators;

/// <summary>Zeros around an image, which the window that follows takes in; or channels of zeros, as a shortcut adds them.</summary>
internal static class PadOperator
{
    private const int MostRows = 1 << 24;

    /// <summary>Zeros before and behind rows and columns.</summary>
    public static void Pad(OnnxGraph graph, OnnxNode node)
    {
        string mode = node.TakeText("mode", "constant");
        QuotientException.ThrowIf(mode != "constant", $"{node.Operator} {node.What} has the mode {Text.Quote(mode)}; only constant is taken");
        var signal = graph.PaddedSignal(node, 0);
        var pads = node.TakeWholes("pads") ?? graph.Wholes(node, 1);
        double value = node.Reads(2) ? Single(graph, node, 2) : node.TakeReal("value", 0);
        long[] all = OnAllAxes(node, pads, node.Reads(3) ? graph.Wholes(node, 3) : null, signal.Extents.Count);
        if (all.All(pad => pad == 0))
        {
            graph.Set(node, signal);
            return;
        }

        QuotientException.ThrowIf(value != 0, $"{node.Operator} {node.What} pads with {value}; only zeros are taken");
        if (all is [0, var before, 0, 0, 0, var behind, 0, 0] && behind - before is 0 or 1 && before >= 0 && behind < MostRows)
        {
            Channels(graph, node, (int)(before + behind));
            return;
        }

        QuotientException.ThrowIf(
            all is not [0, 0, _, _, 0, 0, _, _] || all.Any(pad => pad is < 0 or > MostRows),
            $"{node.Operator} {node.What} has pads {Text.Bracket([.. pads])}; only zeros around the rows and columns of an image, or as many channels before as behind, are taken");
        var old = signal.Padding;
        graph.Set(node, signal with
        {
            Padding = new(old.Top + (int)all[2], old.Left + (int)all[3], old.Bottom + (int)all[6], old.Right + (int)all[7]),
        });
    }

    /// <summary>Maxima of windows of one place are every place of a stride: with the zeros, they are a shortcut.</summary>
    private static void Channels(OnnxGraph graph, OnnxNode node, int more)
    {
        var signal = graph.Signal(node, 0);
        int outputs = signal.Shape.Channels + more;
        if (graph.OwnLayer(node, 0) is { Layer: MaxPool pool } before
            && pool.Window == new Window(1, 1) { StrideY = pool.Window.StrideY, StrideX = pool.Window.StrideY })
        {
            graph.Replace(node, before, new Shortcut(outputs, pool.Window.StrideY), signal.Shape with { Channels = outputs });
        }
        else
        {
            graph.Add(node, new Shortcut(outputs, 1), [signal], []);
        }
    }

    /// <summary>Paddings before each axis, then behind each, where a node lists those of some axes.</summary>
    private static long[] OnAllAxes(OnnxNode node, IReadOnlyList<long> pads, IReadOnlyList<long>? axes, int count)
    {
        axes = [.. (axes ?? [.. Enumerable.Range(0, count).Select(axis => (long)axis)]).Select(axis => axis < 0 ? axis + count : axis)];
        QuotientException.ThrowIf(
            pads.Count != 2 * axes.Count || axes.Any(axis => axis < 0 || axis >= count) || axes.Distinct().Count() != axes.Count,
            $"{node.Operator} {node.What} has {pads.Count} pads for {axes.Count} of {count} axes");
        long[] all = new long[2 * count];
        foreach (var (place, axis) in axes.Index())
        {
            (all[axis], all[count + axis]) = (pads[place], pads[axes.Count + place]);
        }

        return all;
    }

    private static double Single(OnnxGraph graph, OnnxNode node, int input)
    {
        var constant = graph.Constant(node, input);
        double[] value = new double[1];
        return node.Named(() =>
        {
            var tensor = new OnnxTensor(constant.Key, constant.Tensor, graph.Folder);
            QuotientException.ThrowIf(tensor.Size != 1 || tensor.Type == TensorType.I64, $"tensor {Text.Quote(constant.Key)} is no single real number");
            tensor.Read(value);
            return value[0];
        });
    }
}
