using System.Text.Json;
using System.Text.Json.Serialization;
using Quotient.Data;
using Quotient.Networks;

namespace Quotient.Cases;

/// <summary>
/// A convolutional net on a few images, with what PyTorch computed of it in float64. Parameters, inputs and vectors come from the formula
/// of the script that made the file; long vectors are known by their norm, two products and some entries.
/// </summary>
public sealed class ConvolutionalCase
{
    private static readonly JsonSerializerOptions Format = new() { PropertyNameCaseInsensitive = true };

    public required string Arch { get; init; }

    public string Loss { get; init; } = "ce";

    public required int Samples { get; init; }

    public required Dictionary<string, uint> Seeds { get; init; }

    public required ValueRange[] Tensors { get; init; }

    public required ValueRange[] Buffers { get; init; }

    public int[]? Labels { get; init; }

    public double[][]? Logits { get; init; }

    public double[][]? LogProbabilities { get; init; }

    public string Surrogate { get; init; } = "none";

    public double LossValue { get; init; }

    public required int[] Entries { get; init; }

    public VectorSummary? Gradient { get; init; }

    public VectorSummary? HessianProduct { get; init; }

    public VectorSummary? GaussNewtonProduct { get; init; }

    public VectorSummary? EmpiricalFisherProduct { get; init; }

    public VectorSummary? Diagonal { get; init; }

    public double Trace { get; init; }

    public double EmpiricalFisherTrace { get; init; }

    public double[]? Top { get; init; }

    public int Batch { get; init; }

    public double Rate { get; init; }

    public double Momentum { get; init; }

    public double Decay { get; init; }

    public TrainedEpoch[]? Epochs { get; init; }

    [JsonIgnore]
    public Loss LossKind => Quotient.Loss.Parse(Loss);

    [JsonIgnore]
    public Model Model
    {
        get
        {
            var network = Network.Parse(Arch);
            return new(
                network, Fill(network.Tensors, Tensors, "theta"), Precision.Double, Fill(network.Buffers, Buffers, "buffers"));
        }
    }

    [JsonIgnore]
    public double[] V => Hashed((int)Network.Parse(Arch).ParameterCount, Seeds["v"]);

    [JsonIgnore]
    public Dataset Data
    {
        get
        {
            var network = Network.Parse(Arch);
            var inputs = SampleStore.Doubles(Inputs(network.Input), network.Input.Size);
            int outputs = network.Output.Size;
            return Labels is null
                ? Dataset.Regression(Arch, network.Input, inputs, SampleStore.Doubles(Hashed(Samples * outputs, Seeds["targets"]), outputs))
                : Dataset.Classification(Arch, network.Input, inputs, Labels, outputs);
        }
    }

    /// <summary>The case of a file.</summary>
    public static ConvolutionalCase Read(string path) => JsonSerializer.Deserialize<ConvolutionalCase>(File.ReadAllText(path), Format)!;

    /// <summary>All cases of a file that holds a list.</summary>
    public static IReadOnlyList<ConvolutionalCase> ReadAll(string path) =>
        JsonSerializer.Deserialize<ConvolutionalCase[]>(File.ReadAllText(path), Format)!;

    public override string ToString() => Arch;

    private double[] Inputs(Shape shape)
    {
        double[] values = Hashed(Samples * shape.Size, Seeds["x"]);
        for (int i = 0; i < values.Length; i++)
        {
            int x = i % shape.Width, y = i / shape.Width % shape.Height, n = i / shape.Size;
            int c = i / (shape.Width * shape.Height) % shape.Channels;
            values[i] = ((((3 * y) + (5 * x * (c + 1)) + (2 * n * y)) % 16) / 16.0) + (values[i] / 2);
        }

        return values;
    }

    private double[] Fill(IReadOnlyList<NetworkTensor> tensors, ValueRange[] ranges, string what)
    {
        double[] values = Hashed((int)tensors.Sum(tensor => tensor.Size), Seeds[what]);
        foreach (var (tensor, range) in tensors.Zip(ranges))
        {
            foreach (ref double value in values.AsSpan((int)tensor.Offset, (int)tensor.Size))
            {
                value = range.Offset + (range.Scale * value);
            }
        }

        return values;
    }

    /// <summary>Two multiplications and two shifts of the index, modulo 2³².</summary>
    private static double[] Hashed(int count, uint seed) => [.. Enumerable.Range(0, count).Select(i =>
    {
        uint h = unchecked((2654435761u * (uint)i) + seed);
        h ^= h >> 16;
        h = unchecked(2246822519u * h);
        h ^= h >> 13;
        return (h / 4294967296.0) - 0.5;
    })];
}

/// <summary>The name of a tensor, and what its numbers are between: offset ± scale/2.</summary>
public sealed record ValueRange(string Name, double Offset, double Scale);

/// <summary>A long vector in short: its norm, its products with v and θ, and some entries.</summary>
public sealed record VectorSummary(double Norm, double DotV, double DotTheta, double[] Values);

/// <summary>Where an epoch of training led, and the loss there, with running statistics.</summary>
public sealed record TrainedEpoch(VectorSummary Theta, double[] Buffers, double Loss);
