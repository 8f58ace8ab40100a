using System.Diagnostics;
using NUnit.Framework;
using Quotient.Cli;

namespace Quotient.Tests.Cli;

/// <summary>What only a process of its own can show: exit codes and signals.</summary>
public class ProcessTests
{
    [Test]
    public void The_version_is_printed()
    {
        var outcome = Finish(Start("--version"));
        Assert.That(outcome.Output, Does.Match(@"^\d+\.\d+\.\d+"));
        Assert.That(outcome.Code, Is.Zero);
    }

    [Test]
    public void Bad_input_gives_exit_code_2() => Finish(Start("devices", "--top", "3")).IsOneClearSentence("--top");

    private static Process Start(params string[] words) => Process.Start(
        new ProcessStartInfo("dotnet", [typeof(CommandRunner).Assembly.Location, .. words])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;

    private static Outcome Finish(Process process)
    {
        using (process)
        {
            var error = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return new(process.ExitCode, output, error.Result);
        }
    }
}
