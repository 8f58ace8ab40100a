using Quotient.Results;

namespace Quotient.Reports;

/// <summary>The report on a spectrum.</summary>
public static class SpectrumReport
{
    private const int CellDigits = 6;

    /// <summary>An analysis as a report; its CSV tables are <c>eigenvalues</c> and <c>density</c>.</summary>
    public static Report Of(Analysis analysis)
    {
        var report = new Report("spectrum", $"{NameOf(analysis.Spectrum)} spectrum")
            .About(
                $"{analysis.Network} on {analysis.Data}", Figures.Counted(analysis.Parameters, "parameter"),
                Figures.Counted(analysis.Samples, "sample"), Differentiated(analysis))
            .From(analysis.Provenance);
        AddFacts(report, analysis);
        AddSpectrum(report, analysis.Spectrum);
        AddLayers(report, analysis.Layers);
        report.Fact("training", null, analysis.Training.Select(TrainingReport.FieldsOf));
        AddCsv(report, [analysis.Spectrum, .. analysis.Layers]);
        SpectrumCharts.AddTo(report, analysis);
        AddWarnings(report, [analysis.Spectrum, .. analysis.Layers]);
        return report;
    }

    /// <summary>An operator's name in prose.</summary>
    private static string NameOf(SpectrumResult spectrum) => spectrum.Name switch
    {
        "hessian" => "Hessian",
        "gauss-newton" => "Gauss–Newton",
        "fisher" => "Fisher",
        "empirical-fisher" => "Empirical Fisher",
        "jacobian" => "Jacobian",
        _ => spectrum.Name,
    };

    /// <summary>A layer's name: a bare number is told apart from a figure.</summary>
    internal static string LayerName(string name) => name.Length > 0 && name.All(char.IsAsciiDigit) ? $"layer {name}" : name;

    /// <summary>The function that is differentiated: a loss, and the surrogate whose it is where that is not the network's own.</summary>
    private static string Differentiated(Analysis analysis)
    {
        string loss = analysis.LossName switch
        {
            "ce" => "cross-entropy",
            "mse" => "mean squared error",
            _ => analysis.LossName,
        };
        return analysis.Surrogate == "none" ? $"{loss} loss" : $"{loss} loss of the surrogate {analysis.Surrogate}";
    }

    private static void AddFacts(Report report, Analysis analysis) => report
        .Fact("network", null, analysis.Network)
        .Fact("parameters", null, analysis.Parameters)
        .Fact("data", null, analysis.Data)
        .Fact("samples", null, analysis.Samples)
        .Fact("operator", null, analysis.Spectrum.Name)
        .Fact("surrogate", null, analysis.Surrogate)
        .Fact("lossName", null, analysis.LossName)
        .Fact("loss", "loss", analysis.Loss)
        .Fact(new("error", analysis.Error is null ? null : "error", analysis.Error)
        {
            Text = Figures.Share(analysis.Error ?? double.NaN),
            Remark = "of samples",
        })
        .Fact("gradientNorm", "gradient norm", analysis.GradientNorm);

    private static void AddSpectrum(Report report, SpectrumResult spectrum)
    {
        AddExtreme(report, "largest λ", spectrum.Top);
        AddExtreme(report, "smallest λ", spectrum.Bottom);
        report.Fact("complete", null, spectrum.Complete);
        report.Fact(FactOf(spectrum.Trace)).Fact("density", null, FieldsOf(spectrum.Density));
        AddLogDeterminant(report, spectrum.LogDeterminant);
        report.Table(EndOf("top", "Largest eigenvalues", spectrum.Top)).Table(EndOf("bottom", "Smallest eigenvalues", spectrum.Bottom));
    }

    private static void AddExtreme(Report report, string label, IReadOnlyList<Eigenvalue> pairs)
    {
        if (pairs is [var (value, residual, converged), ..])
        {
            report.Fact(new(null, label, null) { Quantity = new(value, residual), Converged = converged });
        }
    }

    private static Fact FactOf(TraceEstimate? trace) => trace is null ? new("trace", null, null) : new("trace", "trace", FieldsOf(trace))
    {
        Quantity = QuantityOf(trace),
        Remark = $"{trace.Method}, {Figures.Counted(trace.Products, "product")}",
        Converged = trace.Converged,
    };

    private static void AddLogDeterminant(Report report, LogDeterminant? found)
    {
        report.Fact(found is null ? new("logDeterminant", null, null) : new("logDeterminant", "log determinant", FieldsOf(found))
        {
            Text = found.IsSingular ? "singular: an eigenvalue is 0, up to rounding" : null,
            Quantity = new(found.Value, found.StandardError, IsEstimate: true),
            Remark = found.Damping == 0 ? "" : $"of |A| + {Figures.Plain(found.Damping, 3)}",
        });
        _ = found is null ? report : report.Fact(null, "eigenvalues below zero", found.NegativeMass, Figures.Share(found.NegativeMass));
    }

    private static Table EndOf(string key, string title, IReadOnlyList<Eigenvalue> pairs) => Table.Of(
        key, title, pairs.Index(),
        new(null, "rank", pair => $"{pair.Index + 1}"),
        new("value", "value", pair => pair.Item.Value, pair => Figures.Value(pair.Item.Value, pair.Item.Residual)),
        new("residual", "error at most", pair => pair.Item.Residual, pair => Figures.Error(pair.Item.Residual)),
        new("converged", "converged", pair => pair.Item.Converged, pair => Figures.Converged(pair.Item.Converged)));

