namespace Quotient.Spectra;

/// <summary>The mean of independent samples and its standard error.</summary>
internal static class SampleMean
{
    /// <summary>Mean and s/√n; the error is NaN with one sample, which shows none.</summary>
    public static (double Mean, double Error) Of(IReadOnlyList<double> samples)
    {
        int n = samples.Count;
        double mean = samples.Average(), squares = samples.Sum(x => (x - mean) * (x - mean));
        return (mean, n > 1 ? Math.Sqrt(squares / (n - 1) / n) : double.NaN);
    }
}
