using FsCheck;
using FsCheck.Fluent;
using NUnit.Framework;
using Quotient.Reports;
using Quotient.Results;

namespace Quotient.Tests.Reports;

public class HtmlWriterTests
{
    [Test]
    public void A_full_page_has_every_section()
    {
        var page = new Page(Samples.Full);
        string[] headings = [.. Page.Named(page.Root, "h2").Select(heading => heading.Value)];
        Assert.That(headings, Is.EqualTo(new[] { "Eigenvalues", "Density", "By layer", "Training", "Figures", "To make this again" }));
    }

    [Test]
    public void What_was_not_computed_has_no_section()
    {
        var page = new Page(Samples.Bare);
        string[] headings = [.. Page.Named(page.Root, "h2").Select(heading => heading.Value)];
        Assert.That(headings, Is.EqualTo(new[] { "Figures", "To make this again" }));
        Assert.That(Page.Named(page.Root, "svg"), Is.Empty);
    }

    [Test]
    public void The_page_is_self_contained_and_holds_no_script()
    {
        string text = ToText(Samples.Full);
        Assert.That(text, Does.Not.Contain("<script").And.Not.Contain("src=").And.Not.Contain("href=").And.Not.Contain("url("));
    }

    [Test]
    public void Text_from_outside_is_inert_and_whole()
    {
        const string Hostile = "<script>alert(\"1\")</script> & 'x' ]]> \u0007 \uD800 λ";
        const string Seen = "<script>alert(\"1\")</script> & 'x' ]]> \uFFFD \uFFFD λ";
        var layer = Samples.Full.Layers[0] with { Name = Hostile, Density = Samples.Density };
        var analysis = Samples.Full with
        {
            Network = Hostile,
            Data = Hostile,
            Provenance = new(Hostile) { Device = Hostile, DeviceName = Hostile, Version = Hostile },
            LossName = Hostile,
            Surrogate = Hostile,
            Layers = [layer],
            Spectrum = Samples.Full.Spectrum with { Name = Hostile, Trace = new(1, 1, 1, Hostile, true) },
        };
        var page = new Page(analysis);
        Assert.That(Page.Named(page.Root, "script"), Is.Empty);
        Assert.That(Page.Named(page.Root, "strong").Count(strong => strong.Value == $"{Seen} on {Seen}"), Is.EqualTo(1));
        Assert.That(Page.Named(page.Root, "pre").Single().Value, Is.EqualTo(Seen));
        Assert.That(ToText(analysis), Does.Not.Contain("<script"));
    }

    [Test]
    public void Facts_tables_and_notes_of_any_report_are_on_its_page_inert_and_whole()
    {
        const string Hostile = "<img src=x onerror=alert(1)> & \"b\"";
        var report = new Report("any", Hostile).About(Hostile, Hostile).Fact(Hostile, Hostile, Hostile).Fact("n", "number", 0.5).Note(Hostile)
            .Table(Table.Of("t", Hostile, [Hostile], new Column<string>("c", Hostile, text => text), new Column<string>("l", "length", text => text.Length)));
        var root = new Page(report).Root;
        Assert.That(Page.Named(root, "img"), Is.Empty);
        Assert.That(Page.Named(root, "h1").Single().Value, Is.EqualTo(Hostile));
        Assert.That(Page.Of(root, "note").Single().Value, Is.EqualTo(Hostile));
        Assert.That(Page.Named(root, "caption").Single().Value, Is.EqualTo(Hostile));
        Assert.That(Page.Named(root, "th").Count(cell => cell.Value == Hostile), Is.EqualTo(3));
        Assert.That(Page.Named(root, "td").Select(cell => cell.Value), Is.EqualTo(new[] { Hostile, "0.5", $"{Hostile.Length}" }));
        Assert.That(Page.Of(root, "big").Single().Value, Is.EqualTo("0.5"));
    }

    [Test]
    public void A_legend_names_what_is_drawn_alone()
    {
        string Legend(Analysis analysis, string heading) => string.Join(", ", Page.Named(
            Page.Named(new Page(analysis).Root, "figure").Single(figure => Page.Named(figure, "h2").Single().Value == heading), "li").Select(item => item.Value.Trim()));
        Assert.That(Legend(Samples.Full, "Eigenvalues"), Is.EqualTo("positive, negative, unconverged"));
        Assert.That(Legend(Samples.Full, "Training"), Is.EqualTo("training data, test data"));
        Assert.That(Legend(Samples.Full with { Training = [new(1, 0.5, 0.2, null, null)] }, "Training"), Is.EqualTo("training data"));
        const string All = "below zero, ± one standard error, height of one eigenvalue, quadrature nodes";
        Assert.That(Legend(Samples.Full, "Density"), Is.EqualTo(All));
        var oneProbe = Samples.Full.Spectrum with { Density = Samples.Density with { StandardErrors = [], Sigma = double.NaN } };
        Assert.That(Legend(Samples.Full with { Spectrum = oneProbe }, "Density"), Is.EqualTo("below zero, quadrature nodes"));
    }

