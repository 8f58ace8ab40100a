namespace Quotient.Training;

/// <summary>The factor of the learning rate: a pure function of the epoch, so that a resumed run has the same rates.</summary>
public abstract record Schedule
{
    /// <summary>The rate never changes.</summary>
    public static Schedule Constant { get; } = new Steps([]);

    /// <summary>The schedule as <see cref="Parse"/> reads it.</summary>
    public abstract string Text { get; }

    /// <summary>The factor in an epoch; the first is epoch 1.</summary>
    public abstract double Factor(int epoch);

    /// <summary>
    /// Reads <c>constant</c>; <c>30:0.1,60:0.1</c>: times 0.1 after epoch 30 and again after epoch 60; <c>step:30:0.1</c>: times 0.1
    /// after every 30 epochs; <c>cosine:90</c>: half a cosine, from 1 in epoch 1 to 0 after epoch 90.
    /// </summary>
    /// <exception cref="QuotientException">The text is none of these.</exception>
    public static Schedule Parse(string text)
    {
        string[] words = text.Split(':');
        return words switch
        {
            ["constant"] => Constant,
            ["step", var epochs, var factor] => new Repeated(Epoch(epochs, text), Number(factor, text)),
            ["cosine", var epochs] => new Cosine(Epoch(epochs, text)),
            _ => new Steps([.. text.Split(',').Select(step => step.Split(':') is [var after, var factor]
                ? (Epoch(after, text), Number(factor, text))
                : throw Unreadable(step, text))]),
        };
    }

    /// <inheritdoc/>
    public sealed override string ToString() => Text;

    private static int Epoch(string word, string text) =>
        int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out int epoch) && epoch > 0
            ? epoch
            : throw Unreadable(word, text);

    private static double Number(string word, string text) =>
        double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out double factor) && double.IsFinite(factor) && factor > 0
            ? factor
            : throw Unreadable(word, text);

    private static QuotientException Unreadable(string word, string text) => new(
        $"schedule '{text}': expected constant, 'epoch:factor' pairs such as 30:0.1,60:0.1, step:30:0.1 or cosine:90, " +
        $"with epochs of at least 1 and factors above 0, but found '{word}'");
}

/// <summary>The product of the factors of all steps whose epoch is past.</summary>
/// <param name="After">After which epoch each factor applies, and the factor.</param>
public sealed record Steps(IReadOnlyList<(int Epoch, double Factor)> After) : Schedule
{
    /// <inheritdoc/>
    public override string Text => After.Count == 0
        ? "constant"
        : string.Join(',', After.Select(step => FormattableString.Invariant($"{step.Epoch}:{step.Factor}")));

    /// <inheritdoc/>
    public override double Factor(int epoch) =>
        After.Where(step => epoch > step.Epoch).Aggregate(1.0, (product, step) => product * step.Factor);
}

/// <summary>A factor after every so many epochs: Factor^⌊(epoch − 1)/Epochs⌋.</summary>
public sealed record Repeated(int Epochs, double Each) : Schedule
{
    /// <inheritdoc/>
    public override string Text => FormattableString.Invariant($"step:{Epochs}:{Each}");

    /// <inheritdoc/>
    public override double Factor(int epoch) => Math.Pow(Each, (epoch - 1) / Epochs);
}

/// <summary>½(1 + cos(π·(epoch − 1)/Epochs)), 0 after that. Source: Loshchilov, Hutter (2017), without restarts.</summary>
public sealed record Cosine(int Epochs) : Schedule
{
    /// <inheritdoc/>
    public override string Text => FormattableString.Invariant($"cosine:{Epochs}");

    /// <inheritdoc/>
    public override double Factor(int epoch) => epoch > Epochs ? 0 : 0.5 * (1 + Math.Cos(Math.PI * (epoch - 1) / Epochs));
}
