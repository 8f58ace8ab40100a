using System.Text;
using System.Text.RegularExpressions;

namespace Quotient.Cli;

/// <summary>The files that a command will read and write, checked before hours of work rather than after them.</summary>
internal static class OutputPaths
{
    private static readonly string[] Devices = ["/dev/", "/proc/", "/sys/"];
    private static IReadOnlyList<string> _declared = [];

    /// <summary>
    /// Refuses an input without a name, and a folder where a file is wanted; and an output whose folder is missing or closed to us,
    /// that is itself a folder or a device, that another option of this run also writes, or that this run reads.
    /// </summary>
    public static void Check(ParseResult parse)
    {
        foreach (var (option, path) in Given<InputOption>(parse))
        {
            string folder = Directory.Exists(path) ? ", which is a folder" : "";
            if (path.Length == 0 || folder.Length > 0)
            {
                throw new QuotientException($"{option.Name} is '{path}'{folder}; it must name {option.Wanted}");
            }
        }

        var inputs = Given<InputOption>(parse).SelectMany(given => FilesOf(given.Path).Select(file => (given.Option, Path: Real(file)))).ToList();
        var taken = new Dictionary<string, string>();
        foreach (var (option, path) in Given<OutputOption>(parse))
        {
            CheckPlace(option.Name, path);
            string real = Real(path);
            if (inputs.Find(input => input.Path == real).Option is { } read)
            {
                throw new QuotientException($"{option.Name} is '{path}', which {read.Name} reads; choose another name for the output");
            }

            if (!taken.TryAdd(real, option.Name))
            {
                throw new QuotientException($"{option.Name} is '{path}', which {taken[real]} writes too; choose another name");
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
            var files = Directory.EnumerateFiles(Path.GetDirectoryName(path)!);
            files.Where(file => unfinished.IsMatch(Path.GetFileName(file))).ToList().ForEach(File.Delete);
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

        CheckName(option, folder, 255, Directory.Exists(full) ? full : Path.GetDirectoryName(full)!);
        _declared = [.. _declared, .. files.Select(file => Path.Combine(full, file))];
    }

    private static IEnumerable<(TOption Option, string Path)> Given<TOption>(ParseResult parse) where TOption : Option<string?> =>
        from option in parse.CommandResult.Command.Options.Concat(parse.RootCommandResult.Command.Options).OfType<TOption>()
        let path = parse.GetValue(option)
        where path is not null
        select (option, path);

    /// <summary>The files that words may name: a data set's may end in a split and a selection, which are no part of the file's name.</summary>
    private static IEnumerable<string> FilesOf(string words) => Enumerable.Range(1, words.Length)
        .Where(end => end == words.Length || words[end] is ':' or '[').Select(end => words[..end]).Where(File.Exists);

    private static void CheckPlace(string option, string path)
    {
        string full = path.Length == 0 || path.Contains('\0') ? "" : Path.GetFullPath(path);
        string? fault = full.Length == 0 ? ""
            : Directory.Exists(full) || Path.EndsInDirectorySeparator(path) ? ", which is a folder"
            : Devices.Any(folder => Real(path).StartsWith(folder, StringComparison.Ordinal)) ? ", which is not an ordinary file"
            : null;
        if (fault is not null)
        {
            throw new QuotientException($"{option} is '{path}'{fault}; it must be the name of a file to write");
        }

        CheckName(option, path, WholeFile.LongestName, Path.GetDirectoryName(full)!);
    }

    /// <summary>Refuses a name of more bytes than <paramref name="most"/>, and a folder in which nothing can be written.</summary>
    private static void CheckName(string option, string path, int most, string folder)
    {
        int length = Encoding.UTF8.GetByteCount(Path.GetFileName(Path.GetFullPath(path)));
        if (length > most)
        {
            throw new QuotientException($"{option} is '{path}', whose name has {length} bytes; it must have at most {most}");
        }

        if (!Directory.Exists(folder))
        {
            throw new QuotientException($"{option} is '{path}', but the folder '{folder}' does not exist; create it first");
        }

        try
        {
            string probe = Path.Combine(folder, $".quotient-{Guid.NewGuid():n}");
            new FileStream(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose).Dispose();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new QuotientException($"{option} is '{path}', but the folder '{folder}' cannot be written to", error);
        }
    }

    private static string Real(string path) =>
        new FileInfo(path) is { Exists: true } file && file.ResolveLinkTarget(true) is { } target ? target.FullName : Path.GetFullPath(path);
}
