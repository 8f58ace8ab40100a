using System.Text;

namespace Quotient.Files;

/// <summary>
/// Writes a file whole or not at all: to a temporary name in the same folder, then renamed. A link stays, and what it leads to is
/// replaced; the owner and permissions of a file that is replaced stay. What goes by (a pipe, a terminal) is written to as it is.
/// </summary>
public static class WholeFile
{
    /// <summary>The longest name of a file, in bytes: what file systems allow, 255, less the end of the temporary name.</summary>
    public const int LongestName = 255 - TemporaryFile.Suffix;

    /// <summary>Writes a file in place of any other of that name; on any error nothing is left of it.</summary>
    /// <exception cref="QuotientException">The file cannot be written there; the caller's sentence is to name it.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        string temporary = "", target = path;
        try
        {
            target = Target(path);
            if (IsStream(path))
            {
                using var stream = OpenStream(target);
                write(stream);
                stream.Flush();
                return;
            }

            TemporaryFile.RemoveStale(Path.GetDirectoryName(target)!, Path.GetFileName(target));
            using var file = new TemporaryFile(target, ModeOf(target));
            temporary = file.Name;
            KeepOwnerAndPermissions(target, file.Stream);
            write(file.Stream);
            file.Stream.Flush(flushToDisk: true);
            file.Keep();
        }
        catch (Exception error) when (IsOfFiles(error))
        {
            // The temporary name means nothing to the user; nor does the argument by which the system says that a file is too large.
            string message = error is ArgumentOutOfRangeException ? "it would be larger than files may be here (ulimit -f)"
                : temporary.Length == 0 ? error.Message
                : error.Message.Replace(temporary, Path.GetFileName(target));
            throw new QuotientException(message, error);
        }
    }

    /// <summary>Writes text, in UTF-8 without a mark, in place of any other file of that name.</summary>
    /// <exception cref="QuotientException">The file cannot be written there; the sentence names it.</exception>
    public static void WriteText(string path, string text)
    {
        try
        {
            Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text)));
        }
        catch (QuotientException error)
        {
            throw new QuotientException($"cannot write '{path}': {error.Message.TrimEnd('.')}", error);
        }
    }

    /// <summary>
    /// Refuses a name that <see cref="Write"/> could not write now, before the work that leads to it; and removes what runs that were
    /// killed left of that name.
    /// </summary>
    /// <exception cref="QuotientException">The file cannot be written there; the caller's sentence is to name it.</exception>
    public static void Check(string path)
    {
        string folder = "";
        try
        {
            string target = Target(path);
            if (!IsStream(path))
            {
                folder = Path.GetDirectoryName(target)!;
                TemporaryFile.RemoveStale(folder, Path.GetFileName(target));
                using var probe = new TemporaryFile(target);
            }
        }
        catch (PathTooLongException error)
        {
            throw new QuotientException("its name is too long for the file system", error);
        }
        catch (Exception error) when (IsOfFiles(error))
        {
            throw new QuotientException(folder.Length > 0 ? $"its folder '{folder}' cannot be written to" : error.Message, error);
        }
    }

    /// <summary>Whether what is written there goes by, to a pipe, a terminal or a device: it is not replaced, nor can it be read again.</summary>
    public static bool IsStream(string path) => Number(RealPath.Of(path)) is not null || FileStatus.Of(path)?.Kind == FileKind.Stream;

    /// <summary>Removes the temporary files of this process, which is about to end by force.</summary>
    public static void RemoveUnfinished() => TemporaryFile.RemoveUnfinished();

    /// <summary>Whether an error is of the kind that a name, a disk or its permissions cause.</summary>
    public static bool IsOfFiles(Exception error) =>
        error is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException;

    /// <summary>Removes a file that was not finished, if that can be.</summary>
    internal static void Remove(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception error) when (IsOfFiles(error))
        {
            // The error that led here says more than this one.
        }
    }

    /// <summary>Where a name leads; refused where no file can be.</summary>
    private static string Target(string path)
    {
        QuotientException.ThrowIf(string.IsNullOrWhiteSpace(path) || (Path.GetFileName(path) is { Length: > 0 } name && string.IsNullOrWhiteSpace(name)) || path.Contains('\0'), $"it is not the name of a file to write");
        QuotientException.ThrowIf(
            Path.EndsInDirectorySeparator(path) || Directory.Exists(path), $"it is a folder, not the name of a file to write");

        string target = RealPath.Of(path), folder = Path.GetDirectoryName(target)!;
        if (Number(target) is { } number)
        {
            QuotientException.ThrowIf(!Descriptor.IsInherited(number), $"it is closed");
            return target;
        }

        QuotientException.ThrowIf(
            FileStatus.Of(target)?.Kind == FileKind.Other, $"it is neither an ordinary file nor a stream that can be written");

        int length = Encoding.UTF8.GetByteCount(Path.GetFileName(target));
        QuotientException.ThrowIf(length > LongestName, $"its name has {length} bytes; it must have at most {LongestName}");
        QuotientException.ThrowIf(!Directory.Exists(folder), $"its folder '{folder}' does not exist; create it first");
        return target;
    }

    /// <summary>Who may read and write a file that is to be replaced: what replaces it is never more open than it will be.</summary>
    private static UnixFileMode? ModeOf(string target) =>
        !OperatingSystem.IsWindows() && File.Exists(target) ? File.GetUnixFileMode(target) : null;

    private static void KeepOwnerAndPermissions(string target, FileStream stream)
    {
        if (!OperatingSystem.IsWindows() && File.Exists(target))
        {
            FileStatus.Of(target)?.GiveToOwner(stream.SafeFileHandle);
            File.SetUnixFileMode(stream.SafeFileHandle, File.GetUnixFileMode(target));
        }
    }

    private static Stream OpenStream(string target) => Number(target) is { } number
        ? Descriptor.Open(number)
        : new FileStream(target, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);

    /// <summary>The number of a stream that this process was handed; null for any other file.</summary>
    private static int? Number(string target) =>
        target.StartsWith(RealPath.Descriptors, StringComparison.Ordinal)
        && int.TryParse(target.AsSpan(RealPath.Descriptors.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? number
            : null;
}
