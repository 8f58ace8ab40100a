namespace Quotient.Networks;

/// <summary>Text from a file, made fit for an error message.</summary>
internal static class Text
{
    private const int Longest = 80, MostDimensions = 8;

    /// <summary>The text between quotes, cut where it is long, with '?' for what would break the line.</summary>
    public static string Quote(string text)
    {
        string cut = text.Length <= Longest ? text : string.Concat(text.AsSpan(0, Longest), "…");
        return $"'{string.Concat(cut.Select(character => IsPlain(character) ? character : '?'))}'";
    }

    /// <summary>Dimensions as PyTorch prints them: <c>[512, 784]</c>.</summary>
    public static string Bracket<T>(IReadOnlyCollection<T> values) =>
        $"[{string.Join(", ", values.Take(MostDimensions))}{(values.Count > MostDimensions ? ", …" : "")}]";

    private static bool IsPlain(char character) =>
        !char.IsControl(character) && !char.IsSurrogate(character) && character is not ('\u2028' or '\u2029');
}
