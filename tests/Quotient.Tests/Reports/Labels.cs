using System.Xml.Linq;

namespace Quotient.Tests.Reports;

/// <summary>The room that a chart's texts take, estimated.</summary>
internal static class Labels
{
    /// <summary>A digit's width at 12 units, of the wider system fonts.</summary>
    private const double CharacterWidth = 6.8;

    /// <summary>Two texts of one baseline that overlap, joined; null where there are none.</summary>
    public static string? Overlap(XElement svg)
    {
        foreach (var line in Page.Named(svg, "text").GroupBy(text => (string)text.Attribute("y")!))
        {
            var spans = line.Select(Span).OrderBy(span => span.Left).ToArray();
            for (int i = 1; i < spans.Length; i++)
            {
                if (spans[i].Left < spans[i - 1].Right)
                {
                    return $"'{spans[i - 1].Text}' and '{spans[i].Text}'";
                }
            }
        }

        return null;
    }

    private static (double Left, double Right, string Text) Span(XElement text)
    {
        double x = Page.Number((string)text.Attribute("x")!);
        double width = CharacterWidth * text.Value.Length;
        double left = (string)text.Attribute("text-anchor")! switch
        {
            "start" => x,
            "middle" => x - (width / 2),
            _ => x - width,
        };
        return (left, left + width, text.Value);
    }
}
