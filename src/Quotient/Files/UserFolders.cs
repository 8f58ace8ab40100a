namespace Quotient.Files;

/// <summary>Where this user's own files are, and where the caches live: what can be made or downloaded again.</summary>
internal static class UserFolders
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>The home folder, be it there or not; null where there is none.</summary>
    public static string? Home => Known(Environment.SpecialFolder.UserProfile);

    /// <summary>
    /// The cache: the folder <c>quotient</c> in <c>XDG_CACHE_HOME</c>, else in <c>~/.cache</c>, on Windows in the local application data, be it there
    /// or not; null where there is no home folder.
    /// </summary>
    /// <param name="variable">Reads an environment variable; null where it is unset.</param>
    public static string? Cache(Func<string, string?> variable)
    {
        // The XDG base directory specification says to ignore relative paths.
        string? cache = OperatingSystem.IsWindows() ? Known(Environment.SpecialFolder.LocalApplicationData)
            : variable("XDG_CACHE_HOME") is { } named && Path.IsPathRooted(named) ? named
            : Home is { } home ? Path.Combine(home, ".cache")
            : null;
        return cache is null ? null : Path.Combine(cache, "quotient");
    }

    /// <summary>Makes a folder and those above it as far as they are missing, for their owner alone, as the specification says.</summary>
    public static void Create(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else if (!Directory.Exists(folder))
        {
            // At once, only the last of them would be the owner's alone.
            Create(Path.GetDirectoryName(Path.GetFullPath(folder))!);
            Directory.CreateDirectory(folder, OwnerOnly);
        }
    }

    /// <summary>A folder of the system's, there or not; .NET gives none or the root where the user has none.</summary>
    private static string? Known(Environment.SpecialFolder name)
    {
        string folder = Environment.GetFolderPath(name, Environment.SpecialFolderOption.DoNotVerify);
        return Path.IsPathRooted(folder) && Path.GetPathRoot(folder) != folder ? folder : null;
    }
}
