namespace Quotient;

/// <summary>
/// A file with a unique name, in the folder of the file that it is to become; removed when disposed, unless kept. It is locked as long as it
/// is open, so that what a killed process has left can be told from what a living one is writing.
/// </summary>
internal sealed class TemporaryFile : IDisposable
{
    private const string Ending = ".part";
    private const int Attempts = 10;

    private readonly string _target, _path;

    /// <param name="target">The file that it is to become.</param>
    /// <param name="mode">Who may read and write it; by default what the system gives new files.</param>
    public TemporaryFile(string target, UnixFileMode? mode = null)
    {
        _target = target;
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.Delete,
            UnixCreateMode = OperatingSystem.IsWindows() ? null : mode,
        };
        for (int attempt = 1; ; attempt++)
        {
            _path = Path.Combine(Path.GetDirectoryName(target) ?? "", $".{Path.GetFileName(target)}.{Guid.NewGuid():N}{Ending}");
            try
            {
                Stream = new FileStream(_path, options);
                return;
            }
            catch (IOException) when (attempt < Attempts)
            {
                // Another process, which looks for what is left over, came between its creation and its lock.
                WholeFile.Remove(_path);
            }
        }
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
                // Only what nobody else has open can be opened so.
                new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose).Dispose();
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

    private static bool IsTemporary(string path) =>
        Path.GetFileName(path).Split('.') is [.., var unique, _] && Guid.TryParseExact(unique, "N", out _);
}
