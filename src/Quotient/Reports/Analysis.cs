using Quotient.Results;

namespace Quotient.Reports;

/// <summary>Everything that one analysis of a spectrum found.</summary>
public sealed record Analysis
{
    /// <summary>How it came about; its seconds are those of the analysis, without training.</summary>
    public required Provenance Provenance { get; init; }

    /// <summary>The network, such as <c>784-512-10</c>.</summary>
    public required string Network { get; init; }

    /// <summary>The length of θ.</summary>
    public required long Parameters { get; init; }

    /// <summary>The data, such as <c>mnist:train[0:2000]</c>.</summary>
    public required string Data { get; init; }

    /// <summary>The number of samples.</summary>
    public required int Samples { get; init; }

    /// <summary>The loss's name: <c>ce</c> or <c>mse</c>.</summary>
    public required string LossName { get; init; }

    /// <summary>The surrogate that stands for a binary network, whose figures these are: <c>hard-tanh-shadow</c>; else <c>none</c>.</summary>
    public string Surrogate { get; init; } = "none";

    /// <summary>The loss at θ.</summary>
    public required double Loss { get; init; }

    /// <summary>‖∇L‖₂ at θ.</summary>
    public required double GradientNorm { get; init; }

    /// <summary>The share of samples classified wrongly; null for regression.</summary>
    public double? Error { get; init; }

    /// <summary>The spectrum of the whole operator.</summary>
    public required SpectrumResult Spectrum { get; init; }

    /// <summary>The spectra of the operator's diagonal blocks, one a layer.</summary>
    public IReadOnlyList<SpectrumResult> Layers { get; init; } = [];

    /// <summary>The training that led to θ; empty where there was none.</summary>
    public IReadOnlyList<EpochRecord> Training { get; init; } = [];
}
