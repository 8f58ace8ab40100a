using Quotient.Backends;
using Quotient.Operators;
using Quotient.Results;

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
        QuotientException.ThrowIf(!(Tolerance > 0), $"the trace's tolerance is {Tolerance}; it must be above 0");
        QuotientException.ThrowIf(
            MinProbes < 2, $"the trace's least number of probes is {MinProbes}; it must be at least 2, since one shows no error");
        QuotientException.ThrowIf(
            MaxProbes < MinProbes, $"the trace's probes are at most {MaxProbes} but at least {MinProbes}");
        QuotientException.ThrowIf(BlockSize < 1, $"the trace's block size is {BlockSize}; it must be at least 1");
        QuotientException.ThrowIf(
            Budget < 6 || Budget % 3 != 0, $"the budget of Hutch++ is {Budget} products; it must be a multiple of 3, and at least 6");
    }
}

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
        using var pass = a.Backend.Gate.Enter();
        options.Check();
        return Twins.Best(
            a, metric, () => EstimateIn(a, options, metric, progress, cancellationToken),
            twin => EstimateIn(twin.Operator, options, twin.Metric, progress, cancellationToken), cancellationToken);
    }

    /// <summary>The same in the operator's own precision.</summary>
    internal static TraceEstimate EstimateIn<T>(
        ISymmetricOperator<T> a, TraceOptions options, IMetric<T>? metric, IProgress<SpectrumProgress>? progress,
        CancellationToken cancellationToken)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        return options.Method switch
        {
            TraceMethod.Auto when IsExact(a, metric) => Exact(a, metric, progress, cancellationToken),
            TraceMethod.Exact => IsExact(a, metric) ? Exact(a, metric, progress, cancellationToken) : throw new QuotientException(
                "an exact trace was asked for, but this operator offers none in this metric; use hutchinson or hutch++"),
            TraceMethod.HutchPlusPlus => HutchPlusPlus(a, options, metric, progress, cancellationToken),
            _ => Hutchinson(a, options, metric, null, 0, [], progress, cancellationToken),
        };
    }

    /// <summary>Whether the trace is known without estimation: of an exact diagonal, also in a diagonal metric.</summary>
    internal static bool IsExact<T>(ISymmetricOperator<T> a, IMetric<T>? metric) where T : unmanaged, IFloatingPointIeee754<T> =>
        a is IExactDiagonal<T> && metric is null or DiagonalMetric<T>;

    /// <summary>
    /// tr YᵀAY + mean of gᵀ(I − YYᵀ) A (I − YYᵀ)g over Rademacher g, until the standard error is within the tolerance. Y are the vectors of
    /// <paramref name="known"/> pairs; <paramref name="firstProbe"/> is the first that they do not depend on, and
    /// <paramref name="samples"/> are those from there on that others have already paid for.
    /// </summary>
    internal static TraceEstimate Hutchinson<T>(
        ISymmetricOperator<T> a, TraceOptions options, IMetric<T>? metric, Eigenpairs<T>? known, ulong firstProbe,
        IReadOnlyList<double> samples, IProgress<SpectrumProgress>? progress, CancellationToken cancellationToken)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var drawn = new List<double>(samples);
        double deflated = known?.Values.Sum(pair => pair.Value) ?? 0;
        using var sampler = new ProbeSampler<T>(a, metric, options.BlockSize, options.Seed);
        for (int next = options.MinProbes - drawn.Count; ;)
        {
            drawn.AddRange(sampler.Draw(known?.Vectors, firstProbe + (ulong)drawn.Count, Math.Max(0, next), cancellationToken));
            var (mean, error) = SampleMean.Of(drawn);
            double allowed = options.Tolerance * Math.Abs(deflated + mean);
            double needed = error <= allowed ? 0 : drawn.Count * Math.Pow(error / allowed, 2);
            progress?.Report(new("trace", drawn.Count - samples.Count, options.MaxProbes, drawn.Count / Math.Max(drawn.Count, Math.Min(needed, options.MaxProbes))));
            next = (int)Math.Min(options.BlockSize, Math.Min(Math.Ceiling(needed), options.MaxProbes) - drawn.Count);
            if (next <= 0)
            {
                return Result<T>(deflated + mean, error, drawn.Count - samples.Count, "hutchinson", options);
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
        using var sampler = new ProbeSampler<T>(a, metric, options.BlockSize, options.Seed);
        using var q = sampler.Sketch(third, cancellationToken);
        double sketched = sampler.TraceIn(q.Vectors, cancellationToken);
        int products = third + q.Count;
        progress?.Report(new("trace", products, options.Budget, 2.0 / 3));
        var (mean, error) = SampleMean.Of([.. sampler.Draw(q.Count > 0 ? q.Vectors : null, 0, Math.Max(third, 2), cancellationToken)]);
        progress?.Report(new("trace", options.Budget, options.Budget, 1));
        return Result<T>(sketched + mean, error, products + Math.Max(third, 2), "hutch++", options);
    }

    /// <summary>In double, where there is a twin: a sum of single precision's terms has no bound of its own.</summary>
    private static TraceEstimate Exact<T>(
        ISymmetricOperator<T> a, IMetric<T>? metric, IProgress<SpectrumProgress>? progress, CancellationToken cancellationToken)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (typeof(T) == typeof(float) && Twins.Has(a, metric))
        {
            using var owned = new Owned();
            if (Twins.InDouble(a, metric, owned, cancellationToken) is { } twin)
            {
                return Exact(twin.Operator, twin.Metric, progress, cancellationToken);
            }
        }

        var exact = (IExactDiagonal<T>)a;
        double cost = metric is null ? exact.TraceCost : exact.DiagonalCost;
        var share = progress is null ? null : new Relay<double>(done => progress.Report(new("trace", done * cost, cost, done)));
        if (metric is null)
        {
            return new(exact.Trace(share, cancellationToken), 0, exact.TraceCost, "exact", true);
        }

        using var diagonal = a.Backend.Allocate<T>(a.Dimension);
        using var quotient = a.Backend.Allocate<T>(a.Dimension);
        exact.Diagonal(diagonal.All, share, cancellationToken);
        metric.SolveBlock(diagonal.Matrix(1, a.Dimension), quotient.Matrix(1, a.Dimension), null, cancellationToken);
        a.Backend.Ops<T>().Fill(diagonal.All, 1);
        using var sum = a.Backend.Allocate<double>(1);
        a.Backend.Ops<T>().Dot(diagonal.All, quotient.All, sum.All);
        return new(a.Backend.Read(sum.All)[0], 0, exact.DiagonalCost, "exact", true);
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
