using System.CommandLine;
using System.CommandLine.Parsing;

namespace Quotient.Cli;

/// <summary>One sentence for a command line that cannot be understood.</summary>
internal static class ParseFailure
{
    /// <summary>The first mistake, most telling first: an unknown word, then a bad value, then what is missing.</summary>
    public static string Sentence(ParseResult parse)
    {
        var command = parse.CommandResult.Command;
        string help = command is RootCommand ? "quotient --help" : $"quotient {command.Name} --help";
        string name = command is RootCommand ? "quotient" : command.Name;
        if (parse.UnmatchedTokens is [var unknown, ..])
        {
            return command is RootCommand && !unknown.StartsWith('-')
                ? $"'{unknown}' is not a command; choose one of {string.Join(", ", command.Subcommands.Select(one => one.Name))}"
                : $"{name} does not know '{unknown}'; see {help}";
        }

        foreach (var error in parse.Errors)
        {
            if (OptionOfError(error) is { Implicit: false } given)
            {
                return BadValue(given, error.Message);
            }
        }

        var missing = command.Options.Where(option => option.Required && parse.GetResult(option) is null or { Implicit: true });
        string wanted = string.Join(" and ", missing.Select(option => $"{option.Name} {option.HelpName}"));
        return wanted.Length > 0 ? $"{name} needs {wanted}; see {help}" : parse.Errors[0].Message.TrimEnd('.');
    }

    private static OptionResult? OptionOfError(ParseError error) =>
        error.SymbolResult as OptionResult ?? error.SymbolResult?.Parent as OptionResult;

    private static string BadValue(OptionResult given, string message) => given switch
    {
        { Tokens.Count: 0 } => $"{given.Option.Name} needs a value: {given.Option.HelpName}",
        { IdentifierTokenCount: > 1 } => $"{given.Option.Name} is given {given.IdentifierTokenCount} times; once is enough",
        _ => message.TrimEnd('.'),
    };
}
