using System.CommandLine;
using System.CommandLine.Help;
using Quotient.Cli.Commands;

namespace Quotient.Cli;

/// <summary>The root command: what is shared by all, and the list of commands.</summary>
internal sealed class QuotientCommand : RootCommand
{
    /// <summary>Builds the command line for one run.</summary>
    public QuotientCommand(Terminal terminal)
        : base("Hessian spectra, traces and densities of ReLU networks, with proven errors, on real data.")
    {
        var common = new CommonOptions();
        foreach (var option in common.All)
        {
            option.Recursive = true;
            Add(option);
        }

        Add(new DemoCommand(common, terminal));
        Add(new TrainCommand(common, terminal));
        Add(new EvaluateCommand(common, terminal));
        Add(new GradientCommand(common, terminal));
        Add(new ProductCommand(common, terminal));
        Add(new SpectrumCommand(common, terminal));
        Add(new FlipsCommand(common, terminal));
        Add(new DevicesCommand(common, terminal));
        Add(new BenchCommand(common, terminal));

        var help = Options.OfType<HelpOption>().Single();
        var pages = new HelpWithExamples((HelpAction)help.Action!);
        help.Action = pages;
        SetAction(parse => pages.Invoke(parse));
    }
}
