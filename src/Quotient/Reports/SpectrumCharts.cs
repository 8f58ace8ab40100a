using Quotient.Reports.Charts;
using Quotient.Results;

namespace Quotient.Reports;

/// <summary>The charts of a spectrum: eigenvalues by rank, density, both by layer, and the training that led there.</summary>
internal static class SpectrumCharts
{
    public static void AddTo(Report report, Analysis analysis)
    {
        var spectrum = analysis.Spectrum;
        report.Chart(Eigenvalues(spectrum));
        if (spectrum.Density is { } density)
        {
            report.Chart(new("Density", Caption(density), DensityPanel.Of(density, spectrum.Dimension)));
        }

        if (analysis.Layers.Count > 0)
        {
            var panels =
                from layer in analysis.Layers
                where layer.Density is not null
                select DensityPanel.Of(layer.Density!, layer.Dimension, SpectrumReport.LayerName(layer.Name));
            report.Chart(ByLayer(spectrum, analysis.Layers));
            report.Chart(new("Density by layer", "Each layer’s diagonal block, with marks as in the density of the whole.", [.. panels]));
        }

        TrainingReport.AddChart(report, analysis.Training, "Training", "of training led to these parameters");
    }

    /// <summary>
    /// The largest and the smallest eigenvalues as stems by rank: the largest at the left, the smallest at the right, the rest of the
    /// spectrum a gap between.
    /// </summary>
    private static Chart Eigenvalues(SpectrumResult spectrum)
    {
        var (top, bottom) = (spectrum.Top, spectrum.Bottom);
        long count = Math.Max(spectrum.Dimension, (long)top.Count + bottom.Count);
        Datum[] data =
        [
            .. top.Select((pair, i) => Stem(pair, i + 1, $"λ {i + 1}", i == 0 && pair.Value > 0)),
            .. bottom.Select((pair, i) => Stem(pair, count - i, $"smallest λ {i + 1}", i == 0 && pair.Value < 0)),
        ];
        string caption = $"The ends of the spectrum of {Figures.Count(spectrum.Dimension)} eigenvalues. "
            + "A bar is the bound of an eigenvalue’s error, drawn where it reaches beyond its point.";
        return new("Eigenvalues", caption, new Panel(
            "", new RankAxis("rank", top.Count, bottom.Count, count), new NumberAxis("eigenvalue λ") { HasZero = true },
            BySign(data, datum => datum.Y, hasStems: true)));
    }

    private static Datum Stem(Eigenvalue pair, double rank, string name, bool isExtreme) => new(rank, pair.Value, pair.Residual, TitleOf(name, pair))
    {
        IsOpen = !pair.Converged,
        Text = isExtreme ? Figures.Minus(Figures.Value(pair.Value, pair.Residual, 5)) : null,
    };

    private static Mark[] BySign(Datum[] data, Func<Datum, double> value, bool hasStems) =>
    [
        new Points("positive", [.. data.Where(datum => value(datum) >= 0)], Hue.Blue, hasStems),
        new Points("negative", [.. data.Where(datum => value(datum) < 0)], Hue.Rust, hasStems),
    ];

    private static string TitleOf(string name, Eigenvalue pair) =>
        $"{name} = {Figures.Marked(Figures.Minus(Figures.WithError(pair.Value, pair.Residual)), pair.Converged)}";

    /// <summary>The eigenvalues of the whole operator and of each layer's diagonal block, a row each, on one common axis.</summary>
    private static Chart ByLayer(SpectrumResult whole, IReadOnlyList<SpectrumResult> layers)
    {
        (SpectrumResult Spectrum, string Name)[] rows = [(whole, "whole"), .. layers.Select(layer => (layer, SpectrumReport.LayerName(layer.Name)))];
        var data = rows.SelectMany((row, i) => row.Spectrum.Bottom.Concat(row.Spectrum.Top.Reverse())
            .Select(pair => new Datum(pair.Value, i, pair.Residual, TitleOf($"{row.Name}: λ", pair)) { IsOpen = !pair.Converged }));
        return new("By layer", "The extreme eigenvalues of each layer’s diagonal block, below those of the whole.", new Panel(
            "",
            new NumberAxis("eigenvalue λ") { HasZero = true },
            new RowAxis("operators", "trace", [.. rows.Select((row, i) => new Row(row.Name, Trace(row.Spectrum.Trace), i == 0))]),
            BySign([.. data], datum => datum.X, hasStems: false)));
    }

    private static string Trace(TraceEstimate? trace) => trace is null ? ""
        : $"{(trace.Converged ? "" : "○ ")}{Figures.Minus(Figures.Value(trace.Value, trace.StandardError, 4))}";

    private static string Caption(SpectralDensity density)
    {
        double below = density.Nodes.Zip(density.Weights).Where(node => node.First < 0).Sum(node => node.Second);
        bool isKnown = density.Nodes.Count > 0 && double.IsFinite(below);
        string mass = isKnown ? $" {Figures.Share(below)} of the quadrature’s weight lies below zero." : "";
        return $"Stochastic Lanczos quadrature; Gaussian kernel of width σ = {Figures.Minus(Figures.Plain(density.Sigma, 3))}"
            + $" ({density.Convention} convention).{mass}";
    }
}
