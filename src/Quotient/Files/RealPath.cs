namespace Quotient.Files;

/// <summary>Where a path leads when every link in it is followed, so that two names of one file are known for what they are.</summary>
public static class RealPath
{
    /// <summary>As many links as Linux follows.</summary>
    private const int MostLinks = 40;

    /// <summary>This process's own streams: links that name what nobody else can open by that name.</summary>
    internal static string Descriptors => $"/proc/{Environment.ProcessId}/fd/";

    /// <summary>The path without links. What does not exist is taken as it is.</summary>
    /// <exception cref="IOException">Links lead back to themselves.</exception>
    public static string Of(string path)
    {
        string full = Path.GetFullPath(path), root = Path.GetPathRoot(full)!, real = root;
        var parts = new Stack<string>(PartsOf(full[root.Length..]));
        int links = 0;
        while (parts.TryPop(out string? part))
        {
            string next = part == ".." ? Path.GetDirectoryName(real) ?? root : part == "." ? real : Path.Combine(real, part);
            if (next.StartsWith(Descriptors, StringComparison.Ordinal) || new FileInfo(next).LinkTarget is not { } target)
            {
                real = next;
                continue;
            }

            if (++links > MostLinks)
            {
                throw new IOException($"the link '{path}' leads back to itself");
            }

            real = Path.IsPathRooted(target) ? root : real;
            PartsOf(target).ToList().ForEach(parts.Push);
        }

        return real;
    }

    /// <summary>Whether two paths lead to one file: by the same name, or by names that the file system knows as one file's.</summary>
    public static bool IsSame(string path, string other) =>
        string.Equals(Of(path), Of(other), OperatingSystem.IsLinux() ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase)
        || (FileStatus.Of(path) is { Identity: { } identity } && FileStatus.Of(other)?.Identity == identity);

    /// <summary>The names in a path, the last one first.</summary>
    private static IEnumerable<string> PartsOf(string path) =>
        path.Split([Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar], StringSplitOptions.RemoveEmptyEntries).Reverse();
}
