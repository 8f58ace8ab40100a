using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Quotient.Cli.Commands;

namespace Quotient.Cli;

/// <summary>The usual help page, followed by lines that a newcomer can paste.</summary>
internal sealed class HelpWithExamples(HelpAction page) : SynchronousCommandLineAction
{
    private const string FirstSteps =
        """
        First steps:
          quotient demo                       train a small net on built-in data, analyse it, write a report
          quotient COMMAND --help             all options of a command, and an example

        Data sets (--data):
          mnist:train, fashion-mnist:test, digits, cifar10:train    found in --data-dir or downloaded
          strokes, teacher, spirals, line                           built-in generators; strokes,seed=1 draws others
          file.npz (arrays x and y), file.csv                       your own
          mnist:train[0:2000]                                       samples 0 to 1999 of any of them
        """;

    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        int code = page.Invoke(parseResult);
        var output = parseResult.InvocationConfiguration.Output;
        output.WriteLine(parseResult.CommandResult.Command is EngineCommand command
            ? $"Example:{Environment.NewLine}  {command.Example}"
            : FirstSteps);
        output.WriteLine();
        return code;
    }
}
