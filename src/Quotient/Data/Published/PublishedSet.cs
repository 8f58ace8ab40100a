namespace Quotient.Data.Published;

/// <summary>Makes a data set from files whose hashes were checked.</summary>
internal delegate Dataset SetReader(string name, IReadOnlyList<(string Name, byte[] Bytes)> files);

/// <summary>A published data set.</summary>
/// <param name="Name">Its name, and that of its folder.</param>
/// <param name="Addresses">Where its files are published, each ending in a slash; the first that works is used.</param>
/// <param name="Splits">For each split, the groups of files that make it up; the first group is the one published.</param>
/// <param name="Reader">Makes samples of a group.</param>
/// <param name="Archive">The gzipped tar in which the files are published, if they are not published one by one.</param>
internal sealed record PublishedSet(
    string Name,
    IReadOnlyList<string> Addresses,
    IReadOnlyDictionary<string, PublishedFile[][]> Splits,
    SetReader Reader,
    PublishedFile? Archive = null)
{
    /// <summary>Finds the files, or downloads them, checks and reads them.</summary>
    public async Task<Dataset> OpenAsync(
        DataSpec spec, DataOptions options, IProgress<DownloadProgress>? progress, CancellationToken cancellationToken)
    {
        if (!Splits.TryGetValue(spec.Split ?? "train", out var groups))
        {
            throw new QuotientException(
                $"data '{spec.Text}': {Name} has no split '{spec.Split}'; choose one of {string.Join(", ", Splits.Keys)}");
        }

        var (folder, files) = await new Finder(this, options).FindAsync(spec.Text, groups, progress, cancellationToken)
            .ConfigureAwait(false);
        var contents = files.Select(file => (Path.Combine(folder, file.Name), file.Read(folder))).ToList();
        return Reader(spec.Text, contents).From($"{string.Join(", ", files.Select(file => file.Name))} in {folder}");
    }
}