    [TestCase("wide")]
    [TestCase("narrow")]
    public void Every_eigenvalue_is_drawn(string width)
    {
        var spectrum = Samples.Full.Spectrum with { Top = Decay(50, 5), Bottom = Decay(37, -0.5) };
        var chart = new Page(Samples.Full with { Spectrum = spectrum }).Chart("Eigenvalues", width);
        Assert.That(Page.Named(chart, "circle").Count(), Is.EqualTo(87));
        Assert.That(Page.Of(chart, "rust").Count(), Is.EqualTo(37));
    }

    [Test]
    public void Every_layers_eigenvalue_is_drawn_below_those_of_the_whole()
    {
        var layer = new SpectrumResult("", 99, Decay(5, 1), Decay(3, -1), null, null, null, 8);
        var layers = Enumerable.Range(0, 10).Select(i => layer with { Name = $"{2 * i}" });
        var chart = new Page(Samples.Full with { Layers = [.. layers] }).Chart("By layer", "wide");
        Assert.That(Page.Of(chart, "row").Count(), Is.EqualTo(11));
        Assert.That(Page.Named(chart, "circle").Count(), Is.EqualTo((10 * 8) + 4));
    }

    [Test]
    public void The_unconverged_are_hollow_in_charts_and_named_in_tables()
    {
        var page = new Page(Samples.Full);
        Assert.That(Page.Of(page.Chart("Eigenvalues", "wide"), "open").Count(), Is.EqualTo(2));
        Assert.That(Page.Named(page.Root, "td").Count(cell => cell.Value == "unconverged"), Is.EqualTo(2));
        Assert.That(Page.Of(page.Root, "warning").Single().Value, Does.StartWith("3 of 7 figures are unconverged"));
    }

    [Test]
    public void What_converged_raises_no_warning()
    {
        var spectrum = Samples.Full.Spectrum with { Top = Decay(3, 1), Bottom = [] };
        var page = new Page(Samples.Full with { Spectrum = spectrum, Layers = [] });
        Assert.That(Page.Of(page.Root, "warning").Concat(Page.Of(page.Root, "open")), Is.Empty);
    }

    [Test]
    public void The_density_below_zero_is_tinted_and_a_narrow_peak_keeps_its_height()
    {
        var chart = new Page(Samples.Full).Chart("Density", "wide");
        Assert.That(Page.Of(chart, "rust").Any(part => Page.Of(part, "area").Any()), Is.True);
        double highest = Page.Of(chart, "curve").SelectMany(curve => Page.Points(curve.Parent!)).Min(point => point.Y);
        // The axis ends at 1.6 times the peak, 38 units below the chart's upper edge: the peak is just under it.
        Assert.That(highest, Is.InRange(38, 50));
    }

    [Test]
    public void A_layers_density_is_drawn_under_its_name()
    {
        var page = new Page(Samples.Full with { Layers = [Samples.Full.Layers[0] with { Density = Samples.Density }] });
        Assert.That(Page.Named(page.Root, "h3").Select(heading => heading.Value), Is.EqualTo(new[] { "layer 0" }));
    }

    [Test]
    public void Any_analysis_is_drawn_inside_its_charts()
    {
        var property = Prop.ForAll(Arb.From(Samples.Any), analysis =>
        {
            foreach (var svg in Page.Named(new Page(analysis).Root, "svg"))
            {
                var (width, height) = Page.Box(svg);
                foreach (var (x, y) in Page.Points(svg))
                {
                    Assert.That(x, Is.InRange(0, width));
                    Assert.That(y, Is.InRange(0, height));
                }
            }
        });
        Check.One(Samples.Seeded, property);
    }

    [Test]
    public void Any_analysis_draws_each_finite_eigenvalue_once_a_width()
    {
        var property = Prop.ForAll(Arb.From(Samples.Any), analysis =>
        {
            int finite = analysis.Spectrum.Top.Concat(analysis.Spectrum.Bottom).Count(pair => double.IsFinite(pair.Value));
            var page = new Page(analysis);
            foreach (string width in new[] { "wide", "narrow" })
            {
                var drawn = page.Charts(width).Where(svg => Page.Label(svg).Contains("by rank", StringComparison.Ordinal));
                Assert.That(drawn.SelectMany(svg => Page.Named(svg, "circle")).Count(), Is.EqualTo(finite));
            }
        });
        Check.One(Samples.Seeded, property);
    }

    [Test]
    public void Any_chart_is_named_and_its_labels_on_one_line_do_not_overlap()
    {
        var property = Prop.ForAll(Arb.From(Samples.Any), analysis =>
        {
            foreach (var svg in Page.Named(new Page(analysis).Root, "svg").Where(svg => svg.Attribute("aria-hidden") is null))
            {
                Assert.That((string?)svg.Attribute("role"), Is.EqualTo("img"));
                Assert.That(Page.Label(svg), Is.Not.Empty);
                Assert.That(Labels.Overlap(svg), Is.Null);
            }
        });
        Check.One(Samples.Seeded, property);
    }

    [Test]
    public void The_same_analysis_gives_the_same_page() =>
        Assert.That(ToText(Samples.Full), Is.EqualTo(ToText(Samples.Full with { })));

    private static Eigenvalue[] Decay(int count, double first) =>
        [.. Enumerable.Range(0, count).Select(i => new Eigenvalue(first / (1 + (0.3 * i)), 1e-4, true))];

    private static string ToText(Analysis analysis) => HtmlWriter.ToText(SpectrumReport.Of(analysis));
}
