using System.CommandLine;

namespace Quotient.Cli;

/// <summary>The files that a command will read, where a slip on the command line is seen at once.</summary>
internal static class InputPaths
{
    /// <summary>Refuses an input without a name, and a folder where a file is wanted.</summary>
    public static void Check(ParseResult parse)
    {
        foreach (var option in parse.CommandResult.Command.Options.OfType<InputOption>())
        {
            switch (parse.GetValue(option))
            {
                case "":
                    throw new QuotientException($"{option.Name} is ''; it must name {option.Wanted}");
                case { } path when Directory.Exists(path):
                    throw new QuotientException($"{option.Name} is '{path}', which is a folder; it must name {option.Wanted}");
            }
        }
    }
}
