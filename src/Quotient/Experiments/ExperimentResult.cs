using System.Text.Json.Serialization;

namespace Quotient.Experiments;

/// <summary>What an experiment found.</summary>
/// <param name="Name">The experiment.</param>
/// <param name="Statements">The statements in their order.</param>
/// <param name="Studies">What they are judged by.</param>
public sealed record ExperimentResult(string Name, IReadOnlyList<StatementResult> Statements, IReadOnlyList<StudyResult> Studies);

/// <summary>What becomes of a statement.</summary>
public enum Verdict
{
    /// <summary>Neither of the others.</summary>
    Undecided,

    /// <summary>All evidence agrees with it.</summary>
    Holds,

    /// <summary>Some evidence contradicts it.</summary>
    Fails,
}

/// <summary>Verdicts in words.</summary>
public static class Verdicts
{
    /// <summary><c>holds</c>, <c>fails</c> or <c>undecided</c>.</summary>
    public static string Word(this Verdict verdict) => verdict switch
    {
        Verdict.Holds => "holds",
        Verdict.Fails => "fails",
        _ => "undecided",
    };
}

/// <summary>A statement and what was found.</summary>
/// <param name="Statement">The statement, as a sentence.</param>
/// <param name="Evidence">What was found, with numbers.</param>
/// <param name="Verdict">What becomes of it.</param>
/// <param name="Checks">The figures that decided.</param>
public sealed record StatementResult(string Statement, string Evidence, Verdict Verdict, IReadOnlyList<StatementCheck> Checks);

/// <summary>A figure that is above 0 where a statement is true.</summary>
/// <param name="Study">The study that it is of.</param>
/// <param name="Figure">What it is.</param>
/// <param name="Interval">The figure with its interval; null where it is not defined.</param>
public sealed record StatementCheck(string Study, string Figure, Interval? Interval)
{
    /// <summary>Whether it agrees with the statement, as all of its interval is above 0.</summary>
    public bool Agrees => Interval is { IsAboveZero: true };

    /// <summary>Whether it contradicts it, as all of its interval is below 0.</summary>
    public bool Contradicts => Interval is { IsBelowZero: true };

    /// <summary>The verdict of several: that the statement fails where one of them contradicts it, that it holds where all agree.</summary>
    public static Verdict Decide(IReadOnlyList<StatementCheck> checks) => checks.Any(check => check.Contradicts) ? Verdict.Fails
        : checks.Count > 0 && checks.All(check => check.Agrees) ? Verdict.Holds
        : Verdict.Undecided;
}

/// <summary>Nets of one architecture on one data set.</summary>
/// <param name="DataSet">The data set.</param>
/// <param name="Kind">The kind of net: <c>relu</c>, <c>lenet</c>, <c>binary</c>.</param>
/// <param name="Landscape">Their landscape.</param>
/// <param name="Bends">Paths with one bend between some of them.</param>
public sealed record StudyResult(string DataSet, string Kind, LandscapeResult Landscape, IReadOnlyList<BentPair> Bends)
{
    /// <summary>Data set and kind.</summary>
    public string Name => $"{DataSet}/{Kind}";
}

/// <summary>A path with one bend between two aligned nets.</summary>
/// <param name="Group">Their group.</param>
/// <param name="First">The first net.</param>
/// <param name="Second">The second.</param>
/// <param name="EndError">The greater of their training errors.</param>
/// <param name="StraightError">The greatest training error along the path without a bend.</param>
/// <param name="TrainError">The greatest along the path with one.</param>
/// <param name="TestError">The greatest test error along it.</param>
public sealed record BentPair(
    string Group, string First, string Second, double EndError, double StraightError, double TrainError, double TestError);

/// <summary>A result in a file, with what it was computed from, and the hash of both.</summary>
internal sealed record Kept<T>(string Key, T Result, string Checksum);

/// <summary>Results as JSON.</summary>
[JsonSerializable(typeof(Kept<LandscapeResult>))]
[JsonSerializable(typeof(Kept<IReadOnlyList<BentPair>>))]
[JsonSerializable(typeof(OrderedDictionary<string, string>))]
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, IgnoreReadOnlyProperties = true)]
internal sealed partial class StoredResults : JsonSerializerContext;
