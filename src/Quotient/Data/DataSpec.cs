using Quotient.Data.Formats;
using Quotient.Data.Generators;
using Quotient.Data.Published;

namespace Quotient.Data;

/// <summary>Finds data by the words that name them.</summary>
internal static class DataSource
{
    public static async Task<Dataset> OpenAsync(
        string words, DataOptions options, IProgress<DownloadProgress>? progress, CancellationToken cancellationToken)
    {
        var spec = DataSpec.Parse(words);
        var whole = Catalogue.Find(spec.Source) is { } set
            ? await set.OpenAsync(spec, options, progress, cancellationToken).ConfigureAwait(false)
            : Generator.TryParse(spec)?.Generate() ?? Read(spec);
        return spec.SampleRange.Of(whole);
    }

    private static Dataset Read(DataSpec spec) => Path.GetExtension(spec.Source).ToUpperInvariant() switch
    {
        ".NPZ" => Npz.Read(spec.Source, spec.Split, spec.Text),
        ".CSV" when spec.Split is null => Csv.Read(spec.Source, spec.Text),
        ".CSV" => throw new QuotientException($"data '{spec.Text}': a CSV file has no splits, but '{spec.Split}' was asked for"),
        _ => throw new QuotientException(
            $"data '{spec.Source}' is unknown; choose one of {string.Join(", ", Catalogue.Names)}, one of the generators "
            + $"{string.Join(", ", Generator.Names)}, or a file that ends in .npz or .csv"),
    };
}

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
            QuotientException.ThrowIf(open < 0, $"data '{text}' ends in ']' but has no '['; a selection is written name[0:1000]");

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

/// <summary>Samples first … end − 1; a null end is the last.</summary>
internal readonly record struct SampleRange(int First, int? End)
{
    public static SampleRange All => new(0, null);

    /// <summary>Reads <c>a:b</c>, <c>a:</c>, <c>:b</c> or <c>:</c>.</summary>
    public static SampleRange Parse(string spec, string text)
    {
        string[] ends = text.Split(':');
        return ends.Length == 2
            ? new(Bound(spec, text, ends[0]) ?? 0, Bound(spec, text, ends[1]))
            : throw new QuotientException($"data '{spec}': the selection [{text}] must be [first:end], such as [0:1000]");
    }

    /// <summary>The samples asked for; all that are asked for must exist.</summary>
    public Dataset Of(Dataset whole)
    {
        int end = End ?? whole.Count;
        string from = whole.Origin is null ? "" : $" (read from {whole.Origin})";
        QuotientException.ThrowIf(
            end > whole.Count || First >= whole.Count,
            $"data '{whole.Name}' selects samples {First} to {end - 1}, but there are only {whole.Count}{from}");
        QuotientException.ThrowIf(First >= end, $"data '{whole.Name}' selects no samples: {First} is not below {end}");

        return this == All ? whole : whole.Slice(First, end - First, whole.Name);
    }

    private static int? Bound(string spec, string text, string digits)
    {
        digits = digits.Trim();
        return digits.Length == 0 ? null
            : int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int bound) ? bound
            : throw new QuotientException(
                $"data '{spec}': '{digits}' in the selection [{text}] is not a whole number from 0 to {int.MaxValue}");
    }
}
