using Quotient.Networks.Layers;

namespace Quotient.Networks.Zoo;

/// <summary>A network in a few words.</summary>
internal static class ShortText
{
    private const int Longest = 80, LongestDense = 400;

    /// <summary>
    /// The text that <see cref="Network.Parse"/> reads as it, where it has a name or is a chain of dense layers; else its shapes and marks
    /// of its layers, in short where they are many.
    /// </summary>
    public static string Of(Network network)
    {
        bool isBinary = network.Tensors.Any(tensor => tensor.IsBinary);
        string words = isBinary ? $"{BinaryMlp.WordsOf(network)}:" : "";
        return words + (ReadyNetwork.TextOf(network, isBinary ? BinaryMlp.Parse(words[..^1]) : null) ?? Marks(network));
    }

    private static string Marks(Network network)
    {
        string[] marks = [$"{network.Input}", .. network.Nodes.Select((node, i) => node.Layer.Mark(network.Shapes[i])).Where(mark => mark != "")];
        string all = string.Concat(marks);
        bool hasImages = network.Nodes.Any(node => node.Layer is Convolution or BinaryConvolution);
        return all.Length <= (hasImages ? Longest : LongestDense)
            ? all
            : $"{string.Concat(marks.Take(6))}-…{string.Concat(marks.TakeLast(2))} ({network.Nodes.Count} layers)";
    }
}
