namespace Quotient.Cli;

/// <summary>A file that a command reads, or the words that name a data set.</summary>
internal sealed class InputOption(string name) : Option<string?>(name)
{
    /// <summary>What it must name.</summary>
    public string Wanted => HelpName == "DATA" ? "a data set or a file to read" : "a file to read";
}

/// <summary>A file that a command writes.</summary>
internal sealed class OutputOption(string name) : Option<string?>(name)
{
    /// <summary>What the name of a second file beside it ends in, where there is one; the first is then read again.</summary>
    public string? Beside { get; init; }
}

/// <summary>Kinds of options, each strict: a bad value is answered by the value seen and the value wanted.</summary>
internal static class OptionOf
{
    /// <summary>A whole number within bounds, absent where there is no default.</summary>
    public static Option<int?> Whole(
        string name, string description, int least, int? standard = null, int most = int.MaxValue, string helpName = "N")
    {
        string wanted = most == int.MaxValue ? $"a whole number, {least} or more" : $"a whole number from {least} to {most}";
        return Make(name, helpName, description, wanted, standard, text =>
            int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) && number >= least && number <= most
                ? number
                : null);
    }

    /// <summary>A seed: any whole number of 64 bits.</summary>
    public static Option<ulong> Seed(string name, string description, ulong standard) =>
        Make(name, "N", description, "a whole number, 0 or more, of at most 64 bits", standard, text =>
            ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong seed) ? seed : null);

    /// <summary>A finite number that <paramref name="accept"/> accepts; <paramref name="wanted"/> says which those are.</summary>
    public static Option<double?> Real(
        string name, string description, string wanted, Func<double, bool> accept, double? standard = null) =>
        Make(name, "X", description, wanted, standard, text =>
            double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number) && accept(number)
                ? number
                : null);

    /// <summary>One of a few words, absent where there is no default.</summary>
    public static Option<string> Choice(string name, string description, string? standard, params string[] words)
    {
        string wanted = words.Length == 1 ? words[0] : $"{string.Join(", ", words[..^1])} or {words[^1]}";
        return Make(name, string.Join('|', words), description, wanted, standard!, text => words.Contains(text) ? text : null);
    }

    /// <summary>Words that the command itself reads.</summary>
    public static Option<string?> Text(string name, string helpName, string description, string? standard = null, bool required = false)
    {
        var option = Make(name, helpName, description, "some text", standard, text => text.Length > 0 ? text : null);
        option.Required = required;
        return option;
    }

    /// <summary>Words that name a kind and its settings, such as <c>ce,smoothing=0.1</c>.</summary>
    public static Option<string> Named<T>(string name, string helpName, string description, string standard, Kinds<T> kinds)
    {
        var option = new Option<string>(name) { HelpName = helpName, Description = description, DefaultValueFactory = _ => standard };
        option.Validators.Add(result =>
        {
            try
            {
                kinds.Parse(result.Tokens.Count == 0 ? standard : result.Tokens[0].Value);
            }
            catch (QuotientException error)
            {
                result.AddError($"{name}: {error.Message}");
            }
        });
        return option;
    }

    /// <summary>A switch, off unless given.</summary>
    public static Option<bool> Flag(string name, string description) => new(name) { Description = description };

    /// <summary>A file to read, or a data set.</summary>
    public static InputOption Input(string name, string helpName, string description, bool required = true) =>
        new(name) { HelpName = helpName, Description = description, Required = required };

    /// <summary>A file to write.</summary>
    public static OutputOption Output(string name, string description, bool required = false, string? beside = null) =>
        new(name) { HelpName = "FILE", Description = description, Required = required, Beside = beside };

    /// <summary>An option whose text <paramref name="read"/> turns into a value, or null where it is not what is wanted.</summary>
    private static Option<T> Make<T>(
        string name, string helpName, string description, string wanted, T standard, Func<string, object?> read)
    {
        var option = new Option<T>(name)
        {
            HelpName = helpName,
            Description = description,
            CustomParser = result =>
            {
                string text = result.Tokens[0].Value;
                if (read(text) is T value)
                {
                    return value;
                }

                result.AddError($"{name} is '{text}'; it must be {wanted}");
                return default;
            },
        };
        option.DefaultValueFactory = standard is null ? option.DefaultValueFactory : _ => standard;
        return option;
    }
}
