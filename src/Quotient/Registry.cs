using System.Collections.Concurrent;

namespace Quotient;

/// <summary>Something that is found by its name: a kind of loss, of optimiser, of layer; a command.</summary>
public interface INamed
{
    /// <summary>The name, as it is written on the command line and in files.</summary>
    string Name { get; }
}

/// <summary>
/// The known kinds of one thing, by name. A kind registers itself in its own file, in a static method with
/// <c>[ModuleInitializer]</c>, so that no list names them all and nothing searches assemblies; other assemblies
/// register theirs in the same way, or by a call before the first use.
/// </summary>
/// <param name="noun">What an error calls one of them: "loss".</param>
public class Registry<TKind>(string noun) where TKind : INamed
{
    private readonly ConcurrentDictionary<string, TKind> _kinds = new();

    /// <summary>What an error calls one of them.</summary>
    public string Noun => noun;

    /// <summary>All of them, ordered by name.</summary>
    public IReadOnlyList<TKind> All => [.. _kinds.Values.OrderBy(kind => kind.Name, StringComparer.Ordinal)];

    /// <summary>The kind of that name.</summary>
    /// <exception cref="QuotientException">There is none.</exception>
    public TKind this[string name] => _kinds.TryGetValue(name, out var kind)
        ? kind
        : throw new QuotientException($"{noun} '{name}' is unknown; choose {Sentence.Or(All.Select(known => known.Name))}");

    /// <summary>Adds a kind.</summary>
    /// <exception cref="ArgumentException">The name is taken.</exception>
    public void Register(TKind kind)
    {
        if (!_kinds.TryAdd(kind.Name, kind))
        {
            throw new ArgumentException($"There is a {noun} '{kind.Name}' already.", nameof(kind));
        }
    }
}

/// <summary>Lists and counts in sentences.</summary>
public static class Sentence
{
    /// <summary><c>a</c>, <c>a or b</c>, <c>a, b or c</c>.</summary>
    public static string Or(IEnumerable<string> words) => Join([.. words], "or");

    /// <summary><c>a</c>, <c>a and b</c>, <c>a, b and c</c>.</summary>
    public static string And(IEnumerable<string> words) => Join([.. words], "and");

    /// <summary><c>1 value</c>, <c>2 values</c>.</summary>
    public static string Count(long count, string noun) => FormattableString.Invariant($"{count} {noun}{(count == 1 ? "" : "s")}");

    private static string Join(string[] words, string last) =>
        words.Length < 2 ? string.Concat(words) : $"{string.Join(", ", words[..^1])} {last} {words[^1]}";
}
