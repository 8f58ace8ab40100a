namespace Quotient.Spectra;

/// <summary>The Philox streams of a seed that each use draws from, so that no two uses see the same numbers.</summary>
internal static class RandomStreams
{
    /// <summary>Start vectors of Krylov spaces, and fresh ones after a breakdown.</summary>
    public const ulong Start = 1UL << 32;

    /// <summary>Probes of stochastic estimates.</summary>
    public const ulong Probe = 2UL << 32;

    /// <summary>The sketch of Hutch++.</summary>
    public const ulong Sketch = 3UL << 32;

    /// <summary>Which binary weights are flipped singly.</summary>
    public const ulong FlipChoice = 4UL << 32;

    /// <summary>Random flips of binary weights.</summary>
    public const ulong Flip = 5UL << 32;

    /// <summary>Random symmetries of networks, and random starts of matchings.</summary>
    public const ulong Symmetry = 6UL << 32;

    /// <summary>Random perturbations of parameters.</summary>
    public const ulong Noise = 7UL << 32;

    /// <summary>Random orders of flips along a path.</summary>
    public const ulong FlipOrder = 8UL << 32;

    /// <summary>Places along a path with one bend.</summary>
    public const ulong Bend = 9UL << 32;

    /// <summary>Resamples of a bootstrap.</summary>
    public const ulong Resample = 10UL << 32;
}
