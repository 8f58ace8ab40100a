using System.Text.Json;
using System.Text.RegularExpressions;
using NUnit.Framework;

namespace Quotient.Tests.Reports;

/// <summary>The fields of JSON that the README of the reports lists, by kind of report.</summary>
internal static class Schema
{
    private static readonly string[] Common = ["every report", "every report on a network and data"];

    private static readonly Dictionary<string, HashSet<string>> Sections = File.ReadAllText(Repository.At("src", "Quotient", "Reports", "README.md"))
        .Split("\n| **").Skip(1).ToDictionary(section => section.Split("**")[0], FieldsOf);

    /// <summary>The kinds of report that are listed.</summary>
    public static IEnumerable<string> Kinds => Sections.Keys.Except(Common);

    /// <summary>The fields that are listed for one kind alone.</summary>
    public static IReadOnlySet<string> Of(string kind) => Sections[kind];

    /// <summary>Fails where a file has a field that is not listed for its kind.</summary>
    public static void AssertListed(JsonElement json)
    {
        string kind = json.GetProperty("report").GetString()!;
        Assert.That(json.GetProperty("schema").GetInt32(), Is.EqualTo(Quotient.Reports.Report.Schema));
        Assert.That(Kinds, Does.Contain(kind));
        var listed = Common.Append(kind).SelectMany(section => Sections[section]).ToHashSet();
        // A layer has the fields of a whole spectrum.
        Assert.That(Paths(json).Where(path => !Has(path) && !Has(path.Replace("layers[].", ""))), Is.Empty);

        // What is null or empty here may have fields of its own elsewhere.
        bool Has(string path) => listed.Any(one => one == path || Begins(one, $"{path}.") || Begins(one, $"{path}[]"));
        static bool Begins(string one, string start) => one.StartsWith(start, StringComparison.Ordinal);
    }

    /// <summary>The names of all values, dotted, with <c>[]</c> for elements of lists.</summary>
    public static IEnumerable<string> Paths(JsonElement json, string path = "") => (json.ValueKind switch
    {
        JsonValueKind.Object => json.EnumerateObject().SelectMany(field => Paths(field.Value, path.Length == 0 ? field.Name : $"{path}.{field.Name}")),
        JsonValueKind.Array when json.GetArrayLength() > 0 => json.EnumerateArray().SelectMany(item => Paths(item, $"{path}[]")),
        _ => [path],
    }).Distinct();

    private static HashSet<string> FieldsOf(string section) =>
    [
        .. Regex.Matches(section, @"^\| (`[^|]+) \|", RegexOptions.Multiline)
            .SelectMany(row => Regex.Matches(row.Groups[1].Value, "`([^`]+)`")).Select(field => field.Groups[1].Value),
    ];
}
