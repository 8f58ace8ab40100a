using System.Diagnostics;

namespace Quotient.Fuzz.Targets;

/// <summary>Runs the command in a process of its own.</summary>
internal static class ChildProcess
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(50);

    /// <summary>The exit code and what was written; a process that does not end is ended, and is a defect.</summary>
    public static (int Code, string Output, string Error) Run(
        string folder, IReadOnlyList<string> words, params (string Name, string? Value)[] environment)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "quotient.dll"), .. words])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        if (!process.WaitForExit(Patience))
        {
            process.Kill(entireProcessTree: true);
            throw new WrongException($"the command has not ended after {Patience.TotalSeconds} seconds");
        }

        return (process.ExitCode, output.Result, error.Result);
    }
}
