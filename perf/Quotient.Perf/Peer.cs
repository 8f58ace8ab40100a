using System.Diagnostics;
using System.Text.Json;

namespace Quotient.Perf;

/// <summary>Runs a program of <c>perf/peers</c>; a peer that is absent is skipped with a message, never an error.</summary>
internal static class Peer
{
    private static readonly string Folder = Path.Combine(Root(), "perf", "peers");

    /// <summary>The top of the repository, found upwards from where this program lies.</summary>
    public static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Engine.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("Engine.sln is in no folder above this program.");
    }

    /// <summary>The figures that a program printed as its last line, or null.</summary>
    public static JsonElement? Run(string program, params IEnumerable<string> arguments)
    {
        string python = File.Exists("/usr/bin/python3") ? "/usr/bin/python3" : "python3";
        if (LastLine(new(python, [Path.Combine(Folder, program), .. arguments])) is { } last && last.StartsWith('{') && !last.Contains("\"skipped\""))
        {
            return JsonSerializer.Deserialize<JsonElement>(last);
        }

        Console.WriteLine($"  {program}: skipped, PyTorch cannot be run here");
        return null;
    }

    /// <summary>The figures that a command of this program, run in a process of its own, printed as its last line.</summary>
    public static JsonElement Ourselves(params IEnumerable<string> arguments)
    {
        string program = Environment.ProcessPath!;
        bool isHost = Path.GetFileNameWithoutExtension(program) == "dotnet";
        return JsonSerializer.Deserialize<JsonElement>(
            LastLine(new(program, isHost ? [typeof(Peer).Assembly.Location, .. arguments] : arguments))
            ?? throw new InvalidOperationException("a command of this program printed nothing"));
    }

    private static string? LastLine(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = true;
        try
        {
            using var process = Process.Start(start)!;
            string? last = process.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).LastOrDefault();
            process.WaitForExit();
            return last;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    /// <summary>The least seconds of one of the things that a peer timed.</summary>
    public static double Seconds(this JsonElement figures, string what) =>
        figures.GetProperty("seconds").GetProperty(what).GetProperty("min").GetDouble();

    /// <summary>The least processor seconds, of all threads, of the same.</summary>
    public static double ProcessorSeconds(this JsonElement figures, string what) =>
        figures.GetProperty("seconds").GetProperty(what).GetProperty("processorMin").GetDouble();
}
