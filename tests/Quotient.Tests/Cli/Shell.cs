using System.Diagnostics;
using NUnit.Framework;
using Quotient.Cli;

namespace Quotient.Tests.Cli;

/// <summary>Runs the program as a shell does, with its streams and signals.</summary>
internal static class Shell
{
    /// <summary>
    /// Runs a line of <c>sh</c>, in which the word <c>quotient</c> starts the program and <c>{}</c> stands for a folder; ignores the
    /// test where there is no such shell.
    /// </summary>
    public static Outcome Run(string line, string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Ignore("this system has no sh");
        }

        using var process = Process.Start(new ProcessStartInfo("sh", ["-c", $"quotient() {{ dotnet '{Program}' \"$@\"; }}\n{line.Replace("{}", folder)}"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(TimeSpan.FromMinutes(2)))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail("the line has not ended after two minutes");
        }

        return new(process.ExitCode, output.Result, error.Result);
    }

    private static string Program => typeof(QuotientCommand).Assembly.Location;
}
