using System.CommandLine;

namespace Quotient.Cli.Commands;

/// <summary>A command of <c>quotient</c>: its options, an example, and what it does.</summary>
internal abstract class EngineCommand : Command
{
    /// <summary>Names the command; its own options follow in the constructor of each.</summary>
    protected EngineCommand(string name, string description, string example, CommonOptions common, Terminal terminal)
        : base(name, description)
    {
        Example = example;
        SetAction(parse =>
        {
            InputPaths.Check(parse);
            OutputPaths.Check(parse);
            var run = new Invocation(parse, common, terminal);
            Run(run);
            return run.ExitCode;
        });
    }

    /// <summary>A line that works when pasted.</summary>
    public string Example { get; }

    /// <summary>Does the work; throws <see cref="QuotientException"/> for bad input.</summary>
    protected abstract void Run(Invocation run);

    /// <summary>Adds options in the order of the help page.</summary>
    protected void Add(params IEnumerable<Option> options)
    {
        foreach (var option in options)
        {
            Options.Add(option);
        }
    }
}
