using System.Globalization;
using System.Text;
using System.Text.Json;
using Quotient.Backends.Gpu;

namespace Quotient.Perf.Tuning;

/// <summary>What the tuner has found for a device, as <c>kernels/tuned</c> holds it.</summary>
internal sealed class TunedFile(string device)
{
    private readonly List<(TunedKey Key, KernelTile Tile, double Gain)> _found = [];

    /// <summary>How many tiles it has.</summary>
    public int Count => _found.Count;

    public void Add(TunedKey key, KernelTile tile, double gain) => _found.Add((key, tile, gain));

    /// <summary>Writes what was found, if anything was, to a file that a reader never sees half-written.</summary>
    public void WriteIfAny(string path)
    {
        if (Count == 0)
        {
            return;
        }

        byte[] text = Encoding.UTF8.GetBytes(ToString());
        _ = TunedValues.Parse(text, path);
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        File.WriteAllBytes($"{path}.new", text);
        File.Move($"{path}.new", path, true);
    }

    /// <summary>One tile a line.</summary>
    public override string ToString() =>
        $$"""
        {
          "device": {{JsonSerializer.Serialize(device)}},
          "tiles": [
        {{string.Join(",\n", _found.Select(Line))}}
          ]
        }

        """;

    private static string Line((TunedKey Key, KernelTile Tile, double Gain) found)
    {
        string values = string.Join(", ", found.Tile.Values.Select(value => $"\"{value.Name}\": {value.Value}"));
        string gain = found.Gain.ToString("F2", CultureInfo.InvariantCulture);
        string place = $"\"kernel\": \"{found.Key.Kernel}\", \"real\": \"{found.Key.Real}\", \"shape\": \"{found.Key.Shape}\"";
        return $$"""    { {{place}}, "gain": {{gain}}, "values": { {{values}} } }""";
    }
}
