using System.IO.MemoryMappedFiles;
using System.Text;

namespace Quotient.Fuzz;

/// <summary>
/// Where failed cases are kept: the input, and beside it what went wrong and the command that runs the case again. The file
/// <c>running-N</c>, N the process, names the case in progress, for those that take the process with them; what ends well removes it.
/// </summary>
internal sealed class FailureFolder
{
    private const int Longest = 256;

    private readonly Arguments _arguments;
    private readonly MemoryMappedViewAccessor _running;

    public FailureFolder(Arguments arguments)
    {
        _arguments = arguments;
        string path = Path.Combine(Directory.CreateDirectory(arguments.Failures).FullName, $"running-{Environment.ProcessId}");
        using var stream = new FileStream(path, FileMode.Create, FileAccess.ReadWrite, FileShare.ReadWrite, 1);
        using var file = MemoryMappedFile.CreateFromFile(
            stream, null, Longest, MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, leaveOpen: true);
        _running = file.CreateViewAccessor();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => File.Delete(path);
    }

    /// <summary>Notes which case begins; this outlives the process.</summary>
    public void Remember(RunningCase running)
    {
        byte[] text = Encoding.UTF8.GetBytes(CommandOf(running).PadRight(Longest - 1) + "\n");
        _running.WriteArray(0, text, 0, Longest);
    }

    /// <summary>Keeps a case that failed, and says so.</summary>
    public string Keep(RunningCase failed, string wrong)
    {
        string path = Path.Combine(_arguments.Failures, $"{failed.Target.Name}-{_arguments.Seed}-{failed.Index}");
        File.WriteAllBytes(path + ".input", failed.Input);
        File.WriteAllText(path + ".txt", $"{wrong}\n\n{CommandOf(failed)}\n");
        return $"{failed.Target.Name}, case {failed.Index}: {wrong}\n  kept in {path}.input; again: {CommandOf(failed)}";
    }

    private string CommandOf(RunningCase one) =>
        $"dotnet run -c Release --project tests/Quotient.Fuzz -- --seed {_arguments.Seed} --only {one.Target.Name} --case {one.Index}";
}
