using System.Text;

namespace Quotient.Reports;

/// <summary>Writes whole files or none.</summary>
internal static class ReportFile
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Writes text under a temporary name in the same folder, then renames it.</summary>
    /// <exception cref="QuotientException">The file cannot be written.</exception>
    public static void Write(string path, string text)
    {
        if (string.IsNullOrWhiteSpace(path))
        {
            throw new QuotientException("the report's path is empty; it must name a file");
        }

        string temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            File.WriteAllText(temporary, text, Utf8);
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception error) when (IsOfTheFile(error))
        {
            Remove(temporary);
            throw new QuotientException(
                $"cannot write the report '{path}' ({error.Message.TrimEnd('.')}); "
                + "it must name a file in a folder that exists and may be written",
                error);
        }
    }

    private static void Remove(string temporary)
    {
        try
        {
            File.Delete(temporary);
        }
        catch (Exception error) when (IsOfTheFile(error))
        {
            // The write's own error is the one to report.
        }
    }

    private static bool IsOfTheFile(Exception error) =>
        error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException;
}
