using System.Numerics;
using Quotient.Operators;
using Quotient.Results;

namespace Quotient.Spectra;

/// <summary>The trace of a symmetric operator: exact where it can be, else with a standard error.</summary>
public static class Trace
{
    /// <summary>Finds tr A.</summary>
    /// <exception cref="QuotientException">An option is impossible, or the method does not suit the operator.</exception>
    public static TraceEstimate Estimate<T>(
        ISymmetricOperator<T> a, TraceOptions options, IProgress<SpectrumProgress>? progress = null,
        CancellationToken cancellationToken = default)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        options.Check();
        return options.Method switch
        {
            TraceMethod.Auto when a is IExactDiagonal<T> exact => Exact(exact, cancellationToken),
            TraceMethod.Exact => Exact(a as IExactDiagonal<T> ?? throw new QuotientException(
                "an exact trace was asked for, but this operator offers none; use hutchinson or hutch++"), cancellationToken),
            TraceMethod.HutchPlusPlus => HutchPlusPlus(a, options, progress, cancellationToken),
            _ => Hutchinson(a, options, Deflation<T>.None, [], progress, cancellationToken),
        };
    }

    /// <summary>
    /// tr YᵀAY + mean of gᵀ(I − YYᵀ) A (I − YYᵀ)g over Rademacher g, until the standard error is within the tolerance.
    /// <paramref name="samples"/> are those of probes 0, 1, … that others have already paid for.
    /// </summary>
    internal static TraceEstimate Hutchinson<T>(
        ISymmetricOperator<T> a, TraceOptions options, Deflation<T> deflation, IReadOnlyList<double> samples,
        IProgress<SpectrumProgress>? progress, CancellationToken cancellationToken)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var drawn = new List<double>(samples);
        using var sampler = new ProbeSampler<T>(a, deflation.Vectors, options.BlockSize, options.Seed);
        var (mean, error) = (double.NaN, double.NaN);
        for (int next = options.MinProbes - drawn.Count; ;)
        {
            drawn.AddRange(sampler.Draw(deflation.NextProbe + (ulong)drawn.Count, Math.Max(0, next), cancellationToken));
            (mean, error) = SampleMean.Of(drawn);
            double allowed = options.Tolerance * Math.Abs(deflation.Trace + mean);
            double needed = error <= allowed ? 0 : drawn.Count * Math.Pow(error / allowed, 2);
            progress?.Report(new("trace", drawn.Count - samples.Count, options.MaxProbes, drawn.Count / Math.Max(drawn.Count, Math.Min(needed, options.MaxProbes))));
            next = (int)Math.Min(options.BlockSize, Math.Min(Math.Ceiling(needed), options.MaxProbes) - drawn.Count);
            if (next <= 0)
            {
                return Result<T>(deflation.Trace + mean, error, drawn.Count - samples.Count, "hutchinson", options);
            }
        }
    }

    /// <summary>With k = budget/3: Q = qr(AS) for S of k probes, tr QᵀAQ + Hutchinson on (I − QQᵀ)A(I − QQᵀ) with k more.</summary>
    private static TraceEstimate HutchPlusPlus<T>(
        ISymmetricOperator<T> a, TraceOptions options, IProgress<SpectrumProgress>? progress, CancellationToken cancellationToken)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int third = (int)Math.Min(options.Budget / 3, a.Dimension);
        using var sketch = new Sketch<T>(a, third, options, cancellationToken);
        progress?.Report(new("trace", sketch.Products, options.Budget, 2.0 / 3));
        using var sampler = new ProbeSampler<T>(a, sketch.Basis, options.BlockSize, options.Seed);
        var (mean, error) = SampleMean.Of([.. sampler.Draw(0, Math.Max(third, 2), cancellationToken)]);
        progress?.Report(new("trace", options.Budget, options.Budget, 1));
        return Result<T>(sketch.Trace + mean, error, sketch.Products + Math.Max(third, 2), "hutch++", options);
    }

    private static TraceEstimate Exact<T>(IExactDiagonal<T> a, CancellationToken cancellationToken)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        new(a.Trace(null, cancellationToken), 0, a.TraceCost, "exact", true);

    /// <summary>Samples that agree to the last bit still hold the rounding of the products.</summary>
    private static TraceEstimate Result<T>(double value, double error, double products, string method, TraceOptions options)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        double rounding = double.CreateChecked(T.BitIncrement(T.One) - T.One) * Math.Abs(value);
        error = Math.Max(error, rounding);
        return new(value, error, products, method, error <= Math.Max(options.Tolerance * Math.Abs(value), rounding));
    }
}
