using NUnit.Framework;
using Quotient.Reports.Charts;

namespace Quotient.Tests.Reports.Charts;

public class ThinnedTests
{
    [Test]
    public void A_dense_curve_keeps_its_ends_and_its_extremes_in_each_column()
    {
        Point[] curve = [.. Enumerable.Range(0, 100000).Select(i => new Point(i * 1e-3, i == 54321 ? -9 : Math.Sin(i)))];
        var thinned = Thinned.Columns(curve);
        Assert.That(thinned, Has.Count.LessThanOrEqualTo(4 * 200));
        Assert.That(thinned[0], Is.EqualTo(curve[0]));
        Assert.That(thinned[^1], Is.EqualTo(curve[^1]));
        Assert.That(thinned, Does.Contain(curve[54321]));
        Assert.That(thinned.Select(point => point.X), Is.Ordered.Ascending);
    }

    [Test]
    public void A_sparse_curve_stays_whole()
    {
        Point[] curve = [new(0, 1), new(1, 2), new(1.2, 3), new(5, 4)];
        Assert.That(Thinned.Columns(curve), Is.EqualTo(curve));
    }

    [Test]
    public void Runs_are_the_parts_above_the_floor_with_their_feet()
    {
        Point[] curve = [new(0, 10), new(1, 10), new(2, 5), new(3, 10), new(4, 4), new(5, 10), new(6, 10), new(7, 2)];
        var runs = Thinned.Runs(curve, floor: 10).Select(run => run.Select(point => point.X).ToArray());
        Assert.That(runs, Is.EqualTo(new[] { new double[] { 1, 2, 3 }, [3, 4, 5], [6, 7] }));
    }
}
