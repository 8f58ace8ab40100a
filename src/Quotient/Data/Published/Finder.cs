namespace Quotient.Data.Published;

/// <summary>
/// Looks for a set in the folder that the user names, else in <c>QUOTIENT_DATA</c>, else in the user's cache, else downloads it to
/// there. A folder that the user keeps for the set is used as it is: nothing is downloaded to complete it.
/// </summary>
internal sealed class Finder(PublishedSet set, DataOptions options)
{
    public async Task<(string Folder, PublishedFile[] Files)> FindAsync(
        string spec, PublishedFile[][] groups, IProgress<DownloadProgress>? progress, CancellationToken cancellationToken)
    {
        foreach (var (from, directory) in Kept())
        {
            if (!Directory.Exists(directory))
            {
                throw new QuotientException($"the folder '{directory}' that {from} names does not exist");
            }

            string kept = Path.Combine(directory, set.Name);
            if (Directory.Exists(kept))
            {
                return (kept, Complete(kept, groups) ?? throw Incomplete(spec, kept, groups[0]));
            }
        }

        string folder = Path.Combine(CacheFolder(options), set.Name);
        if (Complete(folder, groups) is { } cached)
        {
            return (folder, cached);
        }

        await new SetDownload(set, options).IntoAsync(folder, groups[0], progress, cancellationToken).ConfigureAwait(false);
        return (folder, groups[0]);
    }

    /// <summary>The cache of this user.</summary>
    public static string CacheFolder(DataOptions options)
    {
        if (options.CacheDirectory is { } chosen)
        {
            return chosen;
        }

        if (OperatingSystem.IsWindows())
        {
            return Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "quotient");
        }

        // The XDG base directory specification says to ignore relative paths.
        string? cache = options.Variable("XDG_CACHE_HOME");
        return cache is not null && Path.IsPathRooted(cache)
            ? Path.Combine(cache, "quotient")
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache", "quotient");
    }

    private IEnumerable<(string From, string Directory)> Kept()
    {
        if (options.DataDirectory is { } directory)
        {
            yield return ("--data-dir", directory);
        }

        if (options.Variable("QUOTIENT_DATA") is { } variable)
        {
            yield return ("QUOTIENT_DATA", variable);
        }
    }

    private static PublishedFile[]? Complete(string folder, PublishedFile[][] groups) =>
        Array.Find(groups, group => Missing(folder, group).Count == 0);

    private static List<string> Missing(string folder, PublishedFile[] files) =>
        [.. files.Select(file => file.Name).Where(name => !File.Exists(Path.Combine(folder, name)))];

    private static QuotientException Incomplete(string spec, string folder, PublishedFile[] files) =>
        new($"data '{spec}' needs {string.Join(", ", Missing(folder, files))}, which the folder '{folder}' lacks");
}
