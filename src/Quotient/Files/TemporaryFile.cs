using System.Collections.Concurrent;

namespace Quotient.Files;

/// <summary>
/// A file with a unique name, in the folder of the file that it is to become; removed when disposed, unless kept. It is locked as long as it
/// is open, so that what a killed process has left can be told from what a living one is writing.
/// </summary>
internal sealed class TemporaryFile : IDisposable
{
    /// <summary>Bytes that its name has beyond that of what it is to become.</summary>
    public const int Suffix = 37;

    private const string Ending = ".tmp";
    private const int Attempts = 10;

    /// <summary>After so long a file is left over, where locks tell nothing.</summary>
    private static readonly TimeSpan Long = TimeSpan.FromHours(1);

    private static readonly EnumerationOptions Files = new() { AttributesToSkip = FileAttributes.Directory, IgnoreInaccessible = true };

    /// <summary>Those of this process.</summary>
    private static readonly ConcurrentDictionary<string, bool> Unfinished = new();

    private readonly string _target, _path;

    /// <param name="target">The file that it is to become.</param>
    /// <param name="mode">Who may read and write it; by default what the system gives new files.</param>
    public TemporaryFile(string target, UnixFileMode? mode = null)
    {
        _target = target;
        (_path, Stream) = Create(target, mode);
        Unfinished[_path] = true;
    }

    /// <summary>What it holds, to be written and read.</summary>
    public FileStream Stream { get; }

    /// <summary>Its name, which means nothing to users.</summary>
    public string Name => Path.GetFileName(_path);

    /// <summary>Removes what killed processes have left in a folder, of one file or of any.</summary>
    public static void RemoveStale(string folder, string? target = null)
    {
        foreach (string path in Directory.EnumerateFiles(folder, $"*{Ending}", Files).Where(path => IsOf(target, Path.GetFileName(path))))
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

    /// <summary>Removes those of this process, which is about to end by force.</summary>
    public static void RemoveUnfinished() => Unfinished.Keys.ToList().ForEach(WholeFile.Remove);

    /// <summary>Gives the file its name, in place of any other; while it is still locked.</summary>
    /// <exception cref="IOException">The other cannot be replaced; then this is kept beside it, and the message says where.</exception>
    public void Keep()
    {
        try
        {
            Rename();
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException && File.Exists(_target))
        {
            string beside = $"{_target}.new";
            File.Move(_path, beside, overwrite: true);
            throw new IOException($"it cannot be replaced; what was to take its place is '{beside}'", refused);
        }
    }

    /// <summary>Gives the file its name, unless another process, which would have the same content for it, keeps that busy.</summary>
    public void KeepUnlessBusy()
    {
        try
        {
            Rename();
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
        Unfinished.TryRemove(_path, out _);
    }

    private void Rename()
    {
        Stream.Flush();
        File.Move(_path, _target, overwrite: true);
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
            string path = $"{target}.{Guid.NewGuid():N}{Ending}";
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

    private static bool IsOf(string? target, string name) =>
        name.Length > Suffix && Guid.TryParseExact(name.AsSpan(name.Length - Suffix + 1, Suffix - 1 - Ending.Length), "N", out _)
        && name[^Suffix] == '.' && (target is null || name.AsSpan(0, name.Length - Suffix).SequenceEqual(target));
}
