using Quotient.Files;
using Spectre.Console;

namespace Quotient.Cli;

/// <summary>Where a command writes, whether a person watches, and when it has to stop.</summary>
/// <param name="output">Results; nothing else is ever written here, so that it can be piped.</param>
/// <param name="error">Errors and progress.</param>
/// <param name="interactive">Whether <paramref name="error"/> is a screen, on which a bar can be redrawn.</param>
/// <param name="stop">Cancelled by Ctrl-C and by a polite kill.</param>
internal sealed class Terminal(TextWriter output, TextWriter error, bool interactive, CancellationToken stop)
{
    /// <summary>Results.</summary>
    public Outlet Output { get; } = new(output);

    /// <summary>Errors and progress.</summary>
    public Outlet Error { get; } = new(error);

    /// <summary>The same stream for what draws with escapes: whoever writes here sees to it that all words are plain.</summary>
    public Outlet Screen { get; } = new(error, isPlain: false);

    /// <summary>Whether <see cref="Screen"/> is one.</summary>
    public bool Interactive => interactive;

    /// <summary>Cancelled by Ctrl-C and by a polite kill.</summary>
    public CancellationToken Stop => stop;

    /// <summary>The streams of this process.</summary>
    public static Terminal OfProcess(CancellationToken stop) => new(
        Descriptor.IsInherited(1) ? Console.Out : new ClosedStream(), Descriptor.IsInherited(2) ? Console.Error : new ClosedStream(),
        !Console.IsErrorRedirected, stop);

    /// <summary>A console that draws a bar on <see cref="Screen"/>.</summary>
    public IAnsiConsole ScreenConsole() => AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Screen) });
}
