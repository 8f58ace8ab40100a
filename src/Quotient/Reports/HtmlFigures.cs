using Quotient.Reports.Charts;
using Quotient.Results;

namespace Quotient.Reports;

/// <summary>The page's charts, each with its heading, legend and caption; what was not computed has none.</summary>
internal static class HtmlFigures
{
    private const double Wide = 880;
    private const double Narrow = 400;

    public static void Write(Markup page, Analysis analysis)
    {
        WriteSpectrum(page, analysis.Spectrum);
        WriteDensity(page, analysis.Spectrum);
        WriteLayers(page, analysis);
        WriteLayerDensities(page, analysis.Layers);
        WriteTraining(page, analysis.Training, "Training", "of training led to these parameters");
    }

    private static void WriteSpectrum(Markup page, SpectrumResult spectrum)
    {
        string?[] charts =
        [
            SpectrumChart.Draw(spectrum, new(Wide, 330, "wide")), SpectrumChart.Draw(spectrum, new(Narrow, 300, "narrow")),
        ];
        string caption = $"The ends of the spectrum of {Figures.Count(spectrum.Dimension)} eigenvalues. "
            + "A bar is the bound of an eigenvalue’s error, drawn where it reaches beyond its point.";
        WriteFigure(page, "Eigenvalues", caption, HtmlLegend.Eigenvalues([spectrum]), charts);
    }

    private static void WriteDensity(Markup page, SpectrumResult spectrum)
    {
        if (spectrum.Density is not { } density)
        {
            return;
        }

        string name = $"the {Words.Operator(spectrum.Name)}";
        string?[] charts =
        [
            DensityChart.Draw(density, spectrum.Dimension, new(Wide, 360, "wide"), name),
            DensityChart.Draw(density, spectrum.Dimension, new(Narrow, 300, "narrow"), name),
        ];
        bool single = double.IsFinite(DensityChart.SingleHeight(density, spectrum.Dimension));
        string legend = HtmlLegend.Density(density.Points.Any(t => t < 0), density.StandardErrors.Count > 0, single);
        WriteFigure(page, "Density", DensityCaption(density), legend, charts);
    }

    private static string DensityCaption(SpectralDensity density)
    {
        double below = density.Nodes.Zip(density.Weights).Where(node => node.First < 0).Sum(node => node.Second);
        string share = $" {Figures.Share(below)} of the quadrature’s weight lies below zero.";
        string mass = density.Nodes.Count > 0 && double.IsFinite(below) ? share : "";
        return $"Stochastic Lanczos quadrature; Gaussian kernel of width σ = {Typography.Number(Figures.Plain(density.Sigma, 3))}"
            + $" ({density.Convention} convention).{mass}";
    }

    private static void WriteLayers(Markup page, Analysis analysis)
    {
        string?[] charts =
        [
            LayersChart.Draw(analysis.Spectrum, analysis.Layers, Wide, "wide"),
            LayersChart.Draw(analysis.Spectrum, analysis.Layers, Narrow, "narrow"),
        ];
        string legend = HtmlLegend.Eigenvalues(analysis.Layers.Prepend(analysis.Spectrum));
        const string Caption = "The extreme eigenvalues of each layer’s diagonal block, below those of the whole.";
        WriteFigure(page, "By layer", Caption, legend, charts);
    }

    private static void WriteLayerDensities(Markup page, IReadOnlyList<SpectrumResult> layers)
    {
        var charts = layers.Where(layer => layer.Density is not null)
            .Select(layer => (layer.Name, Chart: DrawLayerDensity(layer)))
            .Where(layer => layer.Chart is not null).ToArray();
        if (charts.Length == 0)
        {
            return;
        }

        page.Line().Open("section").Leaf("h2", "Density by layer").Open("div", ("class", "pair"));
        foreach (var (name, chart) in charts)
        {
            page.Line().Open("figure").Leaf("h3", Words.Layer(name)).Raw(chart!).Close();
        }

        page.Close();
        page.Leaf("p", "Each layer’s diagonal block, with marks as in the density of the whole.", ("class", "note")).Close();
    }

    private static string? DrawLayerDensity(SpectrumResult layer) =>
        DensityChart.Draw(layer.Density!, layer.Dimension, new(430, 220, "half"), Words.Layer(layer.Name));

    /// <summary>Loss and error by epoch; nothing where there were no epochs.</summary>
    public static void WriteTraining(Markup page, IReadOnlyList<EpochRecord> training, string heading, string what)
    {
        string?[] charts = training.Count == 0 ? [] : [TrainingChart.Loss(training), TrainingChart.Error(training)];
        bool test = training.Any(epoch => epoch.TestLoss.HasValue || epoch.TestError.HasValue);
        string epochs = training.Count == 1 ? "One epoch" : $"{Figures.Count(training.Count)} epochs";
        WriteFigure(page, heading, $"{epochs} {what}.", HtmlLegend.Training(test), charts, "pair");
    }

    private static void WriteFigure(
        Markup page, string heading, string caption, string legend, IEnumerable<string?> charts, string cssClass = "charts")
    {
        string[] drawn = [.. charts.OfType<string>()];
        if (drawn.Length == 0)
        {
            return;
        }

        page.Line().Open("section").Open("figure").Leaf("h2", heading).Raw(legend).Open("div", ("class", cssClass));
        foreach (string chart in drawn)
        {
            page.Line().Raw(chart);
        }

        page.Close().Line().Leaf("figcaption", caption).Close().Close();
    }
}
