namespace Quotient.Linearisation;

/// <summary>Whether a network, a data set and a loss fit together.</summary>
internal static class Compatibility
{
    /// <summary>Throws a <see cref="QuotientException"/> that says what does not fit.</summary>
    public static void Check(Network network, Dataset data, Loss loss)
    {
        CheckInputs(network, data);
        loss.Check(network, data);
    }

    /// <summary>Throws a <see cref="QuotientException"/> where the samples are not the network's inputs.</summary>
    public static void CheckInputs(Network network, Dataset data)
    {
        if (data.Sample.Size != network.Input.Size)
        {
            throw new QuotientException(
                $"{data.Name} has {Sentence.Count(data.Sample.Size, "value")} a sample, but the network {network} takes {network.Input.Size}");
        }

        QuotientException.ThrowIf(
            network.Input.IsImage && data.Sample.IsImage && network.Input != data.Sample,
            $"{data.Name} has images of {data.Sample}, but the network {network} takes {network.Input} (channels × height × width)");
    }
}
