using System.Globalization;

namespace Quotient.Perf;

/// <summary><c>--name value</c> pairs with defaults, and switches.</summary>
internal sealed class Arguments(string[] words)
{
    public string Text(string name, string otherwise)
    {
        int at = Array.IndexOf(words, $"--{name}");
        return at >= 0 && at + 1 < words.Length ? words[at + 1] : otherwise;
    }

    /// <summary>Whether a word stands alone that switches something on.</summary>
    public bool Flag(string name) => words.Contains($"--{name}");

    public int Number(string name, int otherwise) =>
        int.Parse(Text(name, otherwise.ToString(CultureInfo.InvariantCulture)), CultureInfo.InvariantCulture);
}
