using Quotient.Data;
using Quotient.Networks;

namespace Quotient.Linearisation;

/// <summary>Whether a network, a data set and a loss fit together.</summary>
internal static class Compatibility
{
    /// <summary>Throws a <see cref="QuotientException"/> that says what does not fit.</summary>
    public static void Check(Network network, Dataset data, Loss loss)
    {
        if (data.Sample.Size != network.Input.Size)
        {
            throw new QuotientException(
                $"{data.Name} has {Count(data.Sample.Size, "value")} a sample, but the network {network} takes {network.Input.Size}");
        }

        int outputs = network.Output.Size;
        if (loss == Quotient.Loss.CrossEntropy && data.Classes == 0)
        {
            throw new QuotientException($"{data.Name} has real targets, but the loss ce needs class labels; use mse");
        }

        if (loss == Quotient.Loss.CrossEntropy && data.Classes > outputs)
        {
            throw new QuotientException($"{data.Name} has {data.Classes} classes, but the network {network} has {Count(outputs, "output")}");
        }

        if (loss == Quotient.Loss.SquaredError && data.TargetWidth != outputs)
        {
            throw new QuotientException(
                $"{data.Name} has targets of {Count(data.TargetWidth, "value")}, but the network {network} has {Count(outputs, "output")}");
        }
    }

    private static string Count(int count, string noun) => $"{count} {noun}{(count == 1 ? "" : "s")}";
}
