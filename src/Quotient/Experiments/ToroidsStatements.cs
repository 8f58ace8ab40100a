namespace Quotient.Experiments;

/// <summary>
/// The six statements of Pittorino et al. (2022), judged by rules that know no results. A statement is turned into figures that are above 0
/// where it is true, each with a 95 % interval over the nets; it holds where all intervals are above 0, fails where one of them is below, and
/// is undecided otherwise.
/// </summary>
internal static class ToroidsStatements
{
    /// <summary>A barrier of the training error up to this is called small.</summary>
    public const double SmallBarrier = 0.05;

    /// <summary>A path with one bend has no more error than its ends where it has at most so much more.</summary>
    public const double NoError = 1e-3;

    private const string Binary = "binary";

    /// <summary>Judges all statements.</summary>
    public static IReadOnlyList<StatementResult> Judge(IReadOnlyList<StudyResult> studies, ulong seed)
    {
        List<StudyResult> real = [.. studies.Where(study => study.Kind != Binary)], binary = [.. studies.Where(study => study.Kind == Binary)];
        Func<StudyResult, IEnumerable<StatementCheck>>[] ofEach =
            [study => Generalisation(study, seed), study => Functions(study, seed), study => Barriers(study, seed)];
        return
        [
            Decide("Flatter minima generalise better: from rsgd over sgd to adv, local energy, test error, distance and barrier grow.", real, ofEach[0]),
            Decide("After symmetry removal, flatter minima are closer to each other in function space.", real, ofEach[1]),
            Decide($"Barriers along geodesics between flat minima are small, below {100 * SmallBarrier:0} %, and lower than without symmetry removal.", real, ofEach[2]),
            Bends("Paths with one bend join minima without error.", real),
            OfBinary("Binary nets behave alike: statements 1 to 4 are true of them.", binary, ofEach),
            Decide("All of it hinges on symmetry removal: without it, distances and barriers say less about functions.", studies, study => Removals(study, seed)),
        ];
    }

    private static IEnumerable<StatementCheck> Generalisation(StudyResult study, ulong seed)
    {
        var (found, figures) = (study.Landscape, new GroupFigures(study.Landscape, seed));
        yield return new(study.Name, "rank correlation of local energy and test error", found.Correlation);
        foreach (var (first, second) in figures.Steps)
        {
            string step = $"{figures.Groups[second]} less {figures.Groups[first]}";
            yield return new(study.Name, $"local energy, {step}", figures.Difference(second, first, net => found.Flatness(net).Error));
            yield return new(study.Name, $"test error, {step}", figures.Difference(second, first, net => net.TestError));
            yield return new(study.Name, $"aligned distance, {step}", figures.PairDifference(second, first, pair => pair.Aligned.Distance));
            yield return new(study.Name, $"aligned barrier, {step}", figures.PairDifference(second, first, pair => pair.Aligned.TrainRise()));
        }
    }

    private static IEnumerable<StatementCheck> Functions(StudyResult study, ulong seed)
    {
        var figures = new GroupFigures(study.Landscape, seed);
        yield return new(
            study.Name, "rank correlation of aligned and function distance",
            figures.PairCorrelation(pair => pair.Aligned.Distance, pair => pair.FunctionDistance));
        foreach (var (first, second) in figures.Steps)
        {
            yield return new(
                study.Name, $"function distance, {figures.Groups[second]} less {figures.Groups[first]}",
                figures.PairDifference(second, first, pair => pair.FunctionDistance));
        }
    }

    private static IEnumerable<StatementCheck> Barriers(StudyResult study, ulong seed)
    {
        var figures = new GroupFigures(study.Landscape, seed);
        for (int group = 0; group < figures.Groups.Count; group++)
        {
            yield return new(
                study.Name, $"barrier as they are less aligned, {figures.Groups[group]}",
                figures.PairMean(group, pair => pair.Raw.TrainRise() - pair.Aligned.TrainRise()));
        }

        yield return new(
            study.Name, $"{SmallBarrier.ToString(CultureInfo.InvariantCulture)} less aligned barrier, {figures.Groups[0]}",
            figures.PairMean(0, pair => SmallBarrier - pair.Aligned.TrainRise()));
    }

