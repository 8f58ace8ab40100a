using System.CommandLine;
using System.CommandLine.Help;
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

        foreach (var command in EngineCommand.All())
        {
            Add(command.ReadyFor(common, terminal));
        }

        var help = Options.OfType<HelpOption>().Single();
        var pages = new HelpWithExamples((HelpAction)help.Action!);
        help.Action = pages;
        SetAction(parse => pages.Invoke(parse));
    }
}