    private static void AddLayers(Report report, IReadOnlyList<SpectrumResult> layers) => report
        .Fact("layers", null, layers.Select(FieldsOf))
        .Table(Table.Of(
            null, "Diagonal blocks by layer", layers,
            new(null, "layer", layer => LayerName(layer.Name)),
            new(null, "parameters", layer => layer.Dimension),
            new(null, "largest", layer => layer.Top is [var pair, ..] ? pair.Value : null, layer => First(layer.Top)),
            new(null, "smallest", layer => layer.Bottom is [var pair, ..] ? pair.Value : null, layer => First(layer.Bottom)),
            new(null, "trace", layer => layer.Trace?.Value, layer => TraceOf(layer.Trace)),
            new(null, "converged", State)));

    private static string First(IReadOnlyList<Eigenvalue> pairs) => pairs is [var (value, residual, converged), ..]
        ? Figures.Marked(Figures.WithError(value, residual, CellDigits), converged)
        : "";

    private static string TraceOf(TraceEstimate? trace) => trace is null ? "" : Figures.Marked(QuantityOf(trace).ToString(), trace.Converged);

    /// <summary>A trace with its error, bare only where it is exact: an error of 0 alone does not make it so.</summary>
    private static Quantity QuantityOf(TraceEstimate trace) =>
        trace.Method == "exact" ? new(trace.Value) : new(trace.Value, trace.StandardError, IsEstimate: true);

    private static string State(SpectrumResult layer)
    {
        var (open, all) = Convergence([layer]);
        return all == 0 ? "" : open == 0 ? $"all {all}" : $"{open} of {all} {Figures.Unconverged}";
    }

    /// <summary>How many of the eigenvalues and traces did not converge.</summary>
    private static (int Open, int All) Convergence(SpectrumResult[] spectra)
    {
        var pairs = spectra.SelectMany(spectrum => spectrum.Top.Concat(spectrum.Bottom)).Select(pair => pair.Converged);
        bool[] figures = [.. pairs, .. spectra.Select(spectrum => spectrum.Trace?.Converged).OfType<bool>()];
        return (figures.Count(converged => !converged), figures.Length);
    }

    private static void AddCsv(Report report, SpectrumResult[] spectra) => report
        .Table(Table.Of(
            "eigenvalues", null,
            spectra.SelectMany(spectrum => Ranked(spectrum, "top", spectrum.Top).Concat(Ranked(spectrum, "bottom", spectrum.Bottom))),
            new("operator", null, line => line.Name),
            new("end", null, line => line.End),
            new("rank", null, line => line.Rank),
            new("value", null, line => line.Pair.Value),
            new("residual", null, line => line.Pair.Residual),
            new("converged", null, line => Figures.Converged(line.Pair.Converged))))
        .Table(Table.Of(
            "density", null,
            from spectrum in spectra
            let density = spectrum.Density
            from point in density?.Points.Index() ?? []
            select (spectrum.Name, At: point.Item, point.Index, Density: density!),
            new("operator", null, line => line.Name),
            new("point", null, line => line.At),
            new("density", null, line => line.Density.Values[line.Index]),
            new("standardError", null, line => line.Index < line.Density.StandardErrors.Count ? line.Density.StandardErrors[line.Index] : null)));

    private static IEnumerable<(string Name, string End, int Rank, Eigenvalue Pair)> Ranked(
        SpectrumResult spectrum, string end, IReadOnlyList<Eigenvalue> pairs) => pairs.Select((pair, i) => (spectrum.Name, end, i + 1, pair));

    private static void AddWarnings(Report report, SpectrumResult[] spectra)
    {
        var (open, all) = Convergence(spectra);
        if (open > 0)
        {
            report.Note($"{open} of {all} figures are unconverged, and drawn hollow: ask for more steps or a wider tolerance.", isWarning: true);
        }

        if (!spectra.All(spectrum => spectrum.Complete))
        {
            report.Note("Multiple eigenvalues may be missing: the search for further copies was not carried to its end.", isWarning: true);
        }
    }

    private static Fields FieldsOf(SpectrumResult layer) => new(
        ("name", layer.Name), ("dimension", layer.Dimension), ("top", layer.Top.Select(FieldsOf)), ("bottom", layer.Bottom.Select(FieldsOf)),
        ("complete", layer.Complete), ("trace", FieldsOf(layer.Trace)), ("density", FieldsOf(layer.Density)),
        ("logDeterminant", FieldsOf(layer.LogDeterminant)), ("products", layer.Products));

    private static Fields FieldsOf(Eigenvalue pair) =>
        new(("value", pair.Value), ("residual", pair.Residual), ("converged", pair.Converged));

    private static Fields? FieldsOf(TraceEstimate? trace) => trace is null ? null : new(
        ("value", trace.Value), ("standardError", Figures.Known(trace.StandardError)), ("products", trace.Products), ("method", trace.Method),
        ("converged", trace.Converged));

    private static Fields? FieldsOf(SpectralDensity? density) => density is null ? null : new(
        ("convention", density.Convention), ("sigma", density.Sigma), ("points", density.Points), ("values", density.Values),
        ("standardErrors", density.StandardErrors), ("nodes", density.Nodes), ("weights", density.Weights), ("products", density.Products));

    private static Fields? FieldsOf(LogDeterminant? found) => found is null ? null : new(
        ("value", found.IsSingular ? null : found.Value), ("singular", found.IsSingular), ("standardError", Figures.Known(found.StandardError)),
        ("samplingError", Figures.Known(found.SamplingError)), ("quadratureError", found.QuadratureError), ("damping", found.Damping),
        ("negativeMass", found.NegativeMass), ("products", found.Products));
}
