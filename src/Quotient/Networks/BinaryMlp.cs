using Quotient.Networks.Layers;

namespace Quotient.Networks;

/// <summary>What a binary network is made of beside its widths, or the name of its architecture.</summary>
public sealed record BinaryMlp
{
    /// <summary>The word that an architecture's text begins with.</summary>
    internal const string Word = "binary";

    /// <summary>Whether ReLU stands between the layers in place of <see cref="Sign"/>.</summary>
    public bool Relu { get; init; }

    /// <summary>Whether the first layer has real weights, and biases.</summary>
    public bool RealFirst { get; init; }

    /// <summary>What inputs are compared with to become ±1; null to take them as they are.</summary>
    public double? InputThreshold { get; init; }

    /// <summary>The network of those widths.</summary>
    /// <exception cref="QuotientException">There are fewer than two widths, or one is below 1.</exception>
    public Network Build(IReadOnlyList<int> widths)
    {
        Network.CheckWidths(widths);
        IEnumerable<Layer> input = InputThreshold is { } threshold ? [new Sign(threshold)] : [];
        var layers = widths.Zip(widths.Skip(1)).SelectMany<(int Inputs, int Outputs), Layer>((pair, l) =>
        [
            RealFirst && l == 0 ? new Dense(pair.Inputs, pair.Outputs) : new BinaryDense(pair.Inputs, pair.Outputs),
            Relu ? new Relu() : new Sign(),
        ]);
        return Network.Chain(new(widths[0]), [.. input, .. layers.SkipLast(1)]);
    }

    /// <summary>What <see cref="Parse"/> reads as the options of a network like this.</summary>
    internal static string WordsOf(Network network)
    {
        var layers = network.Nodes.Select(node => node.Layer).ToList();
        string words = Word;
        words += layers.Any(layer => layer is Relu) ? ",relu" : "";
        words += layers.Any(layer => layer is Dense or Convolution) ? ",real-first" : "";
        return layers[0] is Sign sign ? string.Create(CultureInfo.InvariantCulture, $"{words},binary-input={sign.Threshold}") : words;
    }

    /// <summary>
    /// Reads the part of an architecture before its colon: <c>binary</c>, then any of <c>relu</c>, <c>real-first</c> and
    /// <c>binary-input</c> or <c>binary-input=0.5</c>, with commas between.
    /// </summary>
    internal static BinaryMlp Parse(string words)
    {
        string[] parts = words.Split(',');
        if (parts[0] != Word)
        {
            throw new QuotientException($"an architecture is widths, a name or 'conv:…', with '{Word}:' before it or without; it cannot begin with {Text.Quote(parts[0])}");
        }

        var options = new BinaryMlp();
        foreach (string part in parts[1..])
        {
            options = part.Split('=') switch
            {
                ["relu"] when !options.Relu => options with { Relu = true },
                ["real-first"] when !options.RealFirst => options with { RealFirst = true },
                ["binary-input", ..] when options.InputThreshold is not null => throw new QuotientException(
                    "a binary architecture names binary-input twice"),
                ["binary-input"] => options with { InputThreshold = 0.5 },
                ["binary-input", var number] when double.TryParse(number, CultureInfo.InvariantCulture, out double value)
                    && double.IsFinite(value) => options with { InputThreshold = value },
                _ => throw new QuotientException(
                    $"a binary architecture has the word {Text.Quote(part)}, unknown or a second time; known are relu, real-first and binary-input=0.5"),
            };
        }

        return options;
    }
}