    private static IEnumerable<StatementCheck> Removals(StudyResult study, ulong seed)
    {
        var figures = new GroupFigures(study.Landscape, seed);
        yield return new(
            study.Name, "rank correlation of distance and function distance, aligned less as they are",
            figures.PairCorrelationGain(pair => pair.Aligned.Distance, pair => pair.Raw.Distance, pair => pair.FunctionDistance));
        yield return new(
            study.Name, "rank correlation of barrier and function distance, aligned less as they are",
            figures.PairCorrelationGain(pair => pair.Aligned.TrainRise(), pair => pair.Raw.TrainRise(), pair => pair.FunctionDistance));
    }

    private static StatementResult Decide(string statement, IReadOnlyList<StudyResult> studies, Func<StudyResult, IEnumerable<StatementCheck>> checksOf)
    {
        List<StatementCheck> checks = [.. studies.SelectMany(checksOf)];
        return new(statement, EvidenceOf(studies, checks), StatementCheck.Decide(checks), checks);
    }

    /// <summary>It holds where on each data set a pair has such a path, and fails where none has one.</summary>
    private static StatementResult Bends(string statement, IReadOnlyList<StudyResult> studies)
    {
        int[] joined = [.. studies.Select(study => study.Bends.Count(IsJoined))];
        var verdict = studies.Sum(study => study.Bends.Count) == 0 ? Verdict.Undecided
            : joined.All(count => count > 0) ? Verdict.Holds
            : joined.All(count => count == 0) ? Verdict.Fails
            : Verdict.Undecided;
        var parts = studies.Select(study => $"{study.Name}: {study.Bends.Count(IsJoined)} of {study.Bends.Count} pairs, {MeanError(study)}");
        return new(statement, string.Join("; ", parts), verdict, []);

        string MeanError(StudyResult study) => study.Bends.Count == 0 ? "none tried"
            : $"train error at most {Percent(study.Bends.Average(bend => bend.TrainError))} on average, {Percent(study.Bends.Average(bend => bend.StraightError))} without a bend";
    }

    /// <summary>It holds where all of them hold, and fails where one of them fails.</summary>
    private static StatementResult OfBinary(
        string statement, List<StudyResult> studies, IReadOnlyList<Func<StudyResult, IEnumerable<StatementCheck>>> ofEach)
    {
        List<StatementResult> parts = [.. ofEach.Select(checksOf => Decide("", studies, checksOf)), Bends("", studies)];
        var verdict = parts.Any(part => part.Verdict == Verdict.Fails) ? Verdict.Fails
            : studies.Count > 0 && parts.All(part => part.Verdict == Verdict.Holds) ? Verdict.Holds
            : Verdict.Undecided;
        string evidence = string.Join("; ", parts.Select((part, i) => $"statement {i + 1} {part.Verdict.Word()} ({part.Evidence})"));
        return new(statement, evidence, verdict, [.. parts.SelectMany(part => part.Checks)]);
    }

    private static string EvidenceOf(IReadOnlyList<StudyResult> studies, List<StatementCheck> checks) => string.Join("; ", studies.Select(study =>
    {
        var own = checks.Where(check => check.Study == study.Name).ToList();
        var against = own.Where(check => check.Contradicts).Select(check => $"{check.Figure} {TextOf(check.Interval)}").ToList();
        int nets = study.Landscape.Nets.GroupBy(net => net.Group).Min(group => group.Count());
        return $"{study.Name}, {nets} seeds: {own.Count(check => check.Agrees)} of {own.Count} figures agree"
            + (own.Count > 0 ? $", the first is {TextOf(own[0].Interval)}" : "")
            + (against.Count > 0 ? $"; against it: {string.Join(", ", against)}" : "");
    }));

    private static bool IsJoined(BentPair bend) => bend.TrainError <= bend.EndError + NoError;

    private static string TextOf(Interval? interval) => interval is { } known
        ? string.Create(CultureInfo.InvariantCulture, $"{known.Value:G3} [{known.Low:G3}, {known.High:G3}]")
        : "not defined";

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:G3} %");
}
