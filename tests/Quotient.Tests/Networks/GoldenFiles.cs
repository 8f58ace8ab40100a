using NUnit.Framework;

namespace Quotient.Tests.Networks;

/// <summary>Files that the scripts in Golden/networks wrote.</summary>
public static class GoldenFiles
{
    private static readonly string Folder = Path.Combine(TestContext.CurrentContext.TestDirectory, "Golden", "networks");

    /// <summary>Every model file, sorted by name.</summary>
    public static IReadOnlyList<string> Models { get; } =
        [.. Directory.GetFiles(Folder, "*.safetensors").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    public static string At(string name) => Path.Combine(Folder, name);
}
