using System.Text.RegularExpressions;

namespace Quotient;

/// <summary>Temporary files beside the file that they were to become, whose processes were killed.</summary>
internal static class Abandoned
{
    /// <summary>A file that is made is locked a moment later; so long it is left alone.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>All files, in a folder that may be listed.</summary>
    private static readonly EnumerationOptions All = new() { AttributesToSkip = 0, IgnoreInaccessible = true };

    /// <summary>A new name for what is to become a file.</summary>
    public static string NewName(string target) => $"{target}.{Guid.NewGuid():N}.tmp";

    /// <summary>
    /// Removes the temporary files of that name that nobody writes: a process locks its own, and its end, however it comes, unlocks them.
    /// </summary>
    public static void Remove(string target)
    {
        var name = new Regex($@"^{Regex.Escape(Path.GetFileName(target))}\.[0-9a-f]{{32}}\.tmp$", RegexOptions.CultureInvariant);
        var files = Directory.EnumerateFiles(Path.GetDirectoryName(target)!, "*", All).Where(file => name.IsMatch(Path.GetFileName(file)));
        files.ToList().ForEach(file => RemoveUnlessLocked(new(file)));
    }

    private static void RemoveUnlessLocked(FileInfo file)
    {
        try
        {
            if (file.Length > 0 || DateTime.UtcNow - file.LastWriteTimeUtc > Patience)
            {
                using var locked = file.Open(new FileStreamOptions
                {
                    Mode = FileMode.Open,
                    Access = FileAccess.ReadWrite,
                    Share = FileShare.None,
                    Options = FileOptions.DeleteOnClose,
                });
            }
        }
        catch (Exception error) when (WholeFile.IsOfFiles(error))
        {
            // Another run is writing it, or has just removed it.
        }
    }
}
