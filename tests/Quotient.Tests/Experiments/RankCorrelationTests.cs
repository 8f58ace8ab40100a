using NUnit.Framework;
using Quotient.Experiments;

namespace Quotient.Tests.Experiments;

public class RankCorrelationTests
{
    [TestCase(new[] { 1.0, 2, 3 }, new[] { 10.0, 20, 30 }, 1)]
    [TestCase(new[] { 1.0, 2, 3 }, new[] { 3.0, 2, -1 }, -1)]
    [TestCase(new[] { 1.0, 2, 3, 4 }, new[] { 1.0, 8, 27, 64 }, 1)]

    // Ranks 1 2 3 4 5 against 2 1 4 3 5: 1 − 6·4/(5·24).
    [TestCase(new[] { 1.0, 2, 3, 4, 5 }, new[] { 6.0, 5, 8, 7, 9 }, 0.8)]

    // Source: the example of Wikipedia on intelligence and hours of television, which has −29/165.
    [TestCase(
        new[] { 106.0, 100, 86, 101, 99, 103, 97, 113, 112, 110 }, new[] { 7.0, 27, 2, 50, 28, 29, 20, 12, 6, 17 }, -29.0 / 165)]

    // Ties: ranks 1 2.5 2.5 4 against 1 2 3 4, products of deviations 4.5 over √(4.5·5).
    [TestCase(new[] { 1.0, 2, 2, 3 }, new[] { 1.0, 2, 3, 4 }, 0.9486832980505138)]

    // The docstring of scipy.stats.spearmanr.
    [TestCase(new[] { 1.0, 2, 3, 4, 5 }, new[] { 5.0, 6, 7, 8, 7 }, 0.82078268166812329)]
    public void Values_are_those_of_the_formula(double[] x, double[] y, double expected) =>
        Assert.That(RankCorrelation.Of(x, y), Is.EqualTo(expected).Within(1e-14));

    [TestCase(new[] { 1.0, 2 }, new[] { 1.0, 2 })]
    [TestCase(new[] { 1.0, 1, 1 }, new[] { 1.0, 2, 3 })]
    [TestCase(new[] { 1.0, 2, 3 }, new[] { 4.0, 4, 4 })]
    [TestCase(new double[0], new double[0])]
    public void Where_there_is_no_order_there_is_no_correlation(double[] x, double[] y)
    {
        Assert.That(RankCorrelation.Of(x, y), Is.Null);
        Assert.That(RankCorrelation.WithInterval(x, y), Is.Null);
    }

    [Test]
    public void Pairs_that_are_no_pairs_are_refused() =>
        Assert.That(() => RankCorrelation.Of([1, 2, 3], [1, 2]), Throws.ArgumentException.With.Message.Contains("3 x and 2 y"));

    [Test]
    public void A_strong_relation_has_an_interval_above_zero_and_noise_one_around_it()
    {
        double[] x = [.. Enumerable.Range(0, 30).Select(i => (double)i)];
        double[] noisy = [.. x.Select(i => i + (i % 2 == 0 ? 6 : -6))], other = [.. x.Select(i => i * 7919 % 31)];
        var (strong, none) = (RankCorrelation.WithInterval(x, noisy)!.Value, RankCorrelation.WithInterval(x, other)!.Value);
        Assert.That(strong.Value, Is.EqualTo(RankCorrelation.Of(x, noisy)));
        Assert.That(strong.IsAboveZero && strong.Low < strong.Value && strong.Value < strong.High, strong.ToString());
        Assert.That(none.Low < 0 && none.High > 0 && !none.IsAboveZero && !none.IsBelowZero, none.ToString());
    }
}
