using System.CommandLine;
using System.Text;
using System.Text.RegularExpressions;

namespace Quotient.Cli;

/// <summary>The files that a command will write, checked before hours of work rather than after them.</summary>
internal static class OutputPaths
{
    private static readonly string[] Devices = ["/dev/", "/proc/", "/sys/"];
    private static IReadOnlyList<string> _declared = [];

    /// <summary>
    /// Refuses an output whose folder is missing or closed to us, that is itself a folder or a device, that another option
    /// of this run also writes, or that this run reads.
    /// </summary>
    public static void Check(ParseResult parse)
    {
        var inputs = Given<InputOption>(parse).SelectMany(ReadFrom).ToList();
        var outputs = Given<OutputOption>(parse).ToList();
        var taken = new Dictionary<string, string>();
        foreach (var (option, path) in outputs)
        {
            CheckPlace(option, path);
            string real = Real(path);
            if (inputs.FirstOrDefault(input => input.Path == real) is { Option: { } read })
            {
                throw new QuotientException($"{option} is '{path}', which {read} reads; choose another name for the output");
            }

            if (!taken.TryAdd(real, option))
            {
                throw new QuotientException($"{option} is '{path}', which {taken[real]} writes too; choose another name");
            }
        }

        _declared = [.. taken.Keys];
    }

    /// <summary>Removes what <see cref="WholeFile"/> left beside the outputs of a run that was ended by force.</summary>
    public static void RemoveUnfinished()
    {
        foreach (string path in _declared.Where(path => Directory.Exists(Path.GetDirectoryName(path))))
        {
            var unfinished = new Regex($@"^{Regex.Escape(Path.GetFileName(path))}\.[0-9a-f]{{32}}\.tmp$");
            foreach (string file in Directory.EnumerateFiles(Path.GetDirectoryName(path)!))
            {
                if (unfinished.IsMatch(Path.GetFileName(file)))
                {
                    File.Delete(file);
                }
            }
        }
    }

    /// <summary>Refuses a folder that cannot be made or written to, and takes its files as outputs of this run.</summary>
    public static void CheckNewFolder(string option, string folder, params string[] files)
    {
        string full = Path.GetFullPath(folder);
        if (File.Exists(full))
        {
            throw new QuotientException($"{option} is '{folder}', which is a file; it must be the name of a folder");
        }

        CheckLength(option, folder, Path.GetFileName(full), 255);
        CheckFolder(option, folder, Directory.Exists(full) ? full : Path.GetDirectoryName(full)!);
        _declared = [.. _declared, .. files.Select(file => Path.Combine(full, file))];
    }

    private static IEnumerable<(string Option, string Path)> Given<TOption>(ParseResult parse) where TOption : Option<string?> =>
        parse.CommandResult.Command.Options.Concat(parse.RootCommandResult.Command.Options).OfType<TOption>()
            .Select(option => (option.Name, parse.GetValue(option)!))
            .Where(pair => pair.Item2 is not null);

    /// <summary>A data set's words may end in a split and a selection, which are no part of the file's name.</summary>
    private static IEnumerable<(string Option, string Path)> ReadFrom((string Option, string Path) given) =>
        Enumerable.Range(1, given.Path.Length)
            .Where(end => end == given.Path.Length || given.Path[end] is ':' or '[')
            .Select(end => given.Path[..end])
            .Where(File.Exists)
            .Select(path => (given.Option, Real(path)));

    private static void CheckPlace(string option, string path)
    {
        if (path.Length == 0 || path.Contains('\0'))
        {
            throw new QuotientException($"{option} is '{path}'; it must be the name of a file to write");
        }

        string full = Path.GetFullPath(path);
        if (Directory.Exists(full) || Path.EndsInDirectorySeparator(path))
        {
            throw new QuotientException($"{option} is '{path}', which is a folder; it must be the name of a file to write");
        }

        if (Devices.Any(folder => Real(path).StartsWith(folder, StringComparison.Ordinal)))
        {
            throw new QuotientException(
                $"{option} is '{path}', which is not an ordinary file; it must be the name of a file to write");
        }

        CheckLength(option, path, Path.GetFileName(full), WholeFile.LongestName);
        CheckFolder(option, path, Path.GetDirectoryName(full)!);
    }

    private static void CheckLength(string option, string path, string name, int most)
    {
        int length = Encoding.UTF8.GetByteCount(name);
        if (length > most)
        {
            throw new QuotientException($"{option} is '{path}', whose name has {length} bytes; it must have at most {most}");
        }
    }

    private static void CheckFolder(string option, string path, string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new QuotientException($"{option} is '{path}', but the folder '{folder}' does not exist; create it first");
        }

        try
        {
            string probe = Path.Combine(folder, $".quotient-{Guid.NewGuid():n}");
            const FileOptions Brief = FileOptions.DeleteOnClose;
            using var stream = new FileStream(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, Brief);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new QuotientException($"{option} is '{path}', but the folder '{folder}' cannot be written to", error);
        }
    }

    private static string Real(string path) =>
        new FileInfo(path) is { Exists: true } file && file.ResolveLinkTarget(true) is { } target
            ? target.FullName
            : Path.GetFullPath(path);
}
