using System.Xml.Linq;
using NUnit.Framework;
using Quotient.Reports;
using Quotient.Reports.Charts;

namespace Quotient.Tests.Reports.Charts;

public class HeatMapTests
{
    private const string Hostile = "<script>alert(1)</script> & \"x\"";

    private static readonly double[][] Values = [[0, 1, 2], [double.NaN, 4, 1e-3]];

    [TestCase("wide")]
    [TestCase("narrow")]
    public void A_cell_for_each_number_has_its_value_and_names_on_it(string width)
    {
        var chart = Draw(MapOf(Values), width);
        var cells = Page.Of(chart, "cell").ToList();
        Assert.That(cells.Select(cell => Page.Named(cell, "title").Single().Value), Is.EqualTo(new[]
        {
            "a, x: 0", "a, y: 1", "a, z: 2", "b, x: n/a", "b, y: 4", "b, z: 0.001",
        }));
        Assert.That(cells.SelectMany(cell => Page.Named(cell, "text")).Select(text => text.Value), Is.EqualTo(new[] { "0", "1", "2", "4", "0.001" }));
        Assert.That(Page.Of(chart, "missing").Count(), Is.EqualTo(1));
    }

    [Test]
    public void The_greater_the_number_the_deeper_the_colour()
    {
        var chart = Draw(MapOf([[0, 1, 2], [3, 3.5, 4]]), "wide");
        double[] depths = [.. Page.Of(chart, "cell").Select(DepthOf)];
        Assert.That(depths, Is.Ordered.Ascending.And.Unique);
        Assert.That(depths[^1], Is.EqualTo(1));
        var scale = Page.Of(chart, "scale").Single();
        Assert.That(Page.Named(scale, "rect").Select(rect => Page.Number((string)rect.Attribute("fill-opacity")!)), Is.Ordered.Ascending);
        Assert.That(Page.Named(scale, "text").Select(text => text.Value), Is.EqualTo(new[] { "metres", "0", "4" }));
        Assert.That(Page.Of(chart, "deep").Select(text => text.Value), Is.EqualTo(new[] { "2", "3", "3.5", "4" }));
    }

    [Test]
    public void Bounds_that_are_given_hold_for_cells_and_scale()
    {
        var chart = Draw(MapOf([[0.5, 0.5, 2]]) with { Low = 0, High = 1 }, "wide");
        double[] depths = [.. Page.Of(chart, "cell").Select(DepthOf)];
        Assert.That(depths[0], Is.EqualTo(0.05 + (0.95 * 0.5)).Within(0.01));
        Assert.That(depths[2], Is.EqualTo(1));
    }

    [Test]
    public void Names_are_inert_and_long_ones_are_shortened_but_whole_on_hover()
    {
        var map = new HeatMap(Hostile, new("rows", [Hostile]), new("columns", [Hostile]), [[1]], Hostile);
        var page = new Page(new Report("any", "Any").Chart(new(Hostile, Hostile, map)));
        Assert.That(Page.Named(page.Root, "script"), Is.Empty);
        var chart = page.Chart(Hostile, "wide");
        Assert.That(Page.Named(chart, "title").First().Value, Is.EqualTo($"{Hostile}, {Hostile}: 1"));
        Assert.That(Page.Of(chart, "axis").Single().Value, Does.Contain("…"));
        Assert.That(Page.Label(chart), Does.Contain(Hostile).And.Contain("from 1 to 1"));
    }

    [Test]
    public void Everything_is_within_the_drawing_at_every_width([Values(1, 3, 16, 60)] int count)
    {
        string[] names = [.. Enumerable.Range(0, count).Select(i => $"net-number-{i}")];
        var axis = new NameAxis("nets", names) { Gaps = count > 2 ? [1, count - 1] : [] };
        var map = new HeatMap("", axis, axis, [.. names.Select((_, i) => names.Select((_, j) => (double)(i * j)).ToArray())], "metres");
        var page = new Page(new Report("any", "Any").Chart(new("One", "", map)).Chart(new("Two", "", map, map)));
        foreach (var chart in new[] { "wide", "narrow", "half" }.SelectMany(page.Charts))
        {
            var (width, height) = Page.Box(chart);
            foreach (var rectangle in Page.Named(chart, "rect"))
            {
                double Of(string name) => Page.Number((string)rectangle.Attribute(name)!);
                Assert.That(Of("x"), Is.GreaterThanOrEqualTo(0));
                Assert.That(Of("width"), Is.Positive);
                Assert.That(Of("x") + Of("width"), Is.LessThanOrEqualTo(width));
                Assert.That(Of("y") + Of("height"), Is.LessThanOrEqualTo(height));
            }
        }
    }

    [Test]
    public void Without_a_number_nothing_is_drawn() =>
        Assert.That(Page.Named(new Page(new Report("any", "Any").Chart(new("Map", "", MapOf([[double.NaN]])))).Root, "svg"), Is.Empty);

    private static HeatMap MapOf(double[][] values) => new("", new("rows", ["a", "b"]), new("columns", ["x", "y", "z"]), values, "metres");

    private static XElement Draw(HeatMap map, string width) => new Page(new Report("any", "Any").Chart(new("Map", "A map.", map))).Chart("Map", width);

    private static double DepthOf(XElement cell) => Page.Number((string)Page.Named(cell, "rect").Single().Attribute("fill-opacity")!);
}
