using System.Text.Json;
using System.Text.Json.Serialization;

namespace Quotient.Cli;

/// <summary>Writes results that have no report of their own, whole or not at all.</summary>
internal static class ResultFile
{
    private static readonly JsonSerializerOptions Style = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>Writes <paramref name="value"/> as JSON, where a file was asked for.</summary>
    public static void WriteJson<T>(string? path, T value)
    {
        if (path is not null)
        {
            Write(path, JsonSerializer.Serialize(value, Style) + "\n");
        }
    }

    /// <summary>Writes text under a temporary name, then renames it.</summary>
    public static void Write(string path, string text)
    {
        string partial = $"{path}.{Guid.NewGuid():n}.tmp";
        try
        {
            File.WriteAllText(partial, text);
            File.Move(partial, path, true);
        }
        finally
        {
            File.Delete(partial);
        }
    }
}
