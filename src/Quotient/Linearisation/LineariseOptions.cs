using Quotient.Networks;

namespace Quotient.Linearisation;

/// <summary>How a linearisation is made.</summary>
public sealed record LineariseOptions
{
    /// <summary>Whether the loss is a mean over samples or a sum.</summary>
    public Reduction Reduction { get; init; } = Reduction.Mean;

    /// <summary>What stands for a network of signs, whose own loss is piecewise constant.</summary>
    public Surrogate Surrogate { get; init; }

    /// <summary>Samples a pass takes at once; 0 chooses from the network's widths and the device's memory.</summary>
    public int ChunkSize { get; init; }

    /// <summary>
    /// Bytes that activations may take. What does not fit is recomputed chunk by chunk in each product. 0 takes half of what
    /// the device has free.
    /// </summary>
    public long MemoryBudget { get; init; }
}
