using Quotient.Results;

namespace Quotient.Reports.Charts;

/// <summary>A density at one point, with its standard error where known, else NaN.</summary>
internal readonly record struct DensitySample(double At, double Value, double Error)
{
    /// <summary>A density's finite samples by rising point; none where it is positive nowhere.</summary>
    public static IReadOnlyList<DensitySample> Of(SpectralDensity density)
    {
        int count = Math.Min(density.Points.Count, density.Values.Count);
        DensitySample[] samples =
        [
            .. Enumerable.Range(0, count)
                .Select(i => new DensitySample(density.Points[i], density.Values[i], ErrorAt(density, i)))
                .Where(sample => double.IsFinite(sample.At) && double.IsFinite(sample.Value))
                .OrderBy(sample => sample.At),
        ];
        return samples.Any(sample => sample.Value > 0) ? samples : [];
    }

    /// <summary>The samples below zero, closed by one at zero where others follow.</summary>
    public static IReadOnlyList<DensitySample> Below(IReadOnlyList<DensitySample> samples) =>
        [.. samples.Where(sample => sample.At < 0), .. AtZero(samples)];

    /// <summary>The samples from zero up, opened by one at zero where others precede.</summary>
    public static IReadOnlyList<DensitySample> Above(IReadOnlyList<DensitySample> samples) =>
        [.. AtZero(samples), .. samples.Where(sample => sample.At >= 0)];

    /// <summary>The sample at zero between its neighbours, by linear interpolation; none where zero lies outside.</summary>
    private static DensitySample[] AtZero(IReadOnlyList<DensitySample> samples)
    {
        int after = 0;
        while (after < samples.Count && samples[after].At < 0)
        {
            after++;
        }

        if (after == 0 || after == samples.Count)
        {
            return [];
        }

        var (left, right) = (samples[after - 1], samples[after]);
        double share = (left.At / 2) / ((left.At / 2) - (right.At / 2));
        return [new(0, Between(left.Value, right.Value, share), Between(left.Error, right.Error, share))];
    }

    private static double Between(double left, double right, double share) => ((1 - share) * left) + (share * right);

    private static double ErrorAt(SpectralDensity density, int i) =>
        i < density.StandardErrors.Count ? density.StandardErrors[i] : double.NaN;
}
