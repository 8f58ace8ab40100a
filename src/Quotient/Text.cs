using System.Text;

namespace Quotient;

/// <summary>Text from a file, made fit for an error message.</summary>
internal static class Text
{
    private const int Longest = 80, MostDimensions = 8;

    /// <summary>The text between quotes, cut where it is long, with '?' for what would break the line.</summary>
    public static string Quote(string text) => $"'{Plain(text, Longest)}'";

    /// <summary>The same without quotes, cut at another length.</summary>
    public static string Plain(string text, int longest)
    {
        string cut = text.Length <= longest ? text : string.Concat(text.AsSpan(0, longest), "…");
        return string.Concat(cut.Select(character => IsPlain(character) ? character : '?'));
    }

    /// <summary>Dimensions as PyTorch prints them: <c>[512, 784]</c>.</summary>
    public static string Bracket<T>(IReadOnlyCollection<T> values) =>
        $"[{string.Join(", ", values.Take(MostDimensions))}{(values.Count > MostDimensions ? ", …" : "")}]";

    /// <summary>Whether surrogates come in pairs only.</summary>
    public static bool IsUnicode(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)) == text;

    private static bool IsPlain(char character) => char.GetUnicodeCategory(character)
        is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
            or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
