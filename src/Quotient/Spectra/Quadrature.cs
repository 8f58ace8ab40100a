using Quotient.Operators;

namespace Quotient.Spectra;

/// <summary>How a spectral measure is probed: n_v Rademacher probes, m Lanczos steps each.</summary>
public sealed record QuadratureOptions
{
    /// <summary>Lanczos steps a probe.</summary>
    public int Steps { get; init; } = 100;

    /// <summary>
    /// Probes; with one there is no standard error. Null for 1, or for <see cref="LogDetProbes"/> where a log determinant is
    /// wanted through a <see cref="SpectrumRequest"/>.
    /// </summary>
    public int? Probes { get; init; }

    /// <summary>The probes of a log determinant where none are given: with fewer, their standard error means little.</summary>
    public const int LogDetProbes = 8;

    internal int ProbeCount => Probes ?? 1;

    /// <summary>The seed of the probes.</summary>
    public ulong Seed { get; init; }

    internal void Check()
    {
        QuotientException.ThrowIf(Steps < 2, $"a quadrature's Lanczos steps are {Steps}; at least 2 are needed");
        QuotientException.ThrowIf(ProbeCount < 1, $"a quadrature's probes are {Probes}; at least 1 is needed");
    }
}

/// <summary>
/// Stochastic Lanczos quadrature (Ubaru, Chen, Saad 2017): Gauss rules of random probes, from which densities and traces of
/// functions are estimated: tr f(A) ≈ (d/n_v) Σ_probes Σ_k τ_k f(θ_k).
/// </summary>
/// <param name="Rules">One rule a probe.</param>
/// <param name="Dimension">d, the operator's dimension.</param>
/// <param name="Floor">Below this, a node's distance from 0 is rounding.</param>
/// <param name="Steps">Lanczos steps asked for.</param>
/// <param name="Products">Products that it took.</param>
public sealed record Quadrature(IReadOnlyList<GaussRule> Rules, long Dimension, double Floor, int Steps, int Products)
{
    /// <summary>
    /// Whether the steps exhaust the space: then the one rule holds all eigenvalues at weight 1/d each, and nothing is random.
    /// </summary>
    public bool IsExact { get; init; }

    /// <summary>Probes an operator, or takes all of its eigenvalues where its dimension is within the steps.</summary>
    /// <remarks>
    /// In a metric G the operator is E = G⁻¹A, and a probe R z with R Rᵀ = G⁻¹: its covariance is G⁻¹, so that the mean of ⟨v, f(E) v⟩ is
    /// tr f(E) over the dimension.
    /// </remarks>
    /// <exception cref="QuotientException">An option is impossible, or the basis does not fit in memory.</exception>
    public static Quadrature Of<T>(
        ISymmetricOperator<T> a, QuadratureOptions options, IMetric<T>? metric = null, IProgress<SpectrumProgress>? progress = null,
        CancellationToken cancellationToken = default)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        using var pass = a.Backend.Gate.Enter();
        options.Check();
        return Twins.Best(
            a, metric, () => ProbeIn(a, options, metric, progress, cancellationToken),
            twin => ProbeIn(twin.Operator, options, twin.Metric, progress, cancellationToken), cancellationToken);
    }

    /// <summary>(d/n_v) Σ_probes Σ_k τ_k f(θ_k) with its standard error: 0 where exact, else NaN with one probe.</summary>
    public (double Value, double StandardError) TraceOf(Func<double, double> f)
    {
        var (mean, error) = SampleMean.Of([.. Rules.Select(rule => rule.Integrate(f))]);
        return (Dimension * mean, IsExact ? 0 : Dimension * error);
    }

    private static Quadrature ProbeIn<T>(
        ISymmetricOperator<T> a, QuadratureOptions options, IMetric<T>? metric, IProgress<SpectrumProgress>? progress,
        CancellationToken cancellationToken)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        using var space = new KrylovSpace<T>(a, Lanczos.Fit(a, options.Steps + 1, options.Steps + 1, 0), 1, options.Seed, metric: metric);
        var runs = new QuadratureRuns<T>(space, options);
        for (int probe = 0; probe < runs.ProbesFor(a.Dimension); probe++)
        {
            runs.Run(probe, progress, cancellationToken);
        }

        return runs.Result(a.Dimension);
    }
}

/// <summary>Runs the probes of a quadrature, one after the other in one Krylov space.</summary>
internal sealed class QuadratureRuns<T>(KrylovSpace<T> space, QuadratureOptions options)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly List<GaussRule> _rules = [];
    private double _floor;
    private int _products;

    /// <summary>The probes to run: one where its steps exhaust the space.</summary>
    public int ProbesFor(long dimension) => dimension <= options.Steps ? 1 : options.ProbeCount;

    /// <summary>Leaves in the space what the probe's steps have found, so that others can go on from it.</summary>
    public void Run(int probe, IProgress<SpectrumProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        space.Clear();
        space.AddProbe(RandomStreams.Probe + (ulong)probe, cancellationToken);
        int before = space.Products;

        // A breakdown means that the rule is exact already; where all eigenvalues are in reach, another direction shows the rest.
        bool exhausts = space.Dimension <= options.Steps;
        while (space.Order < options.Steps && !(exhausts ? space.IsExhausted : space.IsInvariant))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (space.IsInvariant)
            {
                space.AddRandom(cancellationToken: cancellationToken);
            }

            space.Expand(1, cancellationToken);
            double done = _products + space.Products - before, all = exhausts ? space.Dimension : (double)options.Steps * options.ProbeCount;
            progress?.Report(new("quadrature", done, all, done / all));
        }

        _products += space.Products - before;
        _rules.Add(exhausts ? GaussRule.Uniform(space.Values().Values) : space.Quadrature());
        _floor = Math.Max(_floor, space.Floor);
    }

    public Quadrature Result(long dimension) =>
        new(_rules, dimension, _floor, options.Steps, _products) { IsExact = dimension <= options.Steps };
}

/// <summary>
/// A quadrature rule for the spectral measure of one probe v: Σ_k τ_k f(θ_k) ≈ vᵀ f(A) v for ‖v‖ = 1, exact for polynomials
/// of degree below twice the number of nodes (Golub and Meurant 2010).
/// </summary>
/// <param name="Nodes">θ, ascending.</param>
/// <param name="Weights">τ ≥ 0; they sum to 1.</param>
public sealed record GaussRule(IReadOnlyList<double> Nodes, IReadOnlyList<double> Weights)
{
    /// <summary>Σ_k τ_k f(θ_k); a node without weight counts for nothing, whatever f is there.</summary>
    public double Integrate(Func<double, double> f) =>
        Nodes.Zip(Weights, (node, weight) => weight > 0 ? weight * f(node) : 0).Sum();

    /// <summary>The Lanczos recurrence that the rule is of; null where it is of all eigenvalues, and so exact.</summary>
    internal Recurrence? Steps { get; init; }

    internal static GaussRule Uniform(double[] nodes) => new(nodes, [.. nodes.Select(_ => 1.0 / nodes.Length)]);
}
