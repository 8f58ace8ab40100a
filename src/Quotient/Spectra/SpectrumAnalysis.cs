using Quotient.Backends;
using Quotient.Operators;
using Quotient.Results;

namespace Quotient.Spectra;

/// <summary>
/// Extreme eigenvalues, trace, density and log determinant of one operator, from as few products as they can share: the
/// first probe's Lanczos steps are the Krylov space that the eigenpairs come from, density and log determinant are two readings of
/// the same quadrature, and the trace is exact where it can be and otherwise uses the probes' first products.
/// </summary>
public static class SpectrumAnalysis
{
    /// <summary>Answers a request, about E = G⁻¹A where a metric G is given.</summary>
    /// <exception cref="QuotientException">The request is impossible.</exception>
    public static SpectrumResult Run<T>(
        ISymmetricOperator<T> a, SpectrumRequest request, IMetric<T>? metric = null, IProgress<SpectrumProgress>? progress = null,
        CancellationToken cancellationToken = default)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var result = Run(a, request, out var eigenpairs, null, metric, progress, cancellationToken);
        eigenpairs?.Dispose();
        return result;
    }

    /// <summary>Answers a request and hands over the eigenvectors, the caller's to dispose; null where no pairs were asked for.</summary>
    /// <remarks>
    /// <paramref name="start"/> holds vectors to begin the eigenpairs from, as in <see cref="Lanczos.Solve"/>; where a density or a
    /// log determinant is wanted, its random probe begins them instead.
    /// </remarks>
    /// <exception cref="QuotientException">The request is impossible.</exception>
    public static SpectrumResult Run<T>(
        ISymmetricOperator<T> a, SpectrumRequest request, out Eigenpairs<T>? eigenpairs, MatrixView<T>? start = null,
        IMetric<T>? metric = null, IProgress<SpectrumProgress>? progress = null, CancellationToken cancellationToken = default)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        using var pass = a.Backend.Gate.Enter();
        request = request.Resolve(a.Dimension);
        (var result, eigenpairs) = Twins.Best(
            a, metric, () => RunIn(a, request, start, metric, progress, cancellationToken),
            twin =>
            {
                var (found, pairs) = RunIn(twin.Operator, request, null, twin.Metric, progress, cancellationToken);
                return (found, pairs?.Narrow<T>(a.Backend));
            },
            cancellationToken);
        return result;
    }

    private static (SpectrumResult Result, Eigenpairs<T>? Pairs) RunIn<T>(
        ISymmetricOperator<T> a, SpectrumRequest request, MatrixView<T>? start, IMetric<T>? metric, IProgress<SpectrumProgress>? progress,
        CancellationToken cancellationToken)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        using var shared = new SharedProducts<T>(a, request, metric);
        Eigenpairs<T>? eigenpairs = null;
        try
        {
            shared.RunFirstProbe(progress, cancellationToken);
            eigenpairs = shared.Eigenpairs(start, progress, cancellationToken);
            var quadrature = shared.RunOtherProbes(progress, cancellationToken);
            var trace = shared.Trace(progress, cancellationToken);
            var density = request.Density is { } convention ? Density.Estimate(quadrature!, convention) : null;
            var logDet = request.LogDet ? LogDet.Estimate(quadrature!, request.Damping) : null;
            var result = new SpectrumResult(
                request.Name, a.Dimension, eigenpairs?.Top ?? [], eigenpairs?.Bottom ?? [], trace, density, logDet, shared.Products)
            {
                Complete = eigenpairs?.Complete ?? true,
            };
            return (result, eigenpairs);
        }
        catch
        {
            eigenpairs?.Dispose();
            throw;
        }
    }
}
