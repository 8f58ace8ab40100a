using System.Text.Json;
using System.Text.Json.Serialization;
using NUnit.Framework;

namespace Quotient.Tests.Networks.Import;

/// <summary>A file that PyTorch wrote, and what PyTorch and the onnx package know of it.</summary>
internal sealed class OnnxGolden
{
    private static readonly JsonSerializerOptions Format = new() { PropertyNameCaseInsensitive = true };

    private static readonly string Folder = Path.Combine(TestContext.CurrentContext.TestDirectory, "Golden", "onnx");

    private static readonly Dictionary<string, OnnxGolden> All = JsonSerializer.Deserialize<Dictionary<string, OnnxGolden>>(
        File.ReadAllText(Path.Combine(Folder, "expected.json")), Format)!;

    [JsonPropertyName("x")]
    public required double[] Inputs { get; init; }

    public required double[] Logits { get; init; }

    public required Stored[] Tensors { get; init; }

    public required Stored[] Buffers { get; init; }

    public static IEnumerable<string> Files => All.Keys.Where(name => name.EndsWith(".onnx", StringComparison.Ordinal));

    public static OnnxGolden Of(string file) => All[file];

    public static string At(string file) => Path.Combine(Folder, file);

    internal sealed record Stored(string Name, int[] Shape, double[] Values);
}
