namespace Quotient.Reports;

/// <summary>How reports word and set what they say.</summary>
internal static class Words
{
    /// <summary>What marks a figure that did not converge, in every kind of report.</summary>
    public const string Unconverged = "unconverged";

    /// <summary>How convergence is written.</summary>
    public static string Converged(bool converged) => converged ? "yes" : Unconverged;

    /// <summary>A figure as written, marked where it did not converge.</summary>
    public static string Marked(string figure, bool converged) => converged ? figure : $"{figure} {Unconverged}".TrimStart();

    /// <summary>A label with which a line begins.</summary>
    public static string Sentence(string label) => label.Length == 0 ? label : char.ToUpperInvariant(label[0]) + label[1..];

    /// <summary>A number as it is set on a page: its hyphens are minus signs.</summary>
    public static string Minus(string number) => number.Replace('-', '−');

    /// <summary>A text on one line of a terminal: control characters, which could steer it, are replaced.</summary>
    public static string Inline(string text) => string.Concat(text.Select(letter => char.IsControl(letter) ? '\uFFFD' : letter));
}
