namespace Quotient.Cli;

/// <summary>Numbers with commas between them, as an option takes them.</summary>
internal static class NumberList
{
    /// <summary>Reads what was given to an option; <paramref name="wanted"/> says which numbers it accepts: <c>numbers from 0 to 1</c>.</summary>
    /// <exception cref="QuotientException">A word is no such number.</exception>
    public static List<double> Read(string option, string words, string wanted, Func<double, bool> accept) =>
    [
        .. from word in words.Split(',')
           select double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && accept(number)
               ? number
               : throw new QuotientException($"{option} has '{word}'; it must be {wanted}, separated by commas"),
    ];
}
