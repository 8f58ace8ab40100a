using Quotient.Operators;
using Quotient.Results;
using Quotient.Spectra;

namespace Quotient;

/// <summary>The short way to the usual questions, at the default options.</summary>
public static class OperatorSpectra
{
    /// <summary>The k largest eigenvalues, largest first, each with its residual and whether it has converged.</summary>
    public static IReadOnlyList<Eigenvalue> Top<T>(
        this ISymmetricOperator<T> a, int k, IMetric<T>? metric = null, IProgress<SpectrumProgress>? progress = null,
        CancellationToken cancellationToken = default)
        where T : unmanaged, IFloatingPointIeee754<T> => Values(a, Selection.Largest(k), metric, progress, cancellationToken);

    /// <summary>The k smallest eigenvalues, smallest first, each with its residual and whether it has converged.</summary>
    public static IReadOnlyList<Eigenvalue> Bottom<T>(
        this ISymmetricOperator<T> a, int k, IMetric<T>? metric = null, IProgress<SpectrumProgress>? progress = null,
        CancellationToken cancellationToken = default)
        where T : unmanaged, IFloatingPointIeee754<T> => Values(a, Selection.Smallest(k), metric, progress, cancellationToken);

    private static IReadOnlyList<Eigenvalue> Values<T>(
        ISymmetricOperator<T> a, Selection wanted, IMetric<T>? metric, IProgress<SpectrumProgress>? progress, CancellationToken cancellationToken)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        using var pairs = Lanczos.Solve(a, new(wanted), null, metric, progress, cancellationToken);
        return pairs.Values;
    }
}
