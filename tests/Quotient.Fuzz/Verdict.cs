using System.Text.RegularExpressions;

namespace Quotient.Fuzz;

/// <summary>What a refusal must be: one sentence that a person understands, and nothing of the program's insides.</summary>
internal static partial class Verdict
{
    private const int Longest = 1500;

    /// <summary>What is wrong with a sentence; null where nothing is.</summary>
    public static string? Of(string sentence, string fileName) => sentence switch
    {
        "" => "the refusal is empty",
        _ when Unprintable().Match(sentence) is { Success: true } match => $"the refusal holds the character U+{(int)match.Value[0]:X4}",
        _ when sentence.Length > Longest => $"the refusal has {sentence.Length} characters",
        _ when Insides().Match(sentence) is { Success: true } match => $"the refusal speaks of '{match.Value}'",
        _ when !sentence.Contains(fileName, StringComparison.Ordinal) => $"the refusal does not name the file {fileName}",
        _ => null,
    };

    /// <summary>Runs what may refuse its input in a sentence that names no file; false where it does.</summary>
    public static bool Accepts(Action action)
    {
        try
        {
            action();
            return true;
        }
        catch (QuotientException refusal)
        {
            WrongException.Unless(Of(refusal.Message, "") is null, $"{Of(refusal.Message, "")}: {refusal.Message}");
            return false;
        }
    }

    [GeneratedRegex(@"[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]")]
    private static partial Regex Unprintable();

    [GeneratedRegex(@"\w*Exception|   at |\bSystem\.[A-Z]\w*|\bQuotient\.[A-Z]\w*|Arg_\w+|Parameter '")]
    private static partial Regex Insides();
}
