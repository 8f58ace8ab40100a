using System.Globalization;
using System.Text;
using Quotient.Results;

namespace Quotient.Reports;

/// <summary>
/// The eigenvalues and the density of an analysis, and of its layers, as CSV (RFC 4180) with a header line. Doubles read
/// back as the same bits.
/// </summary>
public static class CsvReport
{
    /// <summary>Writes the eigenvalues to a file, whole or not at all.</summary>
    /// <exception cref="QuotientException">The file cannot be written.</exception>
    public static void WriteEigenvalues(Analysis analysis, string path) => WholeFile.WriteText(path, Eigenvalues(analysis));

    /// <summary>Writes the densities to a file, whole or not at all.</summary>
    /// <exception cref="QuotientException">The file cannot be written.</exception>
    public static void WriteDensity(Analysis analysis, string path) => WholeFile.WriteText(path, Density(analysis));

    /// <summary>
    /// One line an eigenvalue: the operator or layer, <c>top</c> or <c>bottom</c>, its rank from that end, its figures.
    /// </summary>
    public static string Eigenvalues(Analysis analysis)
    {
        var text = new StringBuilder("operator,end,rank,value,residual,converged\n");
        foreach (var spectrum in All(analysis))
        {
            AppendEnd(text, spectrum.Name, "top", spectrum.Top);
            AppendEnd(text, spectrum.Name, "bottom", spectrum.Bottom);
        }

        return text.ToString();
    }

    /// <summary>One line a grid point: the operator or layer, the point, φ there, its standard error where known.</summary>
    public static string Density(Analysis analysis)
    {
        var text = new StringBuilder("operator,point,density,standardError\n");
        foreach (var spectrum in All(analysis))
        {
            AppendDensity(text, spectrum);
        }

        return text.ToString();
    }

    private static IEnumerable<SpectrumResult> All(Analysis analysis) => analysis.Layers.Prepend(analysis.Spectrum);

    private static void AppendEnd(StringBuilder text, string name, string end, IReadOnlyList<Eigenvalue> pairs)
    {
        for (int i = 0; i < pairs.Count; i++)
        {
            string converged = Words.Converged(pairs[i].Converged);
            text.Append(CultureInfo.InvariantCulture, $"{Quoted(name)},{end},{i + 1},");
            text.Append(CultureInfo.InvariantCulture, $"{pairs[i].Value:R},{pairs[i].Residual:R},{converged}\n");
        }
    }

    private static void AppendDensity(StringBuilder text, SpectrumResult spectrum)
    {
        if (spectrum.Density is not { } density)
        {
            return;
        }

        for (int i = 0; i < density.Points.Count; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{Quoted(spectrum.Name)},{density.Points[i]:R},{density.Values[i]:R},");
            text.Append(CultureInfo.InvariantCulture, $"{(i < density.StandardErrors.Count ? density.StandardErrors[i] : null):R}\n");
        }
    }

    private static string Quoted(string field) =>
        field.AsSpan().IndexOfAny(",\"\r\n") < 0 ? field : $"\"{field.Replace("\"", "\"\"")}\"";
}
