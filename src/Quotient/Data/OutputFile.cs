namespace Quotient.Data;

/// <summary>Files as they are written: to a temporary name in the same folder, then renamed, so that none is ever half-written.</summary>
internal static class OutputFile
{
    /// <summary>Writes a file from values on the stack or elsewhere.</summary>
    public static void WriteSpan<T>(string path, ReadOnlySpan<T> values, WriteAction<T> write)
    {
        string temporary = TemporaryName(path);
        try
        {
            using (var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write))
            {
                write(file, values);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new QuotientException($"{path}: cannot be written: {InputFile.Clause(refused)}", refused);
        }
        finally
        {
            Discard(temporary);
        }
    }

    /// <summary>A name in the same folder that nobody else uses.</summary>
    public static string TemporaryName(string path)
    {
        string folder = Path.GetDirectoryName(path) ?? "";
        return Path.Combine(folder, $".{Path.GetFileName(path)}.{Guid.NewGuid():N}.part");
    }

    /// <summary>Removes a temporary file that was not renamed.</summary>
    public static void Discard(string temporary)
    {
        try
        {
            File.Delete(temporary);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // The error that led here says more than the failure to tidy up after it.
        }
    }

    internal delegate void WriteAction<T>(Stream file, ReadOnlySpan<T> values);
}
