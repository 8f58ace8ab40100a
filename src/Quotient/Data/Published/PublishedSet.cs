using System.Security.Cryptography;

namespace Quotient.Data.Published;

/// <summary>A published file: its name, its length in bytes and its hash.</summary>
internal sealed record PublishedFile(string Name, long Length, string Sha256)
{
    /// <summary>The whole of the file; another content than the known one is an error.</summary>
    public byte[] Read(string folder)
    {
        string path = Path.Combine(folder, Name);
        const string Remedy = "; remove it to have it downloaded";
        long length = InputFile.Guard(path, () => new FileInfo(path).Length);
        if (length != Length)
        {
            throw Differs(path, WrongLength(length), Remedy);
        }

        byte[] bytes = InputFile.ReadAll(path);
        return Difference(bytes) is { } difference ? throw Differs(path, difference, Remedy) : bytes;
    }

    /// <summary>How a file differs from the known one, as the part of a sentence that follows its name; null where it does not.</summary>
    public string? Difference(ReadOnlySpan<byte> bytes) =>
        bytes.Length != Length ? WrongLength(bytes.Length) : WrongHash(SHA256.HashData(bytes));

    /// <summary>The same of a file of the right length, by its SHA-256.</summary>
    public string? WrongHash(byte[] hash)
    {
        string seen = Convert.ToHexStringLower(hash);
        return seen == Sha256 ? null : $"has the SHA-256 {seen}, expected {Sha256}";
    }

    /// <summary>The same of a file of another length.</summary>
    public string WrongLength(long length) => FormattableString.Invariant($"has {length} bytes, expected {Length}");

    /// <summary>The error for a file that differs.</summary>
    public static QuotientException Differs(string shown, string difference, string remedy = "") =>
        new($"{shown}: {difference}: it is damaged or another file{remedy}");
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
