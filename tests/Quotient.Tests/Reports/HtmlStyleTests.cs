using System.Globalization;
using System.Text.RegularExpressions;
using NUnit.Framework;
using Quotient.Reports;

namespace Quotient.Tests.Reports;

public partial class HtmlStyleTests
{
    [TestCase("ink", 7)]
    [TestCase("soft", 4.5)]
    [TestCase("amber", 4.5)]
    [TestCase("blue", 4.5)]
    [TestCase("rust", 4.5)]
    [TestCase("teal", 4.5)]
    [TestCase("violet", 4.5)]
    [TestCase("olive", 4.5)]
    [TestCase("rose", 4.5)]
    public void Colours_stand_out_from_paper_and_raised_boxes_in_light_and_dark(string colour, double least)
    {
        foreach (var theme in Themes())
        {
            Assert.That(Contrast(theme[colour], theme["paper"]), Is.GreaterThanOrEqualTo(least));
            Assert.That(Contrast(theme[colour], theme["raised"]), Is.GreaterThanOrEqualTo(least));
        }
    }

    [Test]
    public void The_style_needs_no_escapes() =>
        Assert.That(HtmlStyle.Page + HtmlStyle.Charts, Does.Not.Contain("<").And.Not.Contain("&"));

    private static Dictionary<string, string>[] Themes()
    {
        var themes = HtmlStyle.Page.Split("@media screen and (prefers-color-scheme: dark)")
            .Select(part => Variable().Matches(part).ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value))
            .ToArray();
        Assert.That(themes, Has.Length.EqualTo(2));
        return themes;
    }

    /// <summary>The contrast ratio of WCAG 2.2.</summary>
    private static double Contrast(string one, string other)
    {
        var (a, b) = (Luminance(one), Luminance(other));
        return (Math.Max(a, b) + 0.05) / (Math.Min(a, b) + 0.05);
    }

    private static double Luminance(string hex) =>
        (0.2126 * Channel(hex, 0)) + (0.7152 * Channel(hex, 2)) + (0.0722 * Channel(hex, 4));

    private static double Channel(string hex, int at)
    {
        double share = int.Parse(hex.AsSpan(at, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0;
        return share <= 0.04045 ? share / 12.92 : Math.Pow((share + 0.055) / 1.055, 2.4);
    }

    [GeneratedRegex("--([a-z]+): #([0-9a-f]{6});")]
    private static partial Regex Variable();
}
