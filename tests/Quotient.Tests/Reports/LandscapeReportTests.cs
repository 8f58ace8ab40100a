using System.Text.Json;
using NUnit.Framework;
using Quotient.Experiments;
using Quotient.Reports;
using Quotient.Tests.Experiments;

namespace Quotient.Tests.Reports;

public class LandscapeReportTests
{
    private const string Hostile = "<i>x</i>";

    private static readonly LandscapeResult Found = MadeLandscape.Of([0.01, 0.02, 0.04], [0.01, 0.02, 0.04], 0.4, Hostile);

    private static readonly ExperimentResult Experiment = new(
        "toroids",
        [new("A statement.", Hostile, Verdict.Holds, [new("s", "f", new Interval(1, 0.5, 2)), new("s", "g", null)])],
        [new("mnist", "relu", Found, [new("sgd", "a", "b", 0, 0.1, 0.01, 0.2)])]);

    [Test]
    public void Every_field_is_listed_and_what_is_listed_is_there()
    {
        foreach (var report in new[] { LandscapeReport.Of(Found), ExperimentReport.Of(Experiment, "An experiment.") })
        {
            using var json = JsonDocument.Parse(JsonWriter.ToText(report.From(new("quotient"))));
            Schema.AssertListed(json.RootElement);
            string[] headers = ["pairs[].raw", "pairs[].permuted", "pairs[].aligned"];
            Assert.That(Schema.Of(report.Kind).Except(Schema.Paths(json.RootElement)).Except(headers), Is.Empty);
        }
    }

    [Test]
    public void Figures_are_in_json_and_csv()
    {
        using var json = JsonDocument.Parse(JsonWriter.ToText(LandscapeReport.Of(Found)));
        var pair = json.RootElement.GetProperty("pairs")[0];
        Assert.That(pair.GetProperty("first").GetString(), Is.EqualTo($"{Hostile}rsgd-1"));
        Assert.That(pair.GetProperty("raw").GetProperty("trainErrorBarrier").GetProperty("excess").GetDouble(), Is.EqualTo(0.4));
        Assert.That(json.RootElement.GetProperty("groupPairs").GetArrayLength(), Is.EqualTo(6));
        string[] lines = CsvWriter.ToText(LandscapeReport.Of(Found), "pairs").TrimEnd().Split('\n');
        Assert.That(lines, Has.Length.EqualTo(1 + (15 * 14 / 2)));
        Assert.That(lines[0], Does.StartWith("first,second,functionDistance,raw.distance,raw.relativeDistance,raw.trainErrorMaximum,raw.trainErrorExcess"));
    }

    [Test]
    public void The_page_draws_paths_flatness_distances_and_barriers_with_names_inert()
    {
        var page = new Page(LandscapeReport.Of(Found));
        Assert.That(Page.Named(page.Root, "i"), Is.Empty);
        string[] headings = [.. Page.Named(page.Root, "h2").Select(heading => heading.Value)];
        Assert.That(headings[..5], Is.EqualTo(new[]
        {
            "Training error along paths", "Test error along paths", "Flatness and generalisation", "Distances", "Barriers",
        }));
        Assert.That(Page.Of(page.Chart("Barriers", "half"), "cell").Count(), Is.EqualTo(15 * 15));
        Assert.That(Page.Of(page.Chart("Barriers", "half"), "missing").Count(), Is.EqualTo(15), "a net has no path to itself");
        Assert.That(Page.Named(page.Chart("Flatness and generalisation", "half"), "circle").Count(), Is.EqualTo(15));
        Assert.That(Page.Of(page.Chart("Training error along paths", "half"), "mark").Count(), Is.EqualTo(6));
    }

    [Test]
    public void An_experiment_shows_its_verdicts_and_all_studies()
    {
        var report = ExperimentReport.Of(Experiment, "An experiment.");
        Assert.That(PlainTextWriter.ToText(report), Does.Contain("holds").And.Contain("mnist/relu: paths with one bend").And.Contain("A statement."));
        var page = new Page(report);
        Assert.That(Page.Named(page.Root, "h2").Select(heading => heading.Value), Does.Contain("mnist/relu: barriers"));
        Assert.That(Page.Named(page.Root, "i"), Is.Empty);
    }
}
