using NUnit.Framework;
using Quotient.Experiments;

namespace Quotient.Tests.Experiments;

/// <summary>The rules by which statements are judged, on figures of choice.</summary>
public class ToroidsStatementsTests
{
    private static readonly double[] Rising = [0.01, 0.02, 0.04], Level = [0.02, 0.02, 0.02], Falling = [0.04, 0.02, 0.01];

    private static readonly BentPair Joined = new("sgd", "sgd-1", "sgd-2", 0, 0.1, 0.0005, 0.1), Parted = Joined with { TrainError = 0.02 };

    [Test]
    public void What_all_figures_agree_with_holds()
    {
        var verdicts = Judge([StudyOf("relu", Rising, Rising, 0.4), StudyOf("binary", Rising, Rising, 0.4)]);
        Assert.That(verdicts, Is.EqualTo(new[] { Verdict.Holds, Verdict.Holds, Verdict.Holds, Verdict.Holds, Verdict.Holds, Verdict.Holds }));
    }

    [Test]
    public void What_a_figure_contradicts_fails()
    {
        var verdicts = Judge([StudyOf("relu", Rising, Falling, 0.001, Parted), StudyOf("binary", Rising, Falling, 0.001, Parted)]);
        Assert.That(verdicts[..5], Is.EqualTo(new[] { Verdict.Fails, Verdict.Fails, Verdict.Fails, Verdict.Fails, Verdict.Fails }));
    }

    [Test]
    public void What_figures_leave_open_is_undecided()
    {
        var verdicts = Judge([StudyOf("relu", Level, Level, 0.4), StudyOf("binary", Rising, Rising, 0.4, Parted, Joined)]);
        Assert.That(verdicts[0], Is.EqualTo(Verdict.Undecided), "groups that are alike");
        Assert.That(verdicts[4], Is.EqualTo(Verdict.Holds), "one path without error is enough");
        Assert.That(Judge([StudyOf("relu", Rising, Rising, 0.4)])[4], Is.EqualTo(Verdict.Undecided), "no binary nets");
        var mixed = Judge([StudyOf("relu", Rising, Rising, 0.4, Joined), StudyOf("lenet", Rising, Rising, 0.4, Parted)]);
        Assert.That(mixed[3], Is.EqualTo(Verdict.Undecided), "on one of two");
        var none = Judge([StudyOf("relu", Rising, Rising, 0.4) with { Bends = [] }]);
        Assert.That(none[3], Is.EqualTo(Verdict.Undecided), "none tried");
    }

    [Test]
    public void One_contrary_study_among_several_is_named()
    {
        var statements = ToroidsStatements.Judge([StudyOf("relu", Rising, Rising, 0.4), StudyOf("lenet", Falling, Rising, 0.4)], 1);
        Assert.That(statements[0].Verdict, Is.EqualTo(Verdict.Fails));
        Assert.That(statements[0].Evidence, Does.Contain("mnist/relu, 5 seeds: 9 of 9 figures agree").And.Contain("mnist/lenet").And.Contain("against it: local energy, sgd less rsgd"));
        Assert.That(statements[0].Checks, Has.Count.EqualTo(18));
    }

    [TestCase(0.1, 0.2, true, false)]
    [TestCase(-0.2, -0.1, false, true)]
    [TestCase(-0.1, 0.1, false, false)]
    [TestCase(0, 0.1, false, false)]
    public void An_interval_agrees_or_contradicts_as_a_whole(double low, double high, bool agrees, bool contradicts)
    {
        var check = new StatementCheck("", "", new Interval((low + high) / 2, low, high));
        Assert.That((check.Agrees, check.Contradicts), Is.EqualTo((agrees, contradicts)));
    }

    [Test]
    public void What_is_not_defined_decides_nothing() =>
        Assert.That(StatementCheck.Decide([new("", "", null), new("", "", new Interval(1, 0.5, 2))]), Is.EqualTo(Verdict.Undecided));

    private static Verdict[] Judge(IReadOnlyList<StudyResult> studies) => [.. ToroidsStatements.Judge(studies, 1).Select(statement => statement.Verdict)];

    private static StudyResult StudyOf(string kind, double[] sharpness, double[] aligned, double raw, params BentPair[] bends) =>
        new("mnist", kind, MadeLandscape.Of(sharpness, aligned, raw), bends.Length == 0 ? [Joined] : bends);
}
