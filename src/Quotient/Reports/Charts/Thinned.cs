namespace Quotient.Reports.Charts;

/// <summary>Curves with no more points than can be seen.</summary>
internal static class Thinned
{
    private const double Column = 0.5;

    /// <summary>
    /// Keeps the first, lowest, highest and last point of each half-unit column of a curve with rising x, so that a peak
    /// narrower than a column keeps its height.
    /// </summary>
    public static IReadOnlyList<Point> Columns(IReadOnlyList<Point> curve)
    {
        List<Point> kept = [];
        for (int start = 0; start < curve.Count;)
        {
            int end = start + 1;
            while (end < curve.Count && Math.Floor(curve[end].X / Column) == Math.Floor(curve[start].X / Column))
            {
                end++;
            }

            kept.AddRange(Extremes(curve, start, end).Distinct().Order().Select(i => curve[i]));
            start = end;
        }

        return kept;
    }

    /// <summary>The parts of a curve that rise above a floor, each with the points on the floor where it starts and ends.</summary>
    public static IEnumerable<IReadOnlyList<Point>> Runs(IReadOnlyList<Point> curve, double floor)
    {
        List<Point> run = [];
        for (int i = 0; i < curve.Count; i++)
        {
            bool above = curve[i].Y < floor;
            if (above || (i + 1 < curve.Count && curve[i + 1].Y < floor) || (run.Count > 0 && run[^1].Y < floor))
            {
                run.Add(curve[i]);
            }

            if (!above && run.Count > 1)
            {
                yield return run;
                run = i + 1 < curve.Count && curve[i + 1].Y < floor ? [curve[i]] : [];
            }
        }

        yield return run;
    }

    private static int[] Extremes(IReadOnlyList<Point> curve, int start, int end)
    {
        var (lowest, highest) = (start, start);
        for (int i = start; i < end; i++)
        {
            lowest = curve[i].Y < curve[lowest].Y ? i : lowest;
            highest = curve[i].Y > curve[highest].Y ? i : highest;
        }

        return [start, lowest, highest, end - 1];
    }
}
