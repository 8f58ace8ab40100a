using System.Security.Cryptography;

namespace Quotient.Data.Published;

/// <summary>A published file: its name and hash.</summary>
internal sealed record PublishedFile(string Name, string Sha256)
{
    /// <summary>The whole of the file; another content than the known one is an error.</summary>
    public byte[] Read(string folder) => Read(Path.Combine(folder, Name), Path.Combine(folder, Name));

    /// <summary>The same, of a file that lies elsewhere for now.</summary>
    public byte[] Read(string path, string shown)
    {
        byte[] bytes = InputFile.ReadAll(path);
        string seen = Convert.ToHexStringLower(SHA256.HashData(bytes));
        return seen == Sha256
            ? bytes
            : throw new QuotientException(
                $"{shown}: has the SHA-256 {seen}, expected {Sha256}: it is damaged or another file; remove it to have it downloaded");
    }
}

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
