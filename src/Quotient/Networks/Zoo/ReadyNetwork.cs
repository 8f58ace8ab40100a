using Quotient.Networks.Layers;

namespace Quotient.Networks.Zoo;

/// <summary>
/// An architecture with a name, for data of any shape and number of classes. Each registers itself in its own file; in text, options
/// follow its name: <c>lenet,no-bias,input=3×32×32,classes=5</c>.
/// </summary>
/// <param name="Name">The name.</param>
/// <param name="Input">The input that it has unless another is asked for.</param>
/// <param name="Build">Builds it, from the shape of the input, the number of classes, and whether convolutions and dense layers have biases.</param>
internal sealed record ReadyNetwork(string Name, Shape Input, Func<Shape, int, bool, Network> Build) : INamed
{
    private const int Classes = 10;
    private const string InputWord = "input", ClassesWord = "classes", NoBias = "no-bias";

    private readonly Lazy<Network> _standard = new(() => Build(Input, Classes, true));

    /// <summary>All of them, by name.</summary>
    public static Registry<ReadyNetwork> Kinds { get; } = new("architecture");

    /// <summary>Reads a name with its options; null where the text begins with no name of these.</summary>
    /// <exception cref="QuotientException">An option is unknown, given twice or makes no sense, or the network cannot have that input.</exception>
    public static Network? TryParse(string text, bool bias)
    {
        string[] words = text.Split(',');
        if (Kinds.All.FirstOrDefault(ready => ready.Name == words[0]) is not { } ready)
        {
            return null;
        }

        Shape? input = null;
        int? classes = null;
        bool leavesOut = false;
        foreach (string word in words[1..])
        {
            switch (word.Split('='))
            {
                case [NoBias] when !leavesOut:
                    leavesOut = true;
                    break;
                case [InputWord, var extents] when input is null && ShapeText.TryRead(extents) is { } shape:
                    input = shape;
                    break;
                case [ClassesWord, var number] when classes is null && ShapeText.TryCount(number) is { } count:
                    classes = count;
                    break;
                default:
                    throw new QuotientException(
                        $"architecture {Text.Quote(text)}: {Text.Quote(word)} is no option, one a second time, or one whose value cannot be; options are " +
                        $"{NoBias}, {InputWord}={ready.Input} (channels × height × width) and {ClassesWord}={Classes} (1 or more)");
            }
        }

        return ready.Build(input ?? ready.Input, classes ?? Classes, bias && !leavesOut);
    }

    /// <summary>The text that <see cref="Network.Parse"/> reads as this network, whatever its layers are called; null where none does.</summary>
    public static string? TextOf(Network network, BinaryMlp? binary) =>
        Kinds.All.Select(ready => ready.TextIfSame(network, binary)).FirstOrDefault(text => text is not null);

    private string? TextIfSame(Network network, BinaryMlp? binary)
    {
        var standard = binary is null ? _standard.Value : BinaryForm.Of(_standard.Value, binary);
        bool same = network.Nodes.Count == standard.Nodes.Count && network.Nodes.Zip(standard.Nodes).Index().All(pair =>
            pair.Item.First.Inputs.SequenceEqual(pair.Item.Second.Inputs)
            && Bare(pair.Item.First, network) == Bare(pair.Item.Second, standard));
        if (!same)
        {
            return null;
        }

        bool asStandard = Biases(network).SequenceEqual(Biases(standard));
        if (!asStandard && Biases(network).Any(bias => bias))
        {
            return null;
        }

        return Name + (asStandard ? "" : $",{NoBias}") + (network.Input == Input ? "" : $",{InputWord}={network.Input}")
            + (network.Output.Size == Classes ? "" : $",{ClassesWord}={network.Output.Size}");
    }

    private static IEnumerable<bool> Biases(Network network) =>
        network.Nodes.Select(node => node.Layer is Convolution { Bias: true } or Dense { Bias: true });

    /// <summary>A layer without what the input, the number of classes and biases decide.</summary>
    private static Layer Bare(Node node, Network network)
    {
        bool isLast = node == network.Nodes[^1];
        return node.Layer switch
        {
            Convolution layer => layer with { Inputs = 0, Bias = false },
            BinaryConvolution layer => layer with { Inputs = 0 },
            Dense layer => layer with { Inputs = 0, Bias = false, Outputs = isLast ? 0 : layer.Outputs },
            BinaryDense layer => layer with { Inputs = 0, Outputs = isLast ? 0 : layer.Outputs },
            var layer => layer,
        };
    }
}
