using System.Numerics;
using Quotient.Operators;

namespace Quotient.Spectra;

/// <summary>How a spectral measure is probed: n_v Rademacher probes, m Lanczos steps each.</summary>
public sealed record QuadratureOptions
{
    /// <summary>Lanczos steps a probe.</summary>
    public int Steps { get; init; } = 100;

    /// <summary>Probes; with one there is no standard error.</summary>
    public int Probes { get; init; } = 1;

    /// <summary>The seed of the probes.</summary>
    public ulong Seed { get; init; }

    internal void Check()
    {
        if (Steps < 2)
        {
            throw new QuotientException($"a quadrature's Lanczos steps are {Steps}; at least 2 are needed");
        }

        if (Probes < 1)
        {
            throw new QuotientException($"a quadrature's probes are {Probes}; at least 1 is needed");
        }
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
    /// <summary>Probes an operator.</summary>
    /// <exception cref="QuotientException">An option is impossible, or the basis does not fit in memory.</exception>
    public static Quadrature Of<T>(
        ISymmetricOperator<T> a, QuadratureOptions options, IProgress<SpectrumProgress>? progress = null,
        CancellationToken cancellation = default)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        options.Check();
        using var space = new KrylovSpace<T>(a, Lanczos.Fit(a, options.Steps + 1, options.Steps + 1, 0), 1, options.Seed);
        var runs = new QuadratureRuns<T>(space, options, progress, cancellation);
        for (int probe = 0; probe < options.Probes; probe++)
        {
            runs.Run(probe);
        }

        return runs.Result(a.Dimension);
    }

    /// <summary>(d/n_v) Σ_probes Σ_k τ_k f(θ_k) with its standard error, NaN with one probe.</summary>
    public (double Value, double StandardError) TraceOf(Func<double, double> f)
    {
        var (mean, error) = SampleMean.Of([.. Rules.Select(rule => rule.Integrate(f))]);
        return (Dimension * mean, Dimension * error);
    }
}

/// <summary>Runs the probes of a quadrature, one after the other in one Krylov space.</summary>
internal sealed class QuadratureRuns<T>(
    KrylovSpace<T> space, QuadratureOptions options, IProgress<SpectrumProgress>? progress, CancellationToken cancellation)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly List<GaussRule> _rules = [];
    private double _floor;
    private int _products;

    /// <summary>Leaves in the space what the probe's steps have found, so that others can go on from it.</summary>
    public void Run(int probe)
    {
        space.Clear();
        space.AddProbe(RandomStreams.Probe + (ulong)probe);
        int before = space.Products;

        // A breakdown means that the rule is exact already.
        while (space.Order < options.Steps && !space.IsInvariant)
        {
            cancellation.ThrowIfCancellationRequested();
            space.Expand(1);
            double done = _products + space.Products - before, all = (double)options.Steps * options.Probes;
            progress?.Report(new("quadrature", done, all, done / all));
        }

        _products += space.Products - before;
        _rules.Add(space.Quadrature());
        _floor = Math.Max(_floor, space.Floor);
    }

    /// <summary>All rules so far.</summary>
    public Quadrature Result(long dimension) => new(_rules, dimension, _floor, options.Steps, _products);
}
