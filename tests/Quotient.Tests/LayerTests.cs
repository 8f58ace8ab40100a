using System.Text.RegularExpressions;
using NUnit.Framework;

namespace Quotient.Tests;

/// <summary>Layers point downwards: which folders of the library the sources of each may name.</summary>
public partial class LayerTests
{
    /// <summary>A folder, and those directly below it that it may use; what these may use it may use too.</summary>
    private static readonly Dictionary<string, string[]> Below = new()
    {
        ["Files"] = [],
        ["Backends"] = ["Files"],
        ["Results"] = [],
        ["Networks"] = ["Backends"],
        ["Data"] = ["Networks"],
        ["Linearisation"] = ["Data", "Results"],
        ["Operators"] = ["Linearisation"],
        ["Spectra"] = ["Operators"],
        ["Measures"] = ["Spectra"],
        ["Training"] = ["Operators"],
        ["Symmetry"] = ["Measures"],
        ["Diagnostics"] = ["Spectra", "Training"],
        ["Reports"] = ["Measures", "Symmetry", "Training", "Diagnostics"],
    };

    /// <summary>A linearisation leads to the operators that are views of it, as the front door leads to everything.</summary>
    private static readonly string[] Doors = [Path.Combine("Linearisation", "Linearisation.cs")];

    private static readonly string Library = Repository.At("src", "Quotient");

    public static IEnumerable<string> Folders() => Directory.GetDirectories(Library)
        .Select(folder => Path.GetFileName(folder)!)
        .Where(folder => folder is not ("bin" or "obj"))
        .Order(StringComparer.Ordinal);

    [TestCaseSource(nameof(Folders))]
    public void Nothing_points_up(string folder)
    {
        Assert.That(Below.Keys, Does.Contain(folder), "the table says where each folder stands");
        var allowed = Reachable(folder);
        var upward =
            from file in Directory.EnumerateFiles(Path.Combine(Library, folder), "*.cs", SearchOption.AllDirectories)
            let name = Path.GetRelativePath(Library, file)
            where !Doors.Contains(name)
            from Match named in Folder().Matches(File.ReadAllText(file))
            let other = named.Groups["folder"].Value
            where Below.ContainsKey(other) && !allowed.Contains(other)
            select $"{name}: {named.Value}";
        Assert.That(upward.Distinct(), Is.Empty);
    }

    private static HashSet<string> Reachable(string folder) =>
        [folder, .. Below[folder].SelectMany(below => Reachable(below))];

    /// <summary>A using directive, or a name that needs none.</summary>
    [GeneratedRegex(@"\bQuotient\.(?<folder>[A-Z]\w+)")]
    private static partial Regex Folder();
}
