namespace Quotient.Spectra;

/// <summary>How a trace is found.</summary>
public enum TraceMethod
{
    /// <summary>Exactly where the operator offers it, else Hutchinson.</summary>
    Auto,

    /// <summary>By the operator's own <see cref="Operators.IExactDiagonal{T}"/>.</summary>
    Exact,

    /// <summary>The mean of zᵀAz over Rademacher probes z (Hutchinson 1990).</summary>
    Hutchinson,

    /// <summary>Hutch++: exact on a sketched subspace, Hutchinson on the rest (Meyer, Musco, Musco, Woodruff 2021).</summary>
    HutchPlusPlus,
}

/// <summary>How, and how exactly, a trace is estimated.</summary>
public sealed record TraceOptions
{
    /// <summary>The method.</summary>
    public TraceMethod Method { get; init; } = TraceMethod.Auto;

    /// <summary>Hutchinson stops when the standard error is within this times |estimate|.</summary>
    public double Tolerance { get; init; } = 0.02;

    /// <summary>Probes at least: below, a standard error means little.</summary>
    public int MinProbes { get; init; } = 16;

    /// <summary>Probes at most; an estimate that has not met its tolerance by then says so.</summary>
    public int MaxProbes { get; init; } = 1000;

    /// <summary>Products that Hutch++ may take: a multiple of 3.</summary>
    public int Budget { get; init; } = 96;

    /// <summary>Probes multiplied at once.</summary>
    public int BlockSize { get; init; } = 8;

    /// <summary>The seed of the probes.</summary>
    public ulong Seed { get; init; }

    internal void Check()
    {
        Require(Tolerance > 0, $"the trace's tolerance is {Tolerance}; it must be above 0");
        Require(MinProbes >= 2, $"the trace's least number of probes is {MinProbes}; it must be at least 2, since one shows no error");
        Require(MaxProbes >= MinProbes, $"the trace's probes are at most {MaxProbes} but at least {MinProbes}");
        Require(BlockSize >= 1, $"the trace's block size is {BlockSize}; it must be at least 1");
        Require(Budget >= 6 && Budget % 3 == 0, $"the budget of Hutch++ is {Budget} products; it must be a multiple of 3, and at least 6");
    }

    private static void Require(bool holds, string sentence)
    {
        if (!holds)
        {
            throw new QuotientException(sentence);
        }
    }
}
