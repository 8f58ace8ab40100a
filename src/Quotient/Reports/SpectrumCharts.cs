using Quotient.Reports.Charts;
using Quotient.Results;

namespace Quotient.Reports;

/// <summary>The charts of a spectrum: eigenvalues by rank, density, both by layer, and the training that led there.</summary>
internal static class SpectrumCharts
{
    public static void AddTo(Report report, Analysis analysis, string name)
    {
        var spectrum = analysis.Spectrum;
        report.Chart(Eigenvalues(spectrum));
        if (spectrum.Density is { } density)
        {
            report.Chart(new("Density", Caption(density), DensityPanel.Of(density, spectrum.Dimension, $"the {name}")));
        }

        if (analysis.Layers.Count > 0)
        {
            report.Chart(ByLayer(spectrum, analysis.Layers));
            AddLayerDensities(report, [.. analysis.Layers.Where(layer => layer.Density is not null)]);
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
            Label(spectrum), new RankAxis("rank", top.Count, bottom.Count, count), new NumberAxis("eigenvalue λ") { HasZero = true },
            BySign(data, datum => datum.Y, hasStems: true)));
    }

    private static Datum Stem(Eigenvalue pair, double rank, string name, bool isExtreme) => new(rank, pair.Value)
    {
        Title = TitleOf(name, pair),
        Error = pair.Residual,
        IsOpen = !pair.Converged,
        Text = isExtreme ? Brief(pair) : null,
    };

    private static Mark[] BySign(Datum[] data, Func<Datum, double> value, bool hasStems) =>
    [
        new Points("positive", [.. data.Where(datum => value(datum) >= 0)]) { HasStems = hasStems },
        new Points("negative", [.. data.Where(datum => value(datum) < 0)]) { HasStems = hasStems, Hue = Hue.Rust },
    ];

    private static string TitleOf(string name, Eigenvalue pair) =>
        $"{name} = {Words.Marked(Words.Minus(Figures.WithError(pair.Value, pair.Residual)), pair.Converged)}";

    private static string Brief(Eigenvalue pair) => Words.Minus(Figures.Value(pair.Value, pair.Residual, 5));

    private static string Label(SpectrumResult spectrum)
    {
        string ends = string.Join(" and ", End("largest", spectrum.Top).Concat(End("smallest", spectrum.Bottom)));
        int open = spectrum.Top.Concat(spectrum.Bottom).Count(pair => !pair.Converged);
        string state = open == 0 ? "all converged" : $"{open} {Words.Unconverged}";
        return $"Eigenvalues by rank: {ends}; {state}. The table of eigenvalues holds the figures.";
    }

    private static IEnumerable<string> End(string name, IReadOnlyList<Eigenvalue> pairs) =>
        pairs.Count == 0 ? [] : [$"{pairs.Count} {name}, from {Brief(pairs[0])} to {Brief(pairs[^1])}"];

    /// <summary>The eigenvalues of the whole operator and of each layer's diagonal block, a row each, on one common axis.</summary>
    private static Chart ByLayer(SpectrumResult whole, IReadOnlyList<SpectrumResult> layers)
    {
        (SpectrumResult Spectrum, string Name)[] rows = [(whole, "whole"), .. layers.Select(layer => (layer, SpectrumReport.LayerName(layer.Name)))];
        Datum[] data =
        [
            .. rows.SelectMany((row, i) => row.Spectrum.Bottom.Concat(row.Spectrum.Top.Reverse()).Select(pair => new Datum(pair.Value, i)
            {
                Title = TitleOf($"{row.Name}: λ", pair),
                Error = pair.Residual,
                IsOpen = !pair.Converged,
            })),
        ];
        var axis = new RowAxis([.. rows.Select((row, i) => new Row(row.Name, Trace(row.Spectrum.Trace), i == 0))], "trace");
        const string Caption = "The extreme eigenvalues of each layer’s diagonal block, below those of the whole.";
        return new("By layer", Caption, new Panel(
            $"Eigenvalues of the whole operator and of {Figures.Counted(layers.Count, "layer")}, a row each, on one axis.",
            new NumberAxis("eigenvalue λ") { HasZero = true }, axis, BySign(data, datum => datum.X, hasStems: false)));
    }

    private static string Trace(TraceEstimate? trace) => trace is null ? ""
        : $"{(trace.Converged ? "" : "○ ")}{Words.Minus(Figures.Value(trace.Value, trace.StandardError, 4))}";

    private static string Caption(SpectralDensity density)
    {
        double below = density.Nodes.Zip(density.Weights).Where(node => node.First < 0).Sum(node => node.Second);
        string share = $" {Figures.Share(below)} of the quadrature’s weight lies below zero.";
        string mass = density.Nodes.Count > 0 && double.IsFinite(below) ? share : "";
        return $"Stochastic Lanczos quadrature; Gaussian kernel of width σ = {Words.Minus(Figures.Plain(density.Sigma, 3))}"
            + $" ({density.Convention} convention).{mass}";
    }

    private static void AddLayerDensities(Report report, SpectrumResult[] layers)
    {
        if (layers.Length > 0)
        {
            report.Chart(new("Density by layer", "Each layer’s diagonal block, with marks as in the density of the whole.",
            [
                .. layers.Select(layer => (Name: SpectrumReport.LayerName(layer.Name), Layer: layer))
                    .Select(row => DensityPanel.Of(row.Layer.Density!, row.Layer.Dimension, row.Name) with { Name = row.Name }),
            ]));
        }
    }
}
