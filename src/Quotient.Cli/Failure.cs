using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using Quotient.Backends;

namespace Quotient.Cli;

/// <summary>The one place where what went wrong becomes one sentence on standard error and an exit code.</summary>
internal static partial class Failure
{
    private const int Defect = 1, BadInput = 2;

    /// <summary>As shells count it: 128 + SIGINT.</summary>
    private const int Stopped = 130;

    /// <summary>Writes the sentence for <paramref name="error"/> and returns the exit code.</summary>
    public static int Report(Exception error, Terminal terminal)
    {
        if (error is OperationCanceledException && terminal.Stop.IsCancellationRequested)
        {
            return ReportStopped(terminal);
        }

        if (error is AggregateException { InnerException: { } inner } aggregate)
        {
            var cancelled = aggregate.Flatten().InnerExceptions.FirstOrDefault(one => one is OperationCanceledException);
            return Report(cancelled ?? inner, terminal);
        }

        var (sentence, code) = Explain(error);
        terminal.Error.WriteLine($"quotient: {WhiteSpace().Replace(sentence.Trim(), " ")}");

        // What writes may be lacking too.
        return terminal.Error.Failure is { } unheard && Shortage.Of(unheard) is not null ? Shortage.LastWords(unheard) : code;
    }

    /// <summary>Says that the user stopped the work.</summary>
    public static int ReportStopped(Terminal terminal)
    {
        // A bar that was being drawn had hidden the cursor.
        terminal.Screen.WriteLine(terminal.Interactive ? "\e[?25h\r\e[Kquotient: stopped" : "quotient: stopped");
        return Stopped;
    }

    /// <summary>Says that the results could not be written, if that is so; the exit code of what was done otherwise.</summary>
    public static int ReportUnwritten(Terminal terminal, int code) => terminal.Output.Failure is not { } failure
        ? code
        : Report(new QuotientException($"standard output cannot be written: {failure.Message.TrimEnd('.')}", failure), terminal);

    /// <summary>The first mistake of a command line, most telling first: an unknown word, then a bad value, then what is missing.</summary>
    public static string Of(ParseResult parse)
    {
        var command = parse.CommandResult.Command;
        bool isRoot = command is RootCommand;
        var (name, help) = isRoot ? ("quotient", "quotient --help") : (command.Name, $"quotient {command.Name} --help");
        if (parse.UnmatchedTokens is [var unknown, ..])
        {
            return isRoot && !unknown.StartsWith('-')
                ? $"'{unknown}' is not a command; choose one of {string.Join(", ", command.Subcommands.Select(one => one.Name))}"
                : $"{name} does not know '{unknown}'; see {help}";
        }

        foreach (var error in parse.Errors)
        {
            if ((error.SymbolResult as OptionResult ?? error.SymbolResult?.Parent as OptionResult) is { Implicit: false } given)
            {
                return BadValue(given, error.Message);
            }
        }

        var missing = command.Options.Where(option => option.Required && parse.GetResult(option) is null or { Implicit: true });
        string wanted = string.Join(" and ", missing.Select(option => $"{option.Name} {option.HelpName}"));
        return wanted.Length > 0 ? $"{name} needs {wanted}; see {help}" : parse.Errors[0].Message.TrimEnd('.');
    }

    private static string BadValue(OptionResult given, string message) => given switch
    {
        { Tokens.Count: 0 } => $"{given.Option.Name} needs a value: {given.Option.HelpName}",
        { IdentifierTokenCount: > 1 } => $"{given.Option.Name} is given {given.IdentifierTokenCount} times; once is enough",
        _ => message.TrimEnd('.'),
    };

    private static (string Sentence, int Code) Explain(Exception error) => error switch
    {
        _ when Shortage.Of(error) is { } shortage => (shortage, BadInput),
        QuotientException => (error.Message, BadInput),
        FileNotFoundException { FileName: { Length: > 0 } file } => ($"'{file}' does not exist", BadInput),
        IOException or UnauthorizedAccessException => (error.Message, BadInput),
        OutOfMemoryException or DeviceOutOfMemoryException => (
            "there is not enough memory for this; use fewer samples (such as --data mnist:train[0:1000]), fewer eigenvalues or "
            + "--precision single", BadInput),
        DeviceException => (error.Message, Defect),
        _ => (
            $"a defect in quotient, not in your input: {error.GetType().Name}, '{error.Message}'; please report it with the "
            + "command line", Defect),
    };

    [GeneratedRegex(@"\s+")]
    private static partial Regex WhiteSpace();
}
