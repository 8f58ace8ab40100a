using Quotient.Reports.Charts;
using Quotient.Results;

namespace Quotient.Reports;

/// <summary>
/// A spectral density on a logarithmic axis: the curve over its area, the part below zero tinted, a band of one standard error where
/// known, the height of a single eigenvalue dashed, and the quadrature's nodes as a rug.
/// </summary>
internal static class DensityPanel
{
    /// <summary>The drawing; without marks where no point of the density is positive and finite.</summary>
    public static Panel Of(SpectralDensity density, long dimension, string name = "")
    {
        var samples = Samples(density);
        if (!samples.Any(sample => sample.Y > 0))
        {
            return new(name, new NumberAxis(""), new NumberAxis(""));
        }

        double peak = samples.Max(sample => sample.Y);
        // The height that one eigenvalue of n has under the kernel; NaN where σ is not known.
        double single = density.Sigma > 0 && dimension > 0 ? 1 / (dimension * density.Sigma * Math.Sqrt(2 * Math.PI)) : double.NaN;
        // What lies lower than a single eigenvalue is the kernel's tail.
        double floor = double.IsNaN(single) ? 1e-8 * peak : Math.Clamp(single / 30, 1e-12 * peak, 1e-3 * peak);
        double[] seen = [.. samples.Where(sample => sample.Y >= floor).Select(sample => sample.X), .. density.Nodes.Where(double.IsFinite)];
        var (below, above) = SplitAtZero(samples);
        return new(
            name,
            new NumberAxis("eigenvalue λ", seen.Min(), seen.Max()),
            new NumberAxis("density", Low: floor) { IsLogarithmic = true },
            new Area("", above),
            new Area("below zero", below, Hue.Rust),
            new Band("± one standard error", above),
            new Band("± one standard error", below, Hue.Rust),
            new Rule("height of one eigenvalue", single),
            new Rug("quadrature nodes", density.Nodes));
    }

    /// <summary>The finite points in rising order.</summary>
    private static Datum[] Samples(SpectralDensity density) =>
    [
        .. density.Points.Zip(density.Values)
            .Select((at, i) => new Datum(at.First, at.Second, i < density.StandardErrors.Count ? density.StandardErrors[i] : double.NaN))
            .Where(sample => sample.IsFinite)
            .OrderBy(sample => sample.X),
    ];

    /// <summary>The parts on either side of zero, which share a point there, by linear interpolation.</summary>
    private static (Datum[] Below, Datum[] Above) SplitAtZero(Datum[] samples)
    {
        int after = samples.Count(sample => sample.X < 0);
        if (after == 0 || after == samples.Length)
        {
            return (samples[..after], samples[after..]);
        }

        var (left, right) = (samples[after - 1], samples[after]);
        double share = (left.X / 2) / ((left.X / 2) - (right.X / 2));
        double Between(double a, double b) => ((1 - share) * a) + (share * b);
        var zero = new Datum(0, Between(left.Y, right.Y), Between(left.Error, right.Error));
        return ([.. samples[..after], zero], [zero, .. samples[after..]]);
    }
}
