using System.Formats.Tar;
using System.IO.Compression;
using Quotient.Files;

namespace Quotient.Data.Published;

/// <summary>Brings the files of a set to the cache.</summary>
internal sealed class SetDownload(PublishedSet set, DataOptions options)
{
    /// <summary>Downloads files that the folder lacks.</summary>
    public async Task IntoAsync(
        string folder, IReadOnlyList<PublishedFile> files, IProgress<DownloadProgress>? progress, CancellationToken cancellationToken)
    {
        try
        {
            UserFolders.Create(folder);
            TemporaryFile.RemoveStale(folder);
            if (set.Archive is { } archive)
            {
                Task Unpack(TemporaryFile temporary) => UnpackAsync(archive, temporary.Stream, folder, files, cancellationToken);
                await FetchAsync(archive, folder, Unpack, progress, cancellationToken).ConfigureAwait(false);
                return;
            }

            foreach (var file in files.Where(file => !File.Exists(Path.Combine(folder, file.Name))))
            {
                await FetchAsync(file, folder, Keep, progress, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new QuotientException($"{set.Name}: cannot be kept in the cache: {InputFile.Clause(refused)}", refused);
        }
    }

    private static Task Keep(TemporaryFile temporary)
    {
        temporary.KeepUnlessBusy();
        return Task.CompletedTask;
    }

    private async Task FetchAsync(
        PublishedFile file, string folder, Func<TemporaryFile, Task> use, IProgress<DownloadProgress>? progress,
        CancellationToken cancellationToken)
    {
        var failures = new List<string>();
        foreach (string address in Addresses())
        {
            using var temporary = new TemporaryFile(Path.Combine(folder, file.Name));
            try
            {
                await new Download(file, options.Patience).ToStreamAsync(new(address + file.Name), temporary.Stream, progress, cancellationToken)
                    .ConfigureAwait(false);
                await use(temporary).ConfigureAwait(false);
                return;
            }
            catch (DownloadException failed)
            {
                failures.Add($"{address}{file.Name} {failed.Message}");
            }
        }

        throw new QuotientException($"{set.Name}: {file.Name} could not be downloaded: {string.Join("; ", failures)}");
    }

    private IEnumerable<string> Addresses()
    {
        string? mirror = options.Mirror ?? options.Variable("QUOTIENT_MIRROR");
        if (mirror is null)
        {
            return set.Addresses;
        }

        return Uri.TryCreate(mirror, UriKind.Absolute, out var uri) && (uri.Scheme == "http" || uri.Scheme == "https")
            ? [$"{mirror.TrimEnd('/')}/{set.Name}/"]
            : throw new QuotientException($"the mirror '{mirror}' is not an address that begins with http:// or https://");
    }

    /// <summary>Takes the files out of a gzipped tar; each is checked before it gets its name.</summary>
    private async Task UnpackAsync(
        PublishedFile archive, Stream packed, string folder, IReadOnlyList<PublishedFile> needed, CancellationToken cancellationToken)
    {
        var known = set.Splits.Values.Select(groups => groups[0]).SelectMany(files => files).ToDictionary(file => file.Name);
        packed.Position = 0;
        using var stream = new GZipStream(packed, CompressionMode.Decompress, leaveOpen: true);
        using var tar = new TarReader(stream);
        while (await tar.GetNextEntryAsync(cancellationToken: cancellationToken).ConfigureAwait(false) is { } entry)
        {
            if (entry.DataStream is { } content && known.Remove(Path.GetFileName(entry.Name), out var file))
            {
                string shown = $"{set.Name}: {file.Name} in {archive.Name}";
                byte[] bytes = new byte[content.Length == file.Length ? file.Length : throw PublishedFile.Differs(shown, file.WrongLength(content.Length))];
                await content.ReadExactlyAsync(bytes, cancellationToken).ConfigureAwait(false);
                if (file.Difference(bytes) is { } difference)
                {
                    throw PublishedFile.Differs(shown, difference);
                }

                using var temporary = new TemporaryFile(Path.Combine(folder, file.Name));
                await temporary.Stream.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
                temporary.KeepUnlessBusy();
            }
        }

        var missing = needed.Where(file => known.ContainsKey(file.Name)).Select(file => file.Name).ToList();
        QuotientException.ThrowIf(missing.Count > 0, $"{set.Name}: {archive.Name} does not hold {string.Join(", ", missing)}");
    }
}
