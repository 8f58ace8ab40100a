namespace Quotient.Data;

/// <summary>The progress of a download.</summary>
/// <param name="File">The file's name.</param>
/// <param name="Received">Bytes so far.</param>
/// <param name="Total">Bytes in total; null where the server does not say.</param>
public readonly record struct DownloadProgress(string File, long Received, long? Total);

/// <summary>Where data are looked for and downloaded from.</summary>
public sealed record DataOptions
{
    /// <summary>The folder to look in first, laid out as <c>&lt;folder&gt;/&lt;set&gt;/&lt;files&gt;</c>.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>
    /// Where downloads are kept; by default <c>quotient</c> in <c>XDG_CACHE_HOME</c> or <c>~/.cache</c>, on Windows in the
    /// local application data.
    /// </summary>
    public string? CacheDirectory { get; init; }

    /// <summary>
    /// The address to download from instead of the usual ones, laid out as <c>&lt;mirror&gt;/&lt;set&gt;/&lt;file&gt;</c>; by
    /// default <c>QUOTIENT_MIRROR</c>.
    /// </summary>
    public string? Mirror { get; init; }

    /// <summary>How long a server may send nothing before it is given up.</summary>
    internal TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Reads an environment variable; an empty one counts as unset.</summary>
    internal Func<string, string?> Environment { get; init; } = System.Environment.GetEnvironmentVariable;

    internal string? Variable(string name) => Environment(name) is { Length: > 0 } value ? value : null;
}
