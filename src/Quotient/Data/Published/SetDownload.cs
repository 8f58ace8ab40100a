using System.Formats.Tar;
using System.IO.Compression;

namespace Quotient.Data.Published;

/// <summary>Brings the files of a set to the cache.</summary>
internal sealed class SetDownload(PublishedSet set, DataOptions options)
{
    /// <summary>Downloads files that the folder lacks.</summary>
    public void Into(string folder, IReadOnlyList<PublishedFile> files) => Wait(async () =>
    {
        Directory.CreateDirectory(folder);
        if (set.Archive is { } archive)
        {
            await Fetch(archive, folder, temporary => Unpack(archive, temporary.Path, folder, files)).ConfigureAwait(false);
            return;
        }

        foreach (var file in files.Where(file => !File.Exists(Path.Combine(folder, file.Name))))
        {
            await Fetch(file, folder, temporary => temporary.Keep()).ConfigureAwait(false);
        }
    });

    private async Task Fetch(PublishedFile file, string folder, Action<TemporaryFile> use)
    {
        var failures = new List<string>();
        foreach (string address in Addresses())
        {
            using var temporary = new TemporaryFile(Path.Combine(folder, file.Name));
            try
            {
                await new Download(file, options).ToFile(new(address + file.Name), temporary.Path).ConfigureAwait(false);
                use(temporary);
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
    private void Unpack(PublishedFile archive, string path, string folder, IReadOnlyList<PublishedFile> needed)
    {
        var known = set.Splits.Values.Select(groups => groups[0]).SelectMany(files => files).ToDictionary(file => file.Name);
        using var stream = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
        using var tar = new TarReader(stream);
        while (tar.GetNextEntry() is { } entry)
        {
            options.Cancellation.ThrowIfCancellationRequested();
            if (entry.DataStream is not null && known.Remove(Path.GetFileName(entry.Name), out var file))
            {
                Unpack(entry, file, folder);
            }
        }

        var missing = needed.Where(file => known.ContainsKey(file.Name)).Select(file => file.Name).ToList();
        if (missing.Count > 0)
        {
            throw new QuotientException($"{set.Name}: {archive.Name} does not hold {string.Join(", ", missing)}");
        }
    }

    private void Unpack(TarEntry entry, PublishedFile file, string folder)
    {
        using var temporary = new TemporaryFile(Path.Combine(folder, file.Name));
        entry.ExtractToFile(temporary.Path, overwrite: false);
        file.Read(temporary.Path, $"{file.Name} in {set.Archive?.Name}");
        temporary.Keep();
    }

    private void Wait(Func<Task> work)
    {
        try
        {
            Task.Run(work, CancellationToken.None).GetAwaiter().GetResult();
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new QuotientException($"{set.Name}: cannot be kept in the cache: {InputFile.Clause(refused)}", refused);
        }
    }
}
