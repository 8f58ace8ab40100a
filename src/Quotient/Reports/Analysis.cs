using Quotient.Results;

namespace Quotient.Reports;

/// <summary>Everything that one analysis of a spectrum found.</summary>
/// <param name="Provenance">How it came about; its seconds are those of the analysis, without training.</param>
/// <param name="Network">The network, such as <c>784-512-10</c>.</param>
/// <param name="Parameters">The length of θ.</param>
/// <param name="Data">The data, such as <c>mnist:train[0:2000]</c>.</param>
/// <param name="Samples">The number of samples.</param>
/// <param name="LossName">The loss's name: <c>ce</c> or <c>mse</c>.</param>
/// <param name="Loss">The loss at θ.</param>
/// <param name="GradientNorm">‖∇L‖₂ at θ.</param>
/// <param name="Spectrum">The spectrum of the whole operator.</param>
public sealed record Analysis(
    Provenance Provenance, string Network, long Parameters, string Data, int Samples, string LossName, double Loss, double GradientNorm,
    SpectrumResult Spectrum)
{
    /// <summary>The surrogate that stands for a binary network, whose figures these are: <c>hard-tanh-shadow</c>; else <c>none</c>.</summary>
    public string Surrogate { get; init; } = "none";

    /// <summary>The share of samples classified wrongly; null for regression.</summary>
    public double? Error { get; init; }

    /// <summary>The spectra of the operator's diagonal blocks, one a layer.</summary>
    public IReadOnlyList<SpectrumResult> Layers { get; init; } = [];

    /// <summary>The training that led to θ; empty where there was none.</summary>
    public IReadOnlyList<EpochRecord> Training { get; init; } = [];
}
