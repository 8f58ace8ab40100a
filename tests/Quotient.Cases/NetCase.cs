using System.Numerics;
using System.Text.Json;
using System.Text.Json.Serialization;
using Quotient.Data;

namespace Quotient.Cases;

/// <summary>A small net on a few samples, with everything that PyTorch computed of it in float64.</summary>
public sealed class NetCase
{
    private static readonly JsonSerializerOptions Format = new() { PropertyNameCaseInsensitive = true };

    public required string Name { get; init; }

    public required int[] Widths { get; init; }

    public required bool Bias { get; init; }

    public required string Loss { get; init; }

    public required double[][] X { get; init; }

    public int[]? Labels { get; init; }

    public double[][]? Targets { get; init; }

    public required double[] Theta { get; init; }

    public required double LossValue { get; init; }

    public required double[] Gradient { get; init; }

    public required double[] V { get; init; }

    public required double[] HessianProduct { get; init; }

    public required double[] GaussNewtonProduct { get; init; }

    public required double[] EmpiricalFisherProduct { get; init; }

    public required double[] FisherProduct { get; init; }

    public required double[][] U { get; init; }

    public required double[][] JacobianProduct { get; init; }

    public required double[] JacobianTransposeProduct { get; init; }

    public required double[] HessianEigenvalues { get; init; }

    public required double[] HessianDiagonal { get; init; }

    public required double[] GaussNewtonDiagonal { get; init; }

    [JsonIgnore]
    public Loss LossKind => Quotient.Loss.Parse(Loss);

    [JsonIgnore]
    public Model Model => new(Network.Mlp(Widths, Bias), Theta, Precision.Double);

    [JsonIgnore]
    public Dataset Data
    {
        get
        {
            var inputs = SampleStore.Doubles(Flat(X), Widths[0]);
            return Labels is null
                ? Dataset.Regression(Name, new(Widths[0]), inputs, SampleStore.Doubles(Flat(Targets!), Widths[^1]))
                : Dataset.Classification(Name, new(Widths[0]), inputs, Labels, Widths[^1]);
        }
    }

    /// <summary>All cases in a folder of golden files, by name.</summary>
    public static IEnumerable<NetCase> ReadAll(string folder) => Directory.GetFiles(folder, "*.json")
        .Where(path => !Path.GetFileName(path).StartsWith("mnist", StringComparison.Ordinal))
        .Order(StringComparer.Ordinal)
        .Select(path => JsonSerializer.Deserialize<NetCase>(File.ReadAllText(path), Format)!);

    public static double[] Flat(double[][] rows) => [.. rows.SelectMany(row => row)];

    public static T[] Cast<T>(double[] values) where T : IFloatingPointIeee754<T> => Array.ConvertAll(values, T.CreateChecked);

    public override string ToString() => Name;
}
