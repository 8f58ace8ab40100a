namespace Quotient;

/// <summary>A number that a kind of loss or optimiser can be given.</summary>
/// <param name="Name">Its name in text and, after two hyphens, on the command line.</param>
/// <param name="Standard">Its value unless given.</param>
/// <param name="Accepts">Whether a finite value makes sense.</param>
/// <param name="Wanted">The values that do, in words that follow "it must be".</param>
/// <param name="Help">What it is, as a sentence.</param>
/// <param name="Least">The least value of a whole number; null for a real one.</param>
public sealed record Setting(
    string Name, double Standard, Func<double, bool> Accepts, string Wanted, string Help, int? Least = null)
{
    /// <summary>A whole number.</summary>
    public static Setting Whole(string name, int standard, int least, string help) =>
        new(name, standard, value => double.IsInteger(value) && value >= least, $"a whole number, {least} or more", help, least);
}

/// <summary>A kind of <typeparamref name="T"/>, made from numbers: <c>ce,smoothing=0.1</c> in text.</summary>
/// <param name="Name">The name.</param>
/// <param name="Help">What it is, in a few words.</param>
/// <param name="Settings">The numbers that it can be given.</param>
/// <param name="Create">Makes one from a value for each setting.</param>
public sealed record Kind<T>(string Name, string Help, IReadOnlyList<Setting> Settings, Func<IReadOnlyDictionary<string, double>, T> Create)
    : INamed
{
    /// <summary>Makes one; a setting that is not given has its standard value.</summary>
    /// <exception cref="QuotientException">There is no such setting, or its value makes no sense.</exception>
    public T Make(IReadOnlyDictionary<string, double>? given = null)
    {
        var values = Settings.ToDictionary(setting => setting.Name, setting => setting.Standard);
        foreach (var (name, value) in given ?? new Dictionary<string, double>())
        {
            var setting = Settings.FirstOrDefault(setting => setting.Name == name) ?? throw new QuotientException(
                $"{Name} has no option '{name}'; " + (Settings.Count == 0 ? "it has none" : $"choose {Sentence.Or(values.Keys)}"));
            values[name] = double.IsFinite(value) && setting.Accepts(value)
                ? value
                : throw new QuotientException(FormattableString.Invariant($"{name} of {Name} is {value}; it must be {setting.Wanted}"));
        }

        return Create(values);
    }
}

/// <summary>The known kinds of <typeparamref name="T"/>.</summary>
public sealed class Kinds<T>(string noun) : Registry<Kind<T>>(noun)
{
    /// <summary>Makes what a text names, such as <c>ce,smoothing=0.1</c>: a kind, and then its settings.</summary>
    /// <exception cref="QuotientException">The kind or a setting is unknown, is given twice or makes no sense.</exception>
    public T Parse(string text)
    {
        string[] parts = text.Split(',');
        var kind = this[parts[0]];
        var given = new Dictionary<string, double>();
        foreach (string part in parts[1..])
        {
            bool read = part.Split('=') is [var name, var number]
                && double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
                && given.TryAdd(name, value);
            QuotientException.ThrowIf(
                !read, $"{Noun} '{text}': '{part}' is not an option; options are written name=number, each once");
        }

        return kind.Make(given);
    }
}
