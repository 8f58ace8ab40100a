using Quotient.Files;

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
        (string From, string? Directory)[] kept = [("--data-dir", options.DataDirectory), ("QUOTIENT_DATA", options.Variable("QUOTIENT_DATA"))];
        foreach (var (from, directory) in kept.Where(named => named.Directory is not null))
        {
            QuotientException.ThrowIf(!Directory.Exists(directory), $"the folder '{directory}' that {from} names does not exist");
            string own = Path.Combine(directory!, set.Name);
            if (Directory.Exists(own))
            {
                return (own, Complete(own, groups) ?? throw Incomplete(spec, own, groups[0]));
            }
        }

        string folder = Path.Combine(CacheFolder(options) ?? throw Homeless(), set.Name);
        if (Complete(folder, groups) is { } cached)
        {
            return (folder, cached);
        }

        await new SetDownload(set, options).IntoAsync(folder, groups[0], progress, cancellationToken).ConfigureAwait(false);
        return (folder, groups[0]);
    }

    /// <summary>The cache for downloads; null where there is no home folder.</summary>
    public static string? CacheFolder(DataOptions options) => options.CacheDirectory ?? UserFolders.Cache(options.Variable);

    private QuotientException Homeless() => new(
        $"{set.Name}: there is no home folder to keep a download in; name a folder for it in XDG_CACHE_HOME, or one that holds {set.Name} in QUOTIENT_DATA");

    private static PublishedFile[]? Complete(string folder, PublishedFile[][] groups) =>
        Array.Find(groups, group => Missing(folder, group).Count == 0);

    private static List<string> Missing(string folder, PublishedFile[] files) =>
        [.. files.Select(file => file.Name).Where(name => !File.Exists(Path.Combine(folder, name)))];

    private static QuotientException Incomplete(string spec, string folder, PublishedFile[] files) =>
        new($"data '{spec}' needs {string.Join(", ", Missing(folder, files))}, which the folder '{folder}' lacks");
}
