using Quotient.Networks;
using Quotient.Networks.Layers;

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
    /// Reads an architecture such as <c>784-512-512-10</c>: the widths of dense layers with ReLU between; or
    /// <c>binary:784-501-501-10</c>: of binary layers with signs between, with what <see cref="BinaryMlp"/> knows before the colon.
    /// </summary>
    /// <exception cref="QuotientException">A part is not a whole number, or the widths are not those of a network.</exception>
    public static Network Parse(string architecture, bool bias = true)
    {
        int colon = architecture.IndexOf(':', StringComparison.Ordinal);
        var widths = ParseWidths(architecture, architecture[(colon + 1)..]);
        if (colon < 0)
        {
            return Mlp(widths, bias);
        }

        return bias
            ? BinaryMlp.Parse(architecture[..colon]).Build(widths)
            : throw new QuotientException("binary layers have no biases to leave out");
    }

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
                $"architecture {Text.Quote(architecture)}: expected widths joined by '-', such as 784-512-10, but found {Text.Quote(part)}")),
    ];
}
