using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Quotient.Cli.Commands;

namespace Quotient.Cli;

/// <summary>The root command: the options that all commands share, and every <see cref="EngineCommand"/> of this program.</summary>
internal sealed class QuotientCommand : RootCommand
{
    /// <summary>Builds the command line for one run.</summary>
    public QuotientCommand(Terminal terminal)
        : base("Curvature of ReLU and binary networks: spectra with proven errors, traces, densities, products, gradients.")
    {
        var common = new CommonOptions();
        foreach (var option in common.All)
        {
            option.Recursive = true;
            Add(option);
        }

        EngineCommand.All().ForEach(command => Add(command.ReadyFor(common, terminal)));
        var help = Options.OfType<HelpOption>().Single();
        var pages = new HelpWithExamples((HelpAction)help.Action!);
        help.Action = pages;
        SetAction(parse => pages.Invoke(parse));
    }

    /// <summary>Runs a command line. The exit code: 0 done, 2 bad input, 130 stopped, 1 a defect, or a device that fails its test.</summary>
    public static int Run(IReadOnlyList<string> arguments, Terminal terminal)
    {
        try
        {
            var parse = new QuotientCommand(terminal).Parse(arguments, new() { EnablePosixBundling = false, ResponseFileTokenReplacer = null });
            int code = parse.Action is ParseErrorAction ? throw new QuotientException(Failure.Of(parse)) : parse.Invoke(new()
            {
                Output = terminal.Output,
                Error = terminal.Error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            });
            return Failure.ReportUnwritten(terminal, code);
        }
#pragma warning disable CA1031 // Every failure has to become a sentence, whatever it is.
        catch (Exception error)
#pragma warning restore CA1031
        {
            return Failure.Report(error, terminal);
        }
    }
}

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

    public override bool ClearsParseErrors => true;

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
