namespace Quotient.Data;

/// <summary>The words that name data, taken apart: <c>source[:split][\[first:end\]]</c>.</summary>
/// <param name="Text">The words as given.</param>
/// <param name="Source">A named set, a file, or a generator with its parameters.</param>
/// <param name="Split"><c>train</c>, <c>test</c>, …; null where none was said.</param>
/// <param name="SampleRange">The samples asked for.</param>
internal sealed record DataSpec(string Text, string Source, string? Split, SampleRange SampleRange)
{
    public static DataSpec Parse(string text)
    {
        text = text.Trim();
        string rest = text;
        var selection = SampleRange.All;
        if (text.EndsWith(']'))
        {
            int open = text.LastIndexOf('[');
            if (open < 0)
            {
                throw new QuotientException($"data '{text}' ends in ']' but has no '['; a selection is written name[0:1000]");
            }

            selection = SampleRange.Parse(text, text[(open + 1)..^1]);
            rest = text[..open];
        }

        string? split = null;
        int colon = rest.LastIndexOf(':');
        // A colon after one letter is a Windows drive; after it, anything but a word belongs to a path.
        if (colon > 1 && rest[(colon + 1)..].All(c => char.IsAsciiLetterOrDigit(c) || c == '_'))
        {
            (rest, split) = (rest[..colon], rest[(colon + 1)..]);
        }

        return rest.Length == 0 || split?.Length == 0
            ? throw new QuotientException(
                $"data '{text}' is not understood; it is written name, name:train or name:train[0:1000]")
            : new(text, rest, split, selection);
    }
}
