using System.Text;
using System.Text.RegularExpressions;

namespace Quotient.Fuzz.Mutations;

/// <summary>Damage to text: words and numbers are replaced, swapped, dropped, repeated and nested.</summary>
internal static partial class TextMutations
{
    private static readonly string[] Tokens =
    [
        "-1", "0", "1", "2", "3", "7", "16", "255", "65536", "2147483647", "4294967296", "1000000000000", "9223372036854775807",
        "18446744073709551616", "99999999999999999999", "1e999", "-1e-999", "1e38", "4e-45", "1.5", "nan", "NaN", "inf", "-Infinity", "0x10",
        "", " ", "null", "true", "None", "True", "[]", "{}", "()", "(", ")", "[", "]", "{", "}", "'", "\"", "\"\"", ",", ":", "\n", "\r", "\0",
        "\e[31m", "\u202e", "\u2028", "\\ud800", "é", "'<f2'", "'>i8'", "'|u1'", "'|O'", "'<f4'", "\"F16\"", "\"BF16\"", "\"F64\"", "\"U8\"",
        "\"I64\"", "\"shape\"", "\"0.weight\"", "\"__metadata__\"", "\"quotient.network\"", "\\\"relu\\\"", "\\\"sum\\\"", "\\\"flatten\\\"",
        "\\\"sign\\\"", "\\\"dense\\\"", "\\\"binary-dense\\\"", "\\\"hard-tanh\\\"", "\\\"from\\\":[-1,0],",
    ];

    /// <summary>Damages a text in one way.</summary>
    public static string Damage(string text, Dice dice)
    {
        var tokens = Token().Matches(text);
        if (tokens.Count == 0)
        {
            return dice.Pick(Tokens);
        }

        Match one = dice.Pick(tokens), other = dice.Pick(tokens);
        var (first, second) = one.Index <= other.Index ? (one, other) : (other, one);
        switch (dice.Below(7))
        {
            case 0 or 1:
                return Replaced(text, one, dice.Pick(Tokens));
            case 2:
                return first == second ? text : Replaced(Replaced(text, second, first.Value), first, second.Value);
            case 3:
                return Replaced(text, one, other.Value);
            case 4:
                return Replaced(text, one, "");
            case 5:
                // A stretch again, sometimes many times.
                int end = second.Index + second.Length;
                string stretch = text[first.Index..end];
                int times = dice.OneIn(10) ? Math.Min(2000, 1 + (100_000 / stretch.Length)) : 1;
                return text[..end] + string.Concat(Enumerable.Repeat(stretch, times)) + text[end..];
            default:
                string bracket = dice.Pick(["[", "{", "(", "{\"a\":", "[["]);
                return text.Insert(one.Index, string.Concat(Enumerable.Repeat(bracket, 1 + dice.Below(dice.OneIn(5) ? 50_000 : 100))));
        }
    }

    /// <summary>The same in bytes, of which those that are not text stay as they are.</summary>
    public static byte[] Damage(byte[] text, Dice dice)
    {
        string damaged = Damage(Encoding.Latin1.GetString(text), dice);
        return damaged.All(letter => letter < 256) ? Encoding.Latin1.GetBytes(damaged) : Encoding.UTF8.GetBytes(damaged);
    }

    private static string Replaced(string text, Match match, string by) =>
        string.Concat(text.AsSpan(0, match.Index), by, text.AsSpan(match.Index + match.Length));

    [GeneratedRegex("""[-+]?\d+(?:\.\d+)?|\\?"(?:[^"\\]|\\[^"])*\\?"|'[^']*'|\w+|[\[\]{}(),:\n]""")]
    private static partial Regex Token();
}
