using Quotient.Spectra;

namespace Quotient.Reports;

/// <summary>Everything that one analysis found, ready to be written as JSON or HTML.</summary>
public sealed record Analysis
{
    /// <summary>The command line that makes this analysis again.</summary>
    public required string Command { get; init; }

    /// <summary>The network, such as <c>784-512-10</c>, and its number of parameters.</summary>
    public required string Network { get; init; }

    /// <summary>The length of θ.</summary>
    public required long Parameters { get; init; }

    /// <summary>The data, such as <c>mnist:train[0:2000]</c>, and its number of samples.</summary>
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

    /// <summary>Products with the operator, or their equivalents, in all.</summary>
    public required double Products { get; init; }

    /// <summary>Wall-clock seconds of the analysis, without training.</summary>
    public required double Seconds { get; init; }

    /// <summary>The device's id and name.</summary>
    public required string Device { get; init; }

    /// <summary>The arithmetic's precision.</summary>
    public required Precision Precision { get; init; }

    /// <summary>The seed of every random number.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Quotient's version.</summary>
    public string Version { get; init; } = typeof(Analysis).Assembly.GetName().Version!.ToString(3);
}

/// <summary>The figures of one operator.</summary>
/// <param name="Name"><c>hessian</c>, or a layer's name such as <c>2</c> for a diagonal block.</param>
/// <param name="Dimension">Its number of rows.</param>
/// <param name="Top">The largest eigenvalues, largest first.</param>
/// <param name="Bottom">The smallest eigenvalues, smallest first.</param>
/// <param name="Trace">Its trace, where asked for.</param>
/// <param name="Density">Its density, where asked for.</param>
/// <param name="LogDeterminant">Its log determinant, where asked for.</param>
/// <param name="Products">Products that these figures took, or their equivalents.</param>
public sealed record SpectrumResult(
    string Name, long Dimension, IReadOnlyList<Eigenvalue> Top, IReadOnlyList<Eigenvalue> Bottom, TraceEstimate? Trace,
    SpectralDensity? Density, LogDeterminant? LogDeterminant, double Products)
{
    /// <summary>Whether no eigenvalue that belongs among these can be missing; see <see cref="Eigenpairs{T}.Complete"/>.</summary>
    public bool Complete { get; init; } = true;
}

/// <summary>
/// One epoch of training: mean losses, and shares of samples classified wrongly (NaN for regression), over the whole sets at the
/// parameters of the epoch's end.
/// </summary>
public sealed record EpochRecord(int Epoch, double TrainLoss, double TrainError, double? TestLoss, double? TestError);
