using System.Text.Json;
using System.Text.Json.Serialization;

namespace Quotient.Perf.Gpu;

/// <summary>Seconds of one call.</summary>
internal sealed record GpuSeconds(double Min, double Median);

/// <summary>One measurement by one program: ours, or a line that a peer printed.</summary>
/// <param name="Program">Whose.</param>
/// <param name="What">Of which problem; null where a whole program was skipped.</param>
/// <param name="Seconds">By the way it was done: <c>fp32</c>, <c>eager</c> …</param>
/// <param name="Skipped">Why there is nothing, where there is nothing.</param>
internal sealed record GpuLine(string Program, string? What, Dictionary<string, GpuSeconds>? Seconds, string? Skipped = null)
{
    public static readonly JsonSerializerOptions Style = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>What else the program said: errors, settings.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement> More { get; init; } = [];

    public static GpuLine Parse(string line) => JsonSerializer.Deserialize<GpuLine>(line, Style)!;

    public GpuLine With(string name, object value) =>
        this with { More = new(More) { [name] = JsonSerializer.SerializeToElement(value, Style) } };

    /// <summary>A figure among the rest, such as <c>error/fp32</c>; NaN where it is missing.</summary>
    public double Figure(string name, string? part = null)
    {
        if (!More.TryGetValue(name, out var element))
        {
            return double.NaN;
        }

        if (part is not null && !element.TryGetProperty(part, out element))
        {
            return double.NaN;
        }

        return element.ValueKind == JsonValueKind.Number ? element.GetDouble() : double.NaN;
    }

    public override string ToString() => JsonSerializer.Serialize(this, Style);
}
