using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Quotient.Data;
using Quotient.Networks;
using Quotient.Networks.Layers;

namespace Quotient.Cases;

/// <summary>A random graph of layers on a few samples, with what PyTorch computed of it in float64.</summary>
public sealed class ResidualCase
{
    private static readonly JsonSerializerOptions Format = new() { PropertyNameCaseInsensitive = true };

    public required string Loss { get; init; }

    public required int[] Input { get; init; }

    public required GraphNode[] Nodes { get; init; }

    public required double[][] X { get; init; }

    public int[]? Labels { get; init; }

    public double[][]? Targets { get; init; }

    public required double[] Theta { get; init; }

    public required double[] V { get; init; }

    public required double LossValue { get; init; }

    public required double[] Gradient { get; init; }

    public required double[] HessianProduct { get; init; }

    public required double[] GaussNewtonProduct { get; init; }

    public required double[] Diagonal { get; init; }

    public required double Trace { get; init; }

    [JsonIgnore]
    public Loss LossKind => Quotient.Loss.Parse(Loss);

    [JsonIgnore]
    public Model Model => new(Network(), Theta, Precision.Double);

    [JsonIgnore]
    public Dataset Data
    {
        get
        {
            var inputs = SampleStore.Doubles(NetCase.Flat(X), X[0].Length);
            return Labels is null
                ? Dataset.Regression("random", Shape, inputs, SampleStore.Doubles(NetCase.Flat(Targets!), Targets![0].Length))
                : Dataset.Classification("random", Shape, inputs, Labels, Network().Output.Size);
        }
    }

    private Shape Shape => Input.Length == 1 ? new(Input[0]) : new(Input[0], Input[1], Input[2]);

    /// <summary>All cases of a file.</summary>
    public static IReadOnlyList<ResidualCase> ReadAll(string path) =>
        JsonSerializer.Deserialize<ResidualCase[]>(File.ReadAllText(path), Format)!;

    public override string ToString() => $"{Loss} {string.Join(' ', Nodes.Select(node => node.Type[0]))}";

    private Network Network()
    {
        var shapes = new List<Shape>();
        var nodes = new List<Node>();
        foreach (var (index, node) in Nodes.Index())
        {
            Shape[] inputs = [.. node.From.Select(from => from < 0 ? Shape : shapes[from])];
            Layer layer = node.Type switch
            {
                "dense" => new Dense(inputs[0].Size, node.Outputs, node.Bias),
                "relu" => new Relu(),
                "sum" => new Sum(),
                _ => new Flatten(),
            };
            shapes.Add(layer.Output(inputs));
            nodes.Add(new(index.ToString(CultureInfo.InvariantCulture), layer, node.From));
        }

        return new(Shape, nodes);
    }
}

/// <summary>A node of a graph.</summary>
public sealed record GraphNode(string Type, int[] From, int Outputs = 0, bool Bias = false);
