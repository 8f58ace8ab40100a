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
            : ReadOrGenerate(spec);
        return spec.SampleRange.Of(whole);
    }

    private static Dataset ReadOrGenerate(DataSpec spec)
    {
        if (Generator.TryParse(spec) is { } generator)
        {
            return generator.Generate();
        }

        return Path.GetExtension(spec.Source).ToUpperInvariant() switch
        {
            ".NPZ" => Npz.Read(spec.Source, spec.Split, spec.Text),
            ".CSV" when spec.Split is null => Csv.Read(spec.Source, spec.Text),
            ".CSV" => throw new QuotientException($"data '{spec.Text}': a CSV file has no splits, but '{spec.Split}' was asked for"),
            _ => throw new QuotientException(
                $"data '{spec.Source}' is unknown; choose one of {string.Join(", ", Catalogue.Names)}, one of the generators "
                + $"{string.Join(", ", Generator.Names)}, or a file that ends in .npz or .csv"),
        };
    }
}
