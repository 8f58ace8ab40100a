using System.Text;

namespace Quotient;

/// <summary>Writes a file whole or not at all: to a temporary name in the same folder, then renamed.</summary>
public static class WholeFile
{
    /// <summary>The longest name of a file, in bytes: what file systems allow, 255, less the end of the temporary name.</summary>
    public const int LongestName = 255 - 37;

    /// <summary>Writes a file in place of any other of that name; on any error nothing is left of it.</summary>
    /// <exception cref="QuotientException">The file cannot be written there; the caller's sentence is to name it.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        QuotientException.ThrowIf(
            string.IsNullOrWhiteSpace(path) || path.Contains('\0') || Directory.Exists(path), $"it is not the name of a file");

        int length = Encoding.UTF8.GetByteCount(Path.GetFileName(path));
        QuotientException.ThrowIf(length > LongestName, $"its name has {length} bytes; it must have at most {LongestName}");
        QuotientException.ThrowIf(
            !Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(path))), $"it must be in a folder that exists");

        string temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception error)
        {
            Remove(temporary);
            if (IsOfFiles(error))
            {
                // The temporary name means nothing to the user.
                string message = error.Message.Replace(Path.GetFileName(temporary), Path.GetFileName(path));
                throw new QuotientException(message, error);
            }

            throw;
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
}
