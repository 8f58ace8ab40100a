using NUnit.Framework;

namespace Quotient.Tests;

public class TextTests
{
    /// <summary>C0, DEL, C1, direction, no width, ends of lines, halves of pairs, private use, tags, what Unicode leaves out.</summary>
    private static readonly string[] Steering =
    [
        "\0", "\a", "\b", "\t", "\n", "\r", "\e", "\u007f", "\u0080", "\u009b", "\u009f", "\u061c", "\u200b", "\u200e", "\u200f", "\u202a",
        "\u202e", "\u2066", "\u2069", "\u2028", "\u2029", "\ufeff", "\u00ad", "\ud800", "\udc00", "\ue000", "\uffff", "\U000E0041",
    ];

    [Test]
    public void What_steers_a_terminal_or_breaks_a_line_is_marked([ValueSource(nameof(Steering))] string text) =>
        Assert.That(Text.Plain($"a{text}b"), Is.EqualTo("a?b"));

    [Test]
    public void Letters_of_any_script_and_signs_stay() => Assert.That(Text.Plain("λ ± é e\u0301 中 😀 …"), Is.EqualTo("λ ± é e\u0301 中 😀 …"));

    [Test]
    public void A_long_text_is_cut() => Assert.That(Text.Plain("abcdef", 3), Is.EqualTo("abc…"));
}
