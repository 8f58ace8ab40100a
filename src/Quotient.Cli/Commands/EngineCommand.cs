using Quotient.Reports;

namespace Quotient.Cli.Commands;

/// <summary>A command of <c>quotient</c>: its options, an example, and what it finds. A subclass in this assembly is all that one takes.</summary>
/// <param name="place">Where the help page lists it, in ascending order.</param>
/// <param name="name">What the user types.</param>
/// <param name="description">One sentence for the help page.</param>
/// <param name="example">A line that works when pasted.</param>
internal abstract class EngineCommand(int place, string name, string description, string example) : Command(name, description)
{
    public string Example => example;

    /// <summary>What it takes by its place on the command line; nothing, unless it says so.</summary>
    protected virtual IReadOnlyList<Argument> Places => [];

    /// <summary>Its own options, in the order of the help page.</summary>
    protected abstract IReadOnlyList<Option> Own { get; }

    /// <summary>A new instance of each command, in the order of the help page.</summary>
    public static List<EngineCommand> All() =>
    [
        .. typeof(EngineCommand).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(EngineCommand)))
            .Select(type => (EngineCommand)Activator.CreateInstance(type)!)
            .OrderBy(command => command.Place),
    ];

    /// <summary>Adds its options, and runs it when it is asked for.</summary>
    public EngineCommand ReadyFor(CommonOptions common, Terminal terminal)
    {
        Places.ToList().ForEach(Add);
        Own.ToList().ForEach(Add);
        SetAction(parse =>
        {
            using var run = new Invocation(parse, common, terminal, new(parse));
            run.Deliver(Run(run));
            return run.ExitCode;
        });
        return this;
    }

    /// <summary>Does the work and says what it found; throws <see cref="QuotientException"/> for bad input.</summary>
    protected abstract Report Run(Invocation run);

    private int Place => place;
}
