using System.Buffers;
using System.Text;

namespace Quotient;

/// <summary>Text of others, made fit for a line on a terminal.</summary>
internal static class Text
{
    private const int Longest = 80, MostDimensions = 8;

    /// <summary>The text between quotes, cut where it is long, with '?' for what would break the line.</summary>
    public static string Quote(string text) => $"'{Plain(text, Longest)}'";

    /// <summary>The same without quotes, cut at another length.</summary>
    public static string Plain(string text, int longest) =>
        Plain(text.Length <= longest ? text : string.Concat(text.AsSpan(0, longest), "…"));

    /// <summary>
    /// The text with a mark for each character that is no part of a line or could steer the terminal: controls, marks of direction,
    /// what has no width, ends of lines, halves of pairs, and what no standard gives a meaning.
    /// </summary>
    public static string Plain(string text, char mark = '?', string except = "")
    {
        var plain = new StringBuilder(text.Length);
        for (var rest = text.AsSpan(); !rest.IsEmpty;)
        {
            bool isWhole = Rune.DecodeFromUtf16(rest, out var letter, out int length) == OperationStatus.Done;
            bool isPlain = isWhole && (IsPlain(Rune.GetUnicodeCategory(letter)) || except.Contains(rest[0]));
            _ = isPlain ? plain.Append(rest[..length]) : plain.Append(mark);
            rest = rest[length..];
        }

        return plain.ToString();
    }

    /// <summary>Dimensions as PyTorch prints them: <c>[512, 784]</c>.</summary>
    public static string Bracket<T>(IReadOnlyCollection<T> values) =>
        $"[{string.Join(", ", values.Take(MostDimensions))}{(values.Count > MostDimensions ? ", …" : "")}]";

    /// <summary>Whether surrogates come in pairs only.</summary>
    public static bool IsUnicode(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)) == text;

    private static bool IsPlain(UnicodeCategory category) => category
        is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
            or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
