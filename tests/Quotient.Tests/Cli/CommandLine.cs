using System.Text.RegularExpressions;
using NUnit.Framework;
using Quotient.Cli;

namespace Quotient.Tests.Cli;

/// <summary>What a run of the command line gave.</summary>
internal sealed record Outcome(int Code, string Output, string Error)
{
    /// <summary>Bad input: exit code 2, exactly one line on standard error, no stack trace, nothing on standard output.</summary>
    public void IsOneClearSentence(params string[] words)
    {
        Assert.That(Code, Is.EqualTo(2), Error);
        Assert.That(Error, Does.StartWith("quotient: ").And.EndsWith("\n"));
        Assert.That(Error.TrimEnd('\r', '\n'), Does.Not.Contain("\n").And.Not.Contain("   at ").And.Not.Contain("Exception"));
        Assert.That(Output, Is.Empty);
        foreach (string word in words)
        {
            Assert.That(Error, Does.Contain(word));
        }
    }
}

/// <summary>Runs the command line in this process.</summary>
internal static partial class CommandLine
{
    /// <summary>Runs one line, split at spaces; <c>{}</c> stands for <paramref name="folder"/>.</summary>
    public static Outcome Run(string line, string? folder = null, CancellationToken stop = default) =>
        Invoke([.. Words().Matches(line).Select(word => word.Value.Replace("{}", folder))], stop);

    /// <summary>Runs words as they are.</summary>
    public static Outcome Invoke(string[] words, CancellationToken stop = default)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        int code = QuotientCommand.Run(words, new Terminal(output, error, false, stop));
        return new(code, output.ToString(), error.ToString());
    }

    [GeneratedRegex(@"\S+")]
    private static partial Regex Words();
}
