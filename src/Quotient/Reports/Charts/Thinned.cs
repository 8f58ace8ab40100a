namespace Quotient.Reports.Charts;

/// <summary>Curves with no more points than can be seen.</summary>
internal static class Thinned
{
    /// <summary>
    /// Keeps the first, lowest, highest and last point of each half-unit column of a curve with rising x, so that a peak
    /// narrower than a column keeps its height.
    /// </summary>
    public static IReadOnlyList<Point> Columns(IReadOnlyList<Point> curve) =>
    [
        .. from i in Enumerable.Range(0, curve.Count)
           group i by Math.Floor(curve[i].X / 0.5) into column
           let kept = new[] { column.First(), column.MinBy(at => curve[at].Y), column.MaxBy(at => curve[at].Y), column.Last() }
           from at in kept.Distinct().Order()
           select curve[at],
    ];

    /// <summary>The parts of a curve that rise above a floor, each with the points on the floor where it starts and ends.</summary>
    public static IEnumerable<IReadOnlyList<Point>> Runs(IReadOnlyList<Point> curve, double floor)
    {
        List<Point> run = [];
        for (int i = 0; i < curve.Count; i++)
        {
            bool above = curve[i].Y < floor;
            bool rises = i + 1 < curve.Count && curve[i + 1].Y < floor;
            if (above || rises || (run.Count > 0 && run[^1].Y < floor))
            {
                run.Add(curve[i]);
            }

            if (!above && run.Count > 1)
            {
                yield return run;
                run = rises ? [curve[i]] : [];
            }
        }

        yield return run;
    }
}
