using Quotient.Results;

namespace Quotient.Spectra;

/// <summary>How wide the Gaussian is that smooths a spectral density.</summary>
public enum DensityConvention
{
    /// <summary>Variance σ² = 1e-5 · max(1, λmax − λmin), as PyHessian has it (Yao, Gholami, Keutzer, Mahoney 2020).</summary>
    PyHessian,

    /// <summary>
    /// σ = 2 / ((m − 1) √(8 ln κ)), κ = 3, on the spectrum scaled to [−1, 1] (Papyan 2019; Lin, Saad, Yang 2016).
    /// </summary>
    Papyan,
}

/// <summary>Spectral densities φ(t) = (1/n_v) Σ_probes Σ_k τ_k g_σ(t − θ_k), g_σ the Gaussian.</summary>
public static class Density
{
    private const double Kappa = 3;

    /// <summary>Gaussians end here; what they leave out is below 2e-15 of their mass.</summary>
    private const double Reach = 8;

    /// <summary>
    /// Smooths a quadrature. The grid is a lattice of step σ/2 near the nodes, where the trapezoidal rule integrates φ to 1 within
    /// 1e-9, and a coarse one elsewhere, where φ is 0: a Gaussian is often far narrower than the spectrum.
    /// </summary>
    public static SpectralDensity Estimate(Quadrature quadrature, DensityConvention convention)
    {
        double[] nodes = [.. quadrature.Rules.SelectMany(rule => rule.Nodes)];
        double sigma = Width(convention, nodes.Min(), nodes.Max(), quadrature.Steps);
        var lattice = Lattice.Around(nodes, sigma / 2, Reach * sigma);
        double[][] curves = [.. quadrature.Rules.Select(rule => Smooth(rule, lattice, sigma))];
        var points = Enumerable.Range(0, lattice.Count);
        var moments = points.Select(i => SampleMean.Of([.. curves.Select(curve => curve[i])])).ToArray();
        return new(
            [.. points.Select(lattice.Point)], [.. moments.Select(m => m.Mean)],
            quadrature.IsExact ? [.. moments.Select(_ => 0.0)] : curves.Length > 1 ? [.. moments.Select(m => m.Error)] : [],
            convention == DensityConvention.PyHessian ? "pyhessian" : "papyan", sigma, nodes,
            [.. quadrature.Rules.SelectMany(rule => rule.Weights.Select(weight => weight / quadrature.Rules.Count))],
            quadrature.Products);
    }

    /// <summary>σ on the spectrum's own axis.</summary>
    private static double Width(DensityConvention convention, double least, double greatest, int steps)
    {
        double range = greatest - least, size = Math.Max(Math.Abs(least), Math.Abs(greatest));
        double sigma = convention == DensityConvention.PyHessian
            ? Math.Sqrt(1e-5 * Math.Max(1, range))
            : range / ((steps - 1) * Math.Sqrt(8 * Math.Log(Kappa)));

        // A spectrum of one point has no range to scale by, and a width below the axis's own resolution would be none.
        return Math.Max(sigma, size > 0 ? 1e-8 * size : 1e-8);
    }

    private static double[] Smooth(GaussRule rule, Lattice lattice, double sigma)
    {
        var curve = new double[lattice.Count];
        double height = 1 / (sigma * Math.Sqrt(2 * Math.PI));
        foreach (var (node, weight) in rule.Nodes.Zip(rule.Weights))
        {
            int i = lattice.FirstAtLeast(node - (Reach * sigma));
            for (; i < lattice.Count && lattice.Point(i) <= node + (Reach * sigma); i++)
            {
                double distance = (lattice.Point(i) - node) / sigma;
                curve[i] += weight * height * Math.Exp(-0.5 * distance * distance);
            }
        }

        return curve;
    }
}

/// <summary>The points j·step, j whole, that lie near some nodes, and a coarse selection of those between.</summary>
internal sealed class Lattice
{
    private const int CoarsePoints = 200;
    private readonly long[] _indices;
    private readonly double _step;

    private Lattice(long[] indices, double step) => (_indices, _step) = (indices, step);

    public int Count => _indices.Length;

    /// <summary>Every point within <paramref name="reach"/> of a node, and about 200 over the whole range with a margin.</summary>
    public static Lattice Around(double[] nodes, double step, double reach)
    {
        var indices = new SortedSet<long>();
        foreach (double node in nodes)
        {
            long end = (long)Math.Ceiling((node + reach) / step);
            for (long j = (long)Math.Floor((node - reach) / step); j <= end; j++)
            {
                indices.Add(j);
            }
        }

        long margin = (indices.Max - indices.Min) / 20, from = indices.Min - margin, to = indices.Max + margin;
        long stride = Math.Max(1, (to - from) / CoarsePoints);
        for (long j = from; j <= to; j += stride)
        {
            indices.Add(j);
        }

        return new([.. indices], step);
    }

    /// <summary>Point i, ascending.</summary>
    public double Point(int i) => _indices[i] * _step;

    /// <summary>The first point at or above t; <see cref="Count"/> where there is none.</summary>
    public int FirstAtLeast(double t)
    {
        int found = Array.BinarySearch(_indices, (long)Math.Ceiling(t / _step));
        return found >= 0 ? found : ~found;
    }
}
