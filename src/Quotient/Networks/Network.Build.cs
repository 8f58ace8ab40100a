using Quotient.Networks;
using Quotient.Networks.Layers;
using Quotient.Networks.Zoo;

namespace Quotient;

public sealed partial class Network
{
    /// <summary>A chain of layers, named by their position as PyTorch's <c>Sequential</c> does.</summary>
    public static Network Chain(Shape input, params IEnumerable<Layer> layers) =>
        new(input, [.. layers.Select((layer, i) => new Node(i.ToString(CultureInfo.InvariantCulture), layer, [i - 1]))]);

    /// <summary>
    /// A network in which layers may be read more than once: <c>Build(new(8), x => x.Dense(6).Relu().Dense(3))</c>.
    /// </summary>
    /// <param name="input">The shape of one input sample.</param>
    /// <param name="layers">Adds the layers, the output last.</param>
    public static Network Build(Shape input, Func<Signal, Signal> layers)
    {
        var nodes = new List<Node>();
        layers(new(nodes, Source, input));
        return new(input, nodes);
    }

    /// <summary>Dense layers of the given widths with ReLU between: <c>Mlp([784, 512, 10])</c>.</summary>
    /// <exception cref="QuotientException">There are fewer than two widths, or one is below 1.</exception>
    public static Network Mlp(IReadOnlyList<int> widths, bool bias = true)
    {
        CheckWidths(widths);
        return Chain(
            new(widths[0]),
            widths.Zip(widths.Skip(1), (inputs, outputs) => new Dense(inputs, outputs, bias))
                .SelectMany<Dense, Layer>(layer => [layer, new Relu()]).SkipLast(1));
    }

    /// <summary>
    /// Reads an architecture: the widths of dense layers with ReLU between, such as <c>784-512-512-10</c>; a name, such as
    /// <c>lenet,no-bias,input=3×32×32,classes=5</c> (also <c>alexnet-small</c>, <c>vgg16</c>, <c>vgg16-bn</c>, <c>resnet20</c>); or words for layers,
    /// <c>conv:1x28x28,16c5p2,relu,max2,32c3,bn,relu,gap,10</c>. Behind <c>binary:</c>, with what <see cref="BinaryMlp"/> knows before the
    /// colon, weights are ±1 and signs stand between.
    /// </summary>
    /// <param name="architecture">The text.</param>
    /// <param name="bias">Whether dense layers and convolutions have biases, unless the text leaves them out.</param>
    /// <exception cref="QuotientException">The text is no architecture, or its layers do not fit.</exception>
    public static Network Parse(string architecture, bool bias = true)
    {
        if (TryParseReal(architecture, bias) is { } network)
        {
            return network;
        }

        int colon = architecture.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0)
        {
            return Mlp(ParseWidths(architecture, architecture), bias);
        }

        string rest = architecture[(colon + 1)..];
        var real = TryParseReal(rest, true);
        var widths = real is null ? ParseWidths(architecture, rest) : [];
        var binary = BinaryMlp.Parse(architecture[..colon]);
        QuotientException.ThrowIf(!bias, $"binary layers have no biases to leave out");
        return real is null ? binary.Build(widths) : BinaryForm.Of(real, binary);
    }

    /// <summary>The network of a name or of words for layers; null where the text is neither.</summary>
    private static Network? TryParseReal(string text, bool bias) => text.StartsWith(LayerWords.Start, StringComparison.Ordinal)
        ? LayerWords.Parse(text, bias)
        : ReadyNetwork.TryParse(text, bias);

    internal static void CheckWidths(IReadOnlyList<int> widths)
    {
        if (widths.Count < 2 || widths.Any(width => width < 1))
        {
            throw new QuotientException(
                "an architecture needs at least two widths, each at least 1, such as 784-512-10; " +
                $"got {Text.Quote(string.Join('-', widths))}");
        }
    }

    private static List<int> ParseWidths(string architecture, string words) =>
    [
        .. words.Split('-').Select(part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int width)
            ? width
            : throw new QuotientException(
                $"architecture {Text.Quote(architecture)}: expected widths joined by '-', such as 784-512-10, one of " +
                $"{string.Join(", ", ReadyNetwork.Kinds.All.Select(ready => ready.Name))}, or {LayerWords.Start}…, but found {Text.Quote(part)}")),
    ];
}
