using Quotient.Experiments;

namespace Quotient.Reports;

/// <summary>An experiment as a report: a verdict on each statement, and what it rests on.</summary>
public static class ExperimentReport
{
    /// <summary>The report of kind <c>experiment</c>.</summary>
    /// <param name="found">What was found.</param>
    /// <param name="title">The experiment in words.</param>
    public static Report Of(ExperimentResult found, string title)
    {
        var report = new Report("experiment", $"Experiment {found.Name}").About(title)
            .Fact("name", null, found.Name)
            .Fact("statements", null, found.Statements.Select(FieldsOf))
            .Fact("studies", null, found.Studies.Select(FieldsOf))
            .Table(Statements(found.Statements));
        foreach (var (index, statement) in found.Statements.Index())
        {
            report.Note($"Statement {index + 1} {(statement.Verdict == Verdict.Undecided ? "is " : "")}{statement.Verdict.Word()}: {statement.Statement} Evidence: {statement.Evidence}.");
        }

        LandscapeReport.WarnOfFew(
            report, found.Studies.SelectMany(study => study.Landscape.Nets.GroupBy(net => net.Group)).Min(group => group.Count()), "seed");
        foreach (var study in found.Studies)
        {
            report.Landscape(study.Landscape, study.Name);
            report.Table(LandscapeReport.GroupsTable(study.Landscape, $"{study.Name}: groups of nets"));
            report.Table(LandscapeReport.GroupPairsTable(study.Landscape, $"{study.Name}: pairs of nets by group"));
            report.Table(BendsTable(study));
        }

        return report.Table(ChecksTable(found.Statements));
    }

    /// <summary>For files alone; people read sentences.</summary>
    private static Table Statements(IReadOnlyList<StatementResult> statements) => Table.Of(
        "statements", null, statements.Index(),
        new("number", null, at => at.Index + 1),
        new("statement", null, at => at.Item.Statement),
        new("verdict", null, at => at.Item.Verdict.Word()),
        new("evidence", null, at => at.Item.Evidence));

    /// <summary>The figures behind the verdicts.</summary>
    private static Table ChecksTable(IReadOnlyList<StatementResult> statements) => Table.Of(
        null, "Figures that are above 0 where a statement is true, with 95 % intervals over the nets",
        statements.Index().SelectMany(at => at.Item.Checks.Select(check => (Number: at.Index + 1, Check: check))),
        new(null, "statement", at => at.Number),
        new(null, "study", at => at.Check.Study),
        new(null, "figure", at => at.Check.Figure),
        new(null, "value", at => at.Check.Interval?.Value, at => Number(at.Check.Interval?.Value)),
        new(null, "from", at => at.Check.Interval?.Low, at => Number(at.Check.Interval?.Low)),
        new(null, "to", at => at.Check.Interval?.High, at => Number(at.Check.Interval?.High)),
        new(null, "agrees", at => at.Check.Agrees ? "yes" : at.Check.Contradicts ? "against" : "open"));

    private static Table BendsTable(StudyResult study) => Table.Of(
        null, $"{study.Name}: paths with one bend", study.Bends,
        new(null, "from", bend => bend.First),
        new(null, "to", bend => bend.Second),
        new(null, "train error of the ends", bend => bend.EndError, bend => Figures.Share(bend.EndError)),
        new(null, "most without a bend", bend => bend.StraightError, bend => Figures.Share(bend.StraightError)),
        new(null, "most with one", bend => bend.TrainError, bend => Figures.Share(bend.TrainError)),
        new(null, "test error", bend => bend.TestError, bend => Figures.Share(bend.TestError)));

    private static string Number(double? value) => value is { } known ? LandscapeReport.Short(known) : Figures.Missing;

    private static Fields FieldsOf(StatementResult result) => new(
        ("statement", result.Statement), ("evidence", result.Evidence), ("verdict", result.Verdict.Word()),
        ("checks", result.Checks.Select(check => new Fields(
            ("study", check.Study), ("figure", check.Figure), ("value", check.Interval?.Value), ("low", check.Interval?.Low),
            ("high", check.Interval?.High)))));

    private static Fields FieldsOf(StudyResult study) => new(
        ("name", study.Name), ("network", study.Landscape.Network), ("data", study.Landscape.Train.Name), ("testData", study.Landscape.Test.Name),
        ("flatnessLevel", study.Landscape.FlatnessLevel), ("correlation", LandscapeReport.FieldsOf(study.Landscape.Correlation)),
        ("groups", study.Landscape.MeansByGroup().Select(LandscapeReport.FieldsOf)),
        ("groupPairs", study.Landscape.ByGroupPair().Select(LandscapeReport.FieldsOf)),
        ("bends", study.Bends.Select(bend => new Fields(
            ("group", bend.Group), ("first", bend.First), ("second", bend.Second), ("endError", bend.EndError),
            ("straightError", bend.StraightError), ("trainError", bend.TrainError), ("testError", bend.TestError)))));
}
