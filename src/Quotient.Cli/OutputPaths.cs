using System.Text;
using Quotient.Data;
using Quotient.Files;

namespace Quotient.Cli;

/// <summary>The files that a run will read and write, checked before hours of work rather than after them.</summary>
internal sealed class OutputPaths
{
    private const int LongestFolder = 255;

    private readonly List<(string Option, string Path)> _read;
    private readonly List<(string Option, string Path)> _written = [];

    /// <summary>
    /// Refuses an input without a name, and a folder where a file is wanted; and an output that could not be written, that another
    /// option of this run also writes, or that this run reads, by whichever names the file goes.
    /// </summary>
    public OutputPaths(ParseResult parse)
    {
        foreach (var (option, path) in Given<InputOption>(parse))
        {
            string folder = Directory.Exists(path) ? ", which is a folder" : "";
            if (string.IsNullOrWhiteSpace(path) || folder.Length > 0)
            {
                throw new QuotientException($"{option.Name} is '{path}'{folder}; it must name {option.Wanted}");
            }
        }

        var data = new DataOptions { DataDirectory = parse.GetValue<string?>("--data-dir") };
        _read = [.. from given in Given<InputOption>(parse) from file in Dataset.FilesOf(given.Path, data) select (given.Option.Name, file)];
        foreach (var (option, path) in Given<OutputOption>(parse))
        {
            Check(option.Name, path);
            Claim(option.Name, path);
            if (option.Beside is { } end)
            {
                CheckReadable(option.Name, path);
                Check(option.Name, path + end);
                Claim(option.Name, path + end);
            }
        }
    }

    /// <summary>Refuses a folder that cannot be made or written to, and takes its files as outputs of this run.</summary>
    public void ClaimFolder(string option, string folder, params string[] files)
    {
        if (string.IsNullOrWhiteSpace(folder) || folder.Contains('\0') || File.Exists(folder))
        {
            throw new QuotientException($"{option} is '{folder}'{(File.Exists(folder) ? ", which is a file" : "")}; it must be the name of a folder");
        }

        bool isNew = !Directory.Exists(folder);
        if (isNew)
        {
            CheckNewFolder(option, folder, Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
        }

        Claim(option, folder);
        foreach (string path in files.Select(file => Path.Combine(folder, file)))
        {
            if (!isNew)
            {
                Check(option, path);
            }

            Claim(option, path);
        }
    }

    /// <summary>Takes files that the command itself found as read by this run; refuses one that this run also writes.</summary>
    public void AddRead(string option, IEnumerable<string> files)
    {
        foreach (string file in files)
        {
            _read.Add((option, file));
            if (_written.Find(one => RealPath.IsSame(one.Path, file)) is { Option: { } writer } output)
            {
                throw new QuotientException($"{writer} is '{output.Path}', which {option} reads; choose another name for the output");
            }
        }
    }

    /// <summary>Takes a folder and all that lies in it, now or later, as written by this run alone.</summary>
    public void ClaimTree(string option, string folder)
    {
        ClaimFolder(option, folder);
        string tree = RealPath.Of(folder) + Path.DirectorySeparatorChar;
        if (_written.Find(one => RealPath.Of(one.Path).StartsWith(tree, StringComparison.Ordinal)) is { Option: { } writer } output)
        {
            throw new QuotientException($"{writer} is '{output.Path}', inside the folder that {option} fills; choose a name elsewhere");
        }
    }

    private static IEnumerable<(TOption Option, string Path)> Given<TOption>(ParseResult parse) where TOption : Option<string?> =>
        from option in parse.CommandResult.Command.Options.Concat(parse.RootCommandResult.Command.Options).OfType<TOption>()
        let path = parse.GetValue(option)
        where path is not null
        select (option, path);

    private static void Check(string option, string path)
    {
        try
        {
            WholeFile.Check(path);
        }
        catch (QuotientException error)
        {
            throw new QuotientException($"{option} is '{path}': {error.Message}", error);
        }
    }

    private static void CheckReadable(string option, string path)
    {
        if (WholeFile.IsStream(path))
        {
            throw new QuotientException($"{option} is '{path}', which cannot be read again; it must be the name of a file");
        }
    }

    private static void CheckNewFolder(string option, string folder, string full)
    {
        int length = Encoding.UTF8.GetByteCount(Path.GetFileName(full));
        if (length > LongestFolder)
        {
            throw new QuotientException($"{option} is '{folder}', whose name has {length} bytes; it must have at most {LongestFolder}");
        }

        string parent = Path.GetDirectoryName(full)!;
        if (!Directory.Exists(parent))
        {
            throw new QuotientException($"{option} is '{folder}', but the folder '{parent}' does not exist; create it first");
        }

        try
        {
            Directory.CreateDirectory(full);
            Directory.Delete(full);
        }
        catch (Exception error) when (WholeFile.IsOfFiles(error))
        {
            throw new QuotientException($"{option} is '{folder}', which cannot be made: {error.Message.TrimEnd('.')}", error);
        }
    }

    /// <summary>Takes a file as one that this run writes; refuses one that it also reads, or writes by another option.</summary>
    private void Claim(string option, string path)
    {
        if (_read.Find(one => RealPath.IsSame(one.Path, path)).Option is { } reader)
        {
            throw new QuotientException($"{option} is '{path}', which {reader} reads; choose another name for the output");
        }

        if (_written.Find(one => RealPath.IsSame(one.Path, path)).Option is { } writer)
        {
            throw new QuotientException($"{option} is '{path}', which {writer} writes too; choose another name");
        }

        _written.Add((option, path));
    }
}
