namespace Quotient.Symmetry;

/// <summary>What units of two networks are compared by.</summary>
public enum MatchingMethod
{
    /// <summary>Their incoming weights, layer by layer: cosines, the inputs already matched.</summary>
    Layerwise,

    /// <summary>All weights that touch them, incoming and outgoing, by coordinate descent over the layers.</summary>
    Weights,

    /// <summary>Their activations on data: correlations over samples and places.</summary>
    Activations,
}

/// <summary>How two networks are matched.</summary>
public sealed record MatchingOptions
{
    /// <summary>What units are compared by.</summary>
    public MatchingMethod Method { get; init; }

    /// <summary>Random starts of the coordinate descent, beside that from the layerwise matching; the best end is kept.</summary>
    public int Starts { get; init; }

    /// <summary>What random starts and orders are drawn from.</summary>
    public ulong Seed { get; init; }

    /// <summary>The samples whose activations are compared; other methods do not look at them.</summary>
    public Dataset? Data { get; init; }

    internal void Check()
    {
        QuotientException.ThrowIf(!Enum.IsDefined(Method), $"the method of matching is {Method}; it must be layerwise, weights or activations");
        QuotientException.ThrowIf(Starts < 0, $"the random starts of a matching are {Starts}; they must be 0 or more");
        QuotientException.ThrowIf(
            Method == MatchingMethod.Activations && Data is not { Count: > 1 },
            $"units are matched by their activations on {Sentence.Count(Data?.Count ?? 0, "sample")}; data of at least two samples is needed");
    }
}
