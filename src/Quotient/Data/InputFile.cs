using Quotient.Files;

namespace Quotient.Data;

/// <summary>Reads files, and turns every way in which that can fail into one sentence.</summary>
internal static class InputFile
{
    public static FileStream Open(string path) => Guard(path, () => Directory.Exists(path)
        ? throw new QuotientException($"'{path}' is a folder, expected a file")
        : new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete));

    /// <summary>The whole of a file, in memory of its size.</summary>
    public static byte[] ReadAll(string path)
    {
        using var file = Open(path);
        return Guard(path, () =>
        {
            byte[] bytes = HostArray.New<byte>(file.Length, () => path);
            file.ReadExactly(bytes);
            return bytes;
        });
    }

    public static T Guard<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new QuotientException($"the file '{path}' does not exist", missing);
        }
        catch (InvalidDataException damaged)
        {
            throw new QuotientException($"{path}: is damaged: {Clause(damaged)}", damaged);
        }
        catch (Exception refused) when (WholeFile.IsOfFiles(refused))
        {
            throw new QuotientException($"{path}: cannot be read: {Clause(refused)}", refused);
        }
    }

    /// <summary>What an exception says, as the end of a sentence.</summary>
    public static string Clause(Exception cause) => cause.Message.ReplaceLineEndings(" ").TrimEnd('.', ' ');

    /// <summary>Text out of a file, fit to be shown: its beginning, without control characters.</summary>
    public static string Printable(string text) => Text.Plain(text, 60);
}
