namespace Quotient;

/// <summary>
/// A file with a unique name, in the folder of the file that it is to become; removed when disposed, unless kept. It is locked as long as it
/// is open, so that what a killed process has left can be told from what a living one is writing.
/// </summary>
internal sealed class TemporaryFile : IDisposable
{
    private const string Ending = ".part";
    private const int Attempts = 10;

    /// <summary>After so long a file is left over, where locks tell nothing.</summary>
    private static readonly TimeSpan Long = TimeSpan.FromHours(1);

    private readonly string _target, _path;

    /// <param name="target">The file that it is to become.</param>
    /// <param name="mode">Who may read and write it; by default what the system gives new files.</param>
    public TemporaryFile(string target, UnixFileMode? mode = null)
    {
        _target = target;
        (_path, Stream) = Create(target, mode);
    }

    /// <summary>What it holds, to be written and read.</summary>
    public FileStream Stream { get; }

    /// <summary>Removes what killed processes have left in a folder.</summary>
    public static void RemoveStale(string folder)
    {
        var hidden = new EnumerationOptions { AttributesToSkip = FileAttributes.Directory };
        foreach (string path in Directory.EnumerateFiles(folder, $".*{Ending}", hidden).Where(IsTemporary))
        {
            try
            {
                // Only what nobody else has open can be opened so; but of other machines this tells nothing.
                if (new DriveInfo(folder).DriveType != DriveType.Network || DateTime.UtcNow - File.GetLastWriteTimeUtc(path) > Long)
                {
                    new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose).Dispose();
                }
            }
            catch (Exception error) when (WholeFile.IsOfFiles(error))
            {
                // It is being written, or gone, or another user's.
            }
        }
    }

    /// <summary>Gives the file, checked by now, its name. Another process may have done so first, with the same content.</summary>
    public void Keep()
    {
        Stream.Flush();
        try
        {
            File.Move(_path, _target, overwrite: true);
        }
        catch (Exception busy) when (busy is IOException or UnauthorizedAccessException && File.Exists(_target))
        {
            // On Windows a file that another process has open cannot be replaced; nor need it be.
        }
    }

    public void Dispose()
    {
        Stream.Dispose();
        WholeFile.Remove(_path);
    }

    private static (string Path, FileStream Stream) Create(string target, UnixFileMode? mode)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.Delete };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = mode;
        }

        for (int attempt = 1; ; attempt++)
        {
            string path = Path.Combine(Path.GetDirectoryName(target) ?? "", $".{Path.GetFileName(target)}.{Guid.NewGuid():N}{Ending}");
            try
            {
                // Another process, which removes what is left over, may come between its creation and its lock.
                var stream = new FileStream(path, options);
                if (File.Exists(path))
                {
                    return (path, stream);
                }

                stream.Dispose();
            }
            catch (IOException) when (attempt < Attempts)
            {
                // The same, and that process is still at it; anything else happens again.
            }
        }
    }

    private static bool IsTemporary(string path) =>
        Path.GetFileName(path).Split('.') is [.., var unique, _] && Guid.TryParseExact(unique, "N", out _);
}
