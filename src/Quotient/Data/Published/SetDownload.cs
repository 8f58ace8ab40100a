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
            await Fetch(archive, folder, temporary => Unpack(archive, temporary, folder, files)).ConfigureAwait(false);
            return;
        }

        foreach (var file in files.Where(file => !File.Exists(Path.Combine(folder, file.Name))))
        {
            string path = Path.Combine(folder, file.Name);
            await Fetch(file, folder, temporary => Keep(temporary, path)).ConfigureAwait(false);
        }
    });

    private async Task Fetch(PublishedFile file, string folder, Action<string> use)
    {
        var failures = new List<string>();
        foreach (string address in Addresses())
        {
            string temporary = OutputFile.TemporaryName(Path.Combine(folder, file.Name));
            try
            {
                await Download.ToFile(new Uri(address + file.Name), file, temporary, options.Progress, options.Cancellation)
                    .ConfigureAwait(false);
                use(temporary);
                return;
            }
            catch (DownloadException failed)
            {
                failures.Add($"{address}{file.Name} {failed.Message}");
            }
            finally
            {
                OutputFile.Discard(temporary);
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
        string path = Path.Combine(folder, file.Name), temporary = OutputFile.TemporaryName(path);
        try
        {
            entry.ExtractToFile(temporary, overwrite: false);
            file.Read(temporary, $"{file.Name} in {set.Archive?.Name}");
            Keep(temporary, path);
        }
        finally
        {
            OutputFile.Discard(temporary);
        }
    }

    /// <summary>Gives a checked file its name. Another process may have done so first, with the same content.</summary>
    private static void Keep(string temporary, string path)
    {
        try
        {
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception busy) when (busy is IOException or UnauthorizedAccessException && File.Exists(path))
        {
            // On Windows a file that another process has open cannot be replaced; nor need it be.
        }
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
