using System.Numerics;
using Quotient.Backends;
using Quotient.Operators;
using Quotient.Results;

namespace Quotient.Spectra;

/// <summary>The trace of a symmetric operator: exact where it can be, else with a standard error.</summary>
public static class Trace
{
    /// <summary>Finds tr A; in a metric G, the trace of E = G⁻¹A, which is the mean of (R z)ᵀ A (R z) for R Rᵀ = G⁻¹ and signs z.</summary>
    /// <exception cref="QuotientException">An option is impossible, or the method does not suit the operator.</exception>
    public static TraceEstimate Estimate<T>(
        ISymmetricOperator<T> a, TraceOptions options, IMetric<T>? metric = null, IProgress<SpectrumProgress>? progress = null,
        CancellationToken cancellationToken = default)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        options.Check();
        return options.Method switch
        {
            TraceMethod.Auto when IsExact(a, metric) => Exact(a, metric, cancellationToken),
            TraceMethod.Exact => IsExact(a, metric) ? Exact(a, metric, cancellationToken) : throw new QuotientException(
                "an exact trace was asked for, but this operator offers none in this metric; use hutchinson or hutch++"),
            TraceMethod.HutchPlusPlus => HutchPlusPlus(a, options, metric, progress, cancellationToken),
            _ => Hutchinson(a, options, metric, Deflation<T>.None, [], progress, cancellationToken),
        };
    }

    /// <summary>Whether the trace is known without estimation: of an exact diagonal, also in a diagonal metric.</summary>
    internal static bool IsExact<T>(ISymmetricOperator<T> a, IMetric<T>? metric) where T : unmanaged, IFloatingPointIeee754<T> =>
        a is IExactDiagonal<T> && metric is null or DiagonalMetric<T>;

    /// <summary>
    /// tr YᵀAY + mean of gᵀ(I − YYᵀ) A (I − YYᵀ)g over Rademacher g, until the standard error is within the tolerance.
    /// <paramref name="samples"/> are those of probes 0, 1, … that others have already paid for.
    /// </summary>
    internal static TraceEstimate Hutchinson<T>(
        ISymmetricOperator<T> a, TraceOptions options, IMetric<T>? metric, Deflation<T> deflation, IReadOnlyList<double> samples,
        IProgress<SpectrumProgress>? progress, CancellationToken cancellationToken)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var drawn = new List<double>(samples);
        using var sampler = new ProbeSampler<T>(a, metric, deflation.Vectors, options.BlockSize, options.Seed);
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
        ISymmetricOperator<T> a, TraceOptions options, IMetric<T>? metric, IProgress<SpectrumProgress>? progress,
        CancellationToken cancellationToken)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int third = (int)Math.Min(options.Budget / 3, a.Dimension);
        using var sketch = new Sketch<T>(a, third, options, metric, cancellationToken);
        progress?.Report(new("trace", sketch.Products, options.Budget, 2.0 / 3));
        using var sampler = new ProbeSampler<T>(a, metric, sketch.Basis, options.BlockSize, options.Seed);
        var (mean, error) = SampleMean.Of([.. sampler.Draw(0, Math.Max(third, 2), cancellationToken)]);
        progress?.Report(new("trace", options.Budget, options.Budget, 1));
        return Result<T>(sketch.Trace + mean, error, sketch.Products + Math.Max(third, 2), "hutch++", options);
    }

    private static TraceEstimate Exact<T>(ISymmetricOperator<T> a, IMetric<T>? metric, CancellationToken cancellationToken)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var exact = (IExactDiagonal<T>)a;
        if (metric is null)
        {
            return new(exact.Trace(null, cancellationToken), 0, exact.TraceCost, "exact", true);
        }

        using var diagonal = a.Backend.Allocate<T>(a.Dimension);
        using var quotient = a.Backend.Allocate<T>(a.Dimension);
        exact.Diagonal(diagonal.All, null, cancellationToken);
        metric.SolveBlock(diagonal.Matrix(1, a.Dimension), quotient.Matrix(1, a.Dimension), null, cancellationToken);
        a.Backend.Ops<T>().Fill(diagonal.All, 1);
        using var sum = a.Backend.Allocate<double>(1);
        a.Backend.Ops<T>().Dot(diagonal.All, quotient.All, sum.All);
        var host = new double[1];
        a.Backend.Read(sum.All, host.AsSpan());
        return new(host[0], 0, exact.DiagonalCost, "exact", true);
    }

    /// <summary>Samples that agree to the last bit still hold the rounding of the products.</summary>
    private static TraceEstimate Result<T>(double value, double error, double products, string method, TraceOptions options)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        double rounding = double.CreateChecked(T.BitIncrement(T.One) - T.One) * Math.Abs(value);
        error = Math.Max(error, rounding);
        return new(value, error, products, method, error <= Math.Max(options.Tolerance * Math.Abs(value), rounding));
    }
}
