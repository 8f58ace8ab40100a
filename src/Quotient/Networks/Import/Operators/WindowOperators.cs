using Quotient.Networks.Layers;

namespace Quotient.Networks.Import.Operators;

/// <summary>Convolutions and pooling, with the zeros that a Pad laid around their image.</summary>
internal static class WindowOperators
{
    /// <summary>A convolution of two dimensions, of one group and dilation 1.</summary>
    public static void Convolution(OnnxGraph graph, OnnxNode node)
    {
        node.Require("group", 1, "one group");
        var (image, weight) = (Image(graph, node), graph.Constant(node, 1));
        QuotientException.ThrowIf(
            weight.IsTurned || weight.Dimensions.Count != 4 || weight.Dimensions.Any(extent => extent is < 1 or > int.MaxValue),
            $"{node.Operator} {node.What} reads the tensor {Text.Quote(weight.Key)} of shape {Text.Bracket([.. weight.Dimensions])} where outputs × inputs × height × width is wanted");
        int[] extents = [.. weight.Dimensions.Select(extent => (int)extent)];
        int[] own = [extents[2], extents[3]];
        int[] size = node.TakeWholes("kernel_shape") is { } given ? node.Whole(given, "kernel_shape", 2, 1) : own;
        QuotientException.ThrowIf(
            !size.SequenceEqual(own),
            $"{node.Operator} {node.What} has kernel_shape {Text.Bracket([.. size])}, but its weight {Text.Bracket([.. weight.Dimensions])}");
        bool biased = node.Reads(2);
        var layer = new Convolution(extents[1], extents[0], Around(node, Take(node, image, size), image.Padding), biased);
        graph.Add(node, layer, [image], biased ? [weight, graph.Constant(node, 2)] : [weight]);
    }

    /// <summary>Of a ReLU's values, zeros around the image change no maximum.</summary>
    public static void MaxPool(OnnxGraph graph, OnnxNode node)
    {
        node.Require("storage_order", 0, "rows before columns");
        var image = Image(graph, node);
        var window = Take(node, image, Size(node));
        QuotientException.ThrowIf(
            image.Padding.IsThere && !(image.Node != Network.Source && graph.Layers[image.Node].Layer is Relu),
            $"{node.Operator} {node.What} reads an image that a Pad laid zeros around; that is only taken behind a Relu");
        graph.Add(node, new MaxPool(Merged(node, window, image)), [image], []);
    }

    /// <summary>Zeros that a Pad laid around the image count, those of the window itself as it says.</summary>
    public static void AveragePool(OnnxGraph graph, OnnxNode node)
    {
        bool counts = node.TakeFlag("count_include_pad");
        var image = Image(graph, node);
        var window = Take(node, image, Size(node));
        QuotientException.ThrowIf(
            image.Padding.IsThere && !counts && (window.Top | window.Left | window.Bottom | window.Right) != 0,
            $"{node.Operator} {node.What} counts the zeros that a Pad laid around its image, but not its own; only one of both is taken");
        graph.Add(node, new AveragePool(Merged(node, window, image), counts || image.Padding.IsThere), [image], []);
    }

    private static OnnxSignal Image(OnnxGraph graph, OnnxNode node)
    {
        var signal = graph.PaddedSignal(node, 0);
        return signal.IsImage ? signal : throw node.Wrong($"reads a signal of shape {signal.Text} where an image is wanted");
    }

    private static int[] Size(OnnxNode node) => node.Whole(node.TakeWholes("kernel_shape") ?? [], "kernel_shape", 2, 1);

    /// <summary>The window that a node's attributes say, without what a Pad adds.</summary>
    private static Window Take(OnnxNode node, OnnxSignal image, int[] size)
    {
        int[] strides = node.TakeWholes("strides", 2, 1, 1), dilations = node.TakeWholes("dilations", 2, 1, 1);
        int[] pads = node.TakeWholes("pads", 4, 0, 0);
        QuotientException.ThrowIf(
            dilations is not [1, 1], $"{node.Operator} {node.What} has dilations {Text.Bracket(dilations)}; only 1 is taken");
        var window = new Window(size[0], size[1]) { StrideY = strides[0], StrideX = strides[1], Ceiling = node.TakeFlag("ceil_mode") };
        string auto = node.TakeText("auto_pad", "NOTSET");
        var (height, width) = (image.Shape.Height + (long)image.Padding.Top + image.Padding.Bottom,
            image.Shape.Width + (long)image.Padding.Left + image.Padding.Right);
        return auto switch
        {
            "NOTSET" => Around(node, window, new(pads[0], pads[1], pads[2], pads[3])),
            "VALID" => window,
            "SAME_UPPER" or "SAME_LOWER" => Same(node, window, height, width, auto == "SAME_UPPER"),
            _ => throw node.Wrong($"has the auto_pad {Text.Quote(auto)}, which is not known"),
        };
    }

    /// <summary>As many places as strides fit into the image: what is missing lies around it, an odd one behind or before.</summary>
    private static Window Same(OnnxNode node, Window window, long height, long width, bool isUpper)
    {
        var (top, bottom) = Halves(height, window.Height, window.StrideY);
        var (left, right) = Halves(width, window.Width, window.StrideX);
        return Around(node, window with { Ceiling = false }, new(top, left, bottom, right));

        (int Before, int Behind) Halves(long extent, int size, int stride)
        {
            long positions = (extent + stride - 1) / stride, missing = Math.Max(0, ((positions - 1) * stride) + size - extent);
            int less = (int)(missing / 2), more = (int)(missing - less);
            return isUpper ? (less, more) : (more, less);
        }
    }

    /// <summary>A pooling window that stands on the image itself, at the same places as on the image with zeros around it.</summary>
    private static Window Merged(OnnxNode node, Window window, OnnxSignal image)
    {
        if (!image.Padding.IsThere)
        {
            return window;
        }

        var (shape, zeros) = (image.Shape, image.Padding);
        var padded = shape with { Height = checked(shape.Height + zeros.Top + zeros.Bottom), Width = checked(shape.Width + zeros.Left + zeros.Right) };
        var merged = Around(node, window, zeros);
        var (there, here) = node.Named(() => (window.On(padded), merged.On(shape)));
        return (there.OutHeight, there.OutWidth) == (here.OutHeight, here.OutWidth)
            ? merged
            : throw node.Wrong($"with ceil_mode ends in the zeros that a Pad laid around its image, which is not taken");
    }

    /// <summary>A window with more padding.</summary>
    private static Window Around(OnnxNode node, Window window, Padding more)
    {
        long[] padding = [(long)window.Top + more.Top, (long)window.Left + more.Left, (long)window.Bottom + more.Bottom, (long)window.Right + more.Right];
        int[] sound = node.Whole(padding, "pads", 4, 0);
        return window with { Top = sound[0], Left = sound[1], Bottom = sound[2], Right = sound[3] };
    }
}
