using System.Text.Json;
using System.Text.Json.Serialization;
using Quotient.Data;

namespace Quotient.Cases;

/// <summary>A small binary net on a few samples, with what PyTorch computed of it and of its surrogates in float64.</summary>
public sealed class BinaryNetCase
{
    private static readonly JsonSerializerOptions Format = new() { PropertyNameCaseInsensitive = true };

    public required string Arch { get; init; }

    public required double[][] X { get; init; }

    public required int[] Labels { get; init; }

    public required double[] Theta { get; init; }

    public required double LossValue { get; init; }

    public required int Errors { get; init; }

    public required double[] Gradient { get; init; }

    public required Dictionary<string, SurrogateValues> Surrogates { get; init; }

    [JsonIgnore]
    public Model Model => new(Network.Parse(Arch), Theta, Precision.Double);

    [JsonIgnore]
    public Dataset Data
    {
        get
        {
            var network = Network.Parse(Arch);
            var inputs = SampleStore.Doubles(NetCase.Flat(X), network.Input.Size);
            return Dataset.Classification(Arch, network.Input, inputs, Labels, network.Output.Size);
        }
    }

    /// <summary>All cases of a golden file.</summary>
    public static IReadOnlyList<BinaryNetCase> ReadAll(string path) =>
        JsonSerializer.Deserialize<BinaryNetCase[]>(File.ReadAllText(path), Format)!;

    public override string ToString() => Arch;
}

/// <summary>Loss and curvature of one surrogate.</summary>
public sealed record SurrogateValues(
    double[] Theta, double LossValue, double[] Gradient, double[] V, double[] HessianProduct, double[] HessianEigenvalues,
    double[] HessianDiagonal);
