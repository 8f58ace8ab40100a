namespace Quotient.Cli;

/// <summary>Writes a file whole or not at all.</summary>
internal static class WholeFile
{
    /// <summary>Writes text under a temporary name in the same folder, then renames it; does nothing without a path.</summary>
    public static void Write(string? path, string? text)
    {
        if (path is null)
        {
            return;
        }

        string partial = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            File.WriteAllText(partial, text);
            File.Move(partial, path, true);
        }
        finally
        {
            File.Delete(partial);
        }
    }
}
