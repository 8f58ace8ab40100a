using Quotient.Reports.Charts;
using Quotient.Results;

namespace Quotient.Reports;

/// <summary>Keys to the charts' marks; they name only what is drawn.</summary>
internal static class HtmlLegend
{
    private static readonly ChartSize Swatch = new(26, 14, "swatch");
    private static readonly ChartSize DotSwatch = new(14, 14, "swatch dot");

    public static string Eigenvalues(IEnumerable<SpectrumResult> spectra)
    {
        var pairs = spectra.SelectMany(spectrum => spectrum.Top.Concat(spectrum.Bottom)).ToArray();
        bool negative = pairs.Any(pair => pair.Value < 0 && pair.Converged);
        bool open = pairs.Any(pair => !pair.Converged);
        List<(string, string)> items = [];
        AddIf(items, pairs.Any(pair => pair.Value >= 0 && pair.Converged), Dot("mark"), "positive");
        AddIf(items, negative, Dot("mark negative"), "negative");
        AddIf(items, open, Dot("mark open"), Words.Unconverged);
        return negative || open ? List(items) : "";
    }

    public static string Density(bool negative, bool band, bool single)
    {
        List<(string, string)> items = [];
        AddIf(items, negative, Curve("mark negative"), "below zero");
        AddIf(items, band, Draw(svg => svg.Group("mark").Path(Box(2, 12), "band", closed: true).End()), "± one standard error");
        AddIf(items, single, Draw(svg => svg.Line(new(0, 7), new(26, 7), "single")), "height of one eigenvalue");
        items.Add((Draw(svg => svg.Strokes([5, 9, 17, 21], 3, 11, "rug")), "quadrature nodes"));
        return List(items);
    }

    public static string Training(bool test)
    {
        List<(string, string)> items = [(Series("train", svg => svg.Circle(new(13, 7), 3, "point")), "training data")];
        AddIf(items, test, Series("test", svg => svg.Square(new(13, 7), 2.7, "point")), "test data");
        return List(items);
    }

    private static void AddIf(List<(string, string)> items, bool wanted, string swatch, string name)
    {
        if (wanted)
        {
            items.Add((swatch, name));
        }
    }

    private static string Dot(string cssClass) =>
        Draw(svg => svg.Group(cssClass).Circle(new(7, 7), 4.5, "point").End(), DotSwatch);

    private static string Curve(string cssClass) =>
        Draw(svg => svg.Group(cssClass).Path(Box(4, 13), "area", closed: true).Line(new(0, 4), new(26, 4), "curve").End());

    private static string Series(string name, Action<Svg> point) =>
        Draw(svg =>
        {
            svg.Group($"series {name}").Line(new(0, 7), new(26, 7), "curve");
            point(svg.Group("mark"));
            svg.End().End();
        });

    private static Point[] Box(double top, double bottom) => [new(0, top), new(26, top), new(26, bottom), new(0, bottom)];

    private static string Draw(Action<Svg> content, ChartSize? size = null)
    {
        var svg = new Svg(size ?? Swatch, label: null);
        content(svg);
        return svg.Finish();
    }

    private static string List(List<(string Swatch, string Name)> items)
    {
        var list = new Markup().Open("ul", ("class", "legend"));
        foreach (var (swatch, name) in items)
        {
            list.Open("li").Raw(swatch).Text(name).Close();
        }

        return list.Close().ToString();
    }
}
