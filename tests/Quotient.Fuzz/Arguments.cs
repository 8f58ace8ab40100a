namespace Quotient.Fuzz;

/// <summary>What the fuzzers are asked to do.</summary>
internal sealed record Arguments
{
    /// <summary>All cases are drawn from it.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>How long all targets together may take.</summary>
    public TimeSpan Time { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>So many cases of each target instead.</summary>
    public long? Cases { get; init; }

    /// <summary>This one case of each target instead.</summary>
    public long? Case { get; init; }

    /// <summary>The names of the targets; none for all.</summary>
    public IReadOnlyList<string> Only { get; init; } = [];

    /// <summary>Where cases that fail are kept.</summary>
    public string Failures { get; init; } = Path.Combine(Path.GetTempPath(), "quotient-fuzz");

    /// <summary>How long one case may take.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Reads a command line; null where it is wrong.</summary>
    public static Arguments? Parse(string[] words, out string? wrong)
    {
        var arguments = new Arguments();
        for (int i = 0; i < words.Length; i += 2)
        {
            string value = i + 1 < words.Length ? words[i + 1] : "";
            if (arguments.With(words[i], value) is not { } next)
            {
                wrong = $"'{words[i]} {value}' is not understood; the first lines of Program.cs say what is";
                return null;
            }

            arguments = next;
        }

        wrong = null;
        return arguments;
    }

    private Arguments? With(string option, string value) => option switch
    {
        "--seed" when ulong.TryParse(value, CultureInfo.InvariantCulture, out ulong seed) => this with { Seed = seed },
        "--minutes" when Number(value) is { } minutes => this with { Time = TimeSpan.FromMinutes(minutes) },
        "--hours" when Number(value) is { } hours => this with { Time = TimeSpan.FromHours(hours) },
        "--cases" when long.TryParse(value, CultureInfo.InvariantCulture, out long cases) => this with { Cases = cases },
        "--case" when long.TryParse(value, CultureInfo.InvariantCulture, out long one) => this with { Case = one },
        "--only" when value.Split(',').All(AllTargets.Names.Contains) => this with { Only = value.Split(',') },
        "--failures" when value.Length > 0 => this with { Failures = value },
        _ => null,
    };

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && number is > 0 and < 1e4 ? number : null;
}
