using System.Text;
using System.Text.Json;
using Quotient.Results;

namespace Quotient.Reports;

/// <summary>
/// An analysis as JSON. Doubles are written with the fewest digits that read back as the same bits; NaN and infinities,
/// for which JSON has no words, are <c>null</c>. What was not asked for is <c>null</c> or an empty array, never left out.
/// </summary>
public static class JsonReport
{
    /// <summary>Writes an analysis to a file, whole or not at all.</summary>
    /// <exception cref="QuotientException">The file cannot be written.</exception>
    public static void Write(Analysis analysis, string path) => WholeFile.WriteText(path, ToText(analysis));

    /// <summary>An analysis as JSON text.</summary>
    public static string ToText(Analysis analysis)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            WriteAnalysis(json, analysis);
        }

        return Encoding.UTF8.GetString(stream.ToArray()) + "\n";
    }

    private static void WriteAnalysis(Utf8JsonWriter json, Analysis analysis)
    {
        json.WriteStartObject();
        json.WriteString("network", analysis.Network);
        json.WriteNumber("parameters", analysis.Parameters);
        json.WriteString("data", analysis.Data);
        json.WriteNumber("samples", analysis.Samples);
        json.WriteString("operator", analysis.Spectrum.Name);
        json.WriteString("surrogate", analysis.Surrogate);
        json.WriteString("lossName", analysis.LossName);
        Number(json, "loss", analysis.Loss);
        Number(json, "error", analysis.Error);
        Number(json, "gradientNorm", analysis.GradientNorm);
        WriteSpectrum(json, analysis.Spectrum);
        Array(json, "layers", analysis.Layers, WriteLayer);
        Array(json, "training", analysis.Training, WriteEpoch);
        Number(json, "products", analysis.Products);
        Number(json, "seconds", analysis.Seconds);
        json.WriteString("device", analysis.Device);
        json.WriteString("precision", Words.Of(analysis.Precision));
        json.WriteNumber("seed", analysis.Seed);
        json.WriteString("command", analysis.Command);
        json.WriteString("version", analysis.Version);
        json.WriteEndObject();
    }

    private static void WriteSpectrum(Utf8JsonWriter json, SpectrumResult spectrum)
    {
        Array(json, "top", spectrum.Top, WriteEigenvalue);
        Array(json, "bottom", spectrum.Bottom, WriteEigenvalue);
        json.WriteBoolean("complete", spectrum.Complete);
        Optional(json, "trace", spectrum.Trace, WriteTrace);
        Optional(json, "density", spectrum.Density, WriteDensity);
        Optional(json, "logDeterminant", spectrum.LogDeterminant, WriteLogDeterminant);
    }

    private static void WriteLayer(Utf8JsonWriter json, SpectrumResult layer)
    {
        json.WriteString("name", layer.Name);
        json.WriteNumber("dimension", layer.Dimension);
        WriteSpectrum(json, layer);
        Number(json, "products", layer.Products);
    }

    private static void WriteEigenvalue(Utf8JsonWriter json, Eigenvalue pair)
    {
        Number(json, "value", pair.Value);
        Number(json, "residual", pair.Residual);
        json.WriteBoolean("converged", pair.Converged);
    }

    private static void WriteTrace(Utf8JsonWriter json, TraceEstimate trace)
    {
        Number(json, "value", trace.Value);
        Number(json, "standardError", trace.StandardError);
        Number(json, "products", trace.Products);
        json.WriteString("method", trace.Method);
        json.WriteBoolean("converged", trace.Converged);
    }

    private static void WriteDensity(Utf8JsonWriter json, SpectralDensity density)
    {
        json.WriteString("convention", density.Convention);
        Number(json, "sigma", density.Sigma);
        Numbers(json, "points", density.Points);
        Numbers(json, "values", density.Values);
        Numbers(json, "standardErrors", density.StandardErrors);
        Numbers(json, "nodes", density.Nodes);
        Numbers(json, "weights", density.Weights);
        Number(json, "products", density.Products);
    }

    private static void WriteLogDeterminant(Utf8JsonWriter json, LogDeterminant logDeterminant)
    {
        Number(json, "value", logDeterminant.Value);
        Number(json, "standardError", logDeterminant.StandardError);
        Number(json, "damping", logDeterminant.Damping);
        Number(json, "negativeMass", logDeterminant.NegativeMass);
        Number(json, "products", logDeterminant.Products);
    }

    private static void WriteEpoch(Utf8JsonWriter json, EpochRecord epoch)
    {
        json.WriteNumber("epoch", epoch.Epoch);
        Number(json, "trainLoss", epoch.TrainLoss);
        Number(json, "trainError", epoch.TrainError);
        Number(json, "testLoss", epoch.TestLoss);
        Number(json, "testError", epoch.TestError);
    }

    private static void Array<TItem>(
        Utf8JsonWriter json, string name, IReadOnlyList<TItem> items, Action<Utf8JsonWriter, TItem> write)
    {
        json.WriteStartArray(name);
        foreach (var item in items)
        {
            json.WriteStartObject();
            write(json, item);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Optional<TItem>(Utf8JsonWriter json, string name, TItem? item, Action<Utf8JsonWriter, TItem> write)
        where TItem : class
    {
        if (item is null)
        {
            json.WriteNull(name);
            return;
        }

        json.WriteStartObject(name);
        write(json, item);
        json.WriteEndObject();
    }

    private static void Numbers(Utf8JsonWriter json, string name, IReadOnlyList<double> values)
    {
        json.WriteStartArray(name);
        foreach (double value in values)
        {
            Element(json, value);
        }

        json.WriteEndArray();
    }

    private static void Number(Utf8JsonWriter json, string name, double? value)
    {
        json.WritePropertyName(name);
        Element(json, value ?? double.NaN);
    }

    private static void Element(Utf8JsonWriter json, double value)
    {
        if (double.IsFinite(value))
        {
            json.WriteNumberValue(value);
        }
        else
        {
            json.WriteNullValue();
        }
    }
}
