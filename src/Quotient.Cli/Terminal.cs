using Spectre.Console;

namespace Quotient.Cli;

/// <summary>Where a command writes, whether a person watches, and when it has to stop.</summary>
/// <param name="Output">Results; nothing else is ever written here, so that it can be piped.</param>
/// <param name="Error">Errors and progress.</param>
/// <param name="Interactive">Whether <paramref name="Error"/> is a screen, on which a bar can be redrawn.</param>
/// <param name="Stop">Cancelled by Ctrl-C and by a polite kill.</param>
internal sealed record Terminal(TextWriter Output, TextWriter Error, bool Interactive, CancellationToken Stop)
{
    /// <summary>The streams of this process.</summary>
    public static Terminal OfProcess(CancellationToken stop) =>
        new(Console.Out, Console.Error, !Console.IsErrorRedirected, stop);

    /// <summary>A screen for a bar on <see cref="Error"/>.</summary>
    public IAnsiConsole ErrorConsole() => AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Error) });
}
