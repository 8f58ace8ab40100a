using System.CommandLine;
using System.CommandLine.Invocation;

namespace Quotient.Cli;

/// <summary>Reads a command line, runs its command, and turns every failure into a sentence and an exit code.</summary>
internal static class CommandRunner
{
    /// <summary>Returns the exit code: 0 done, 2 bad input, 130 stopped, 1 a defect, or a device that fails its test.</summary>
    public static int Run(IReadOnlyList<string> arguments, Terminal terminal)
    {
        try
        {
            var root = new QuotientCommand(terminal);
            var parse = root.Parse(arguments, new() { EnablePosixBundling = false, ResponseFileTokenReplacer = null });
            if (parse.Action is ParseErrorAction)
            {
                throw new QuotientException(ParseFailure.Sentence(parse));
            }

            return parse.Invoke(new InvocationConfiguration
            {
                Output = terminal.Output,
                Error = terminal.Error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            });
        }
#pragma warning disable CA1031 // Every failure has to become a sentence, whatever it is.
        catch (Exception error)
#pragma warning restore CA1031
        {
            return Failure.Report(error, terminal);
        }
    }
}
