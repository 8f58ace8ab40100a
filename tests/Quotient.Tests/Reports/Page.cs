using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using Quotient.Reports;

namespace Quotient.Tests.Reports;

/// <summary>A report's page, read as XML.</summary>
internal sealed partial class Page
{
    private static readonly string[] Across = ["x", "x1", "x2", "cx"];
    private static readonly string[] Up = ["y", "y1", "y2", "cy"];

    public Page(Analysis analysis) : this(SpectrumReport.Of(analysis))
    {
    }

    public Page(Report report)
    {
        using var text = new StringReader(HtmlWriter.ToText(report));
        using var reader = XmlReader.Create(text, new() { DtdProcessing = DtdProcessing.Ignore });
        Root = XElement.Load(reader);
    }

    public XElement Root { get; }

    /// <summary>The charts of one class: <c>wide</c>, <c>narrow</c>, <c>half</c>.</summary>
    public IEnumerable<XElement> Charts(string cssClass) => Named(Root, "svg").Where(svg => Has(svg, cssClass));

    /// <summary>The chart under a heading, at one width.</summary>
    public XElement Chart(string heading, string cssClass) =>
        Named(Root, "figure").Single(figure => Named(figure, "h2").Any(h2 => h2.Value == heading)) is var figure
            ? Named(figure, "svg").First(svg => Has(svg, cssClass))
            : throw new InvalidOperationException();

    public static IEnumerable<XElement> Named(XElement within, string name) =>
        within.Descendants().Where(element => element.Name.LocalName == name);

    /// <summary>The elements of a class.</summary>
    public static IEnumerable<XElement> Of(XElement within, string cssClass) =>
        within.Descendants().Where(element => Has(element, cssClass));

    public static bool Has(XElement element, string cssClass) =>
        ((string?)element.Attribute("class") ?? "").Split(' ').Contains(cssClass);

    /// <summary>What a chart says to those who do not see it.</summary>
    public static string Label(XElement svg) => (string?)svg.Attribute("aria-label") ?? "";

    /// <summary>A chart's width and height.</summary>
    public static (double Width, double Height) Box(XElement svg)
    {
        double[] box = [.. ((string)svg.Attribute("viewBox")!).Split(' ').Select(Number)];
        return (box[2], box[3]);
    }

    /// <summary>Every point that a chart draws at.</summary>
    public static IEnumerable<(double X, double Y)> Points(XElement svg)
    {
        foreach (var element in svg.Descendants())
        {
            foreach (var pair in Across.Zip(Up).Where(pair => element.Attribute(pair.First) is not null))
            {
                yield return (Number((string)element.Attribute(pair.First)!), Number((string)element.Attribute(pair.Second)!));
            }

            foreach (Match match in PathPoint().Matches((string?)element.Attribute("d") ?? ""))
            {
                yield return (Number(match.Groups[1].Value), Number(match.Groups[2].Value));
            }
        }
    }

    public static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"[ML](\S+) ([^\sMLVZ]+)")]
    private static partial Regex PathPoint();
}
