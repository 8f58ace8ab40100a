using NUnit.Framework;
using Quotient.Experiments;

namespace Quotient.Tests.Experiments;

public class BootstrapTests
{
    [Test]
    public void The_interval_of_a_mean_is_that_of_the_normal_distribution()
    {
        // Uniform numbers: the mean of 400 is normal with s/√n, and 95 % lie within 1.96 of these.
        double[] sample = [.. Enumerable.Range(0, 400).Select(i => i * 157 % 400 / 400.0)];
        double error = Math.Sqrt(sample.Sum(x => Math.Pow(x - sample.Average(), 2)) / 400 / 400);
        var found = Bootstrap.Of([400], drawn => drawn[0].Average(i => sample[i]), seed: 3)!.Value;
        Assert.That(found.Value, Is.EqualTo(sample.Average()));
        Assert.That(found.High - found.Value, Is.EqualTo(1.96 * error).Within(0.12 * error));
        Assert.That(found.Value - found.Low, Is.EqualTo(1.96 * error).Within(0.12 * error));
    }

    [Test]
    public void Each_group_keeps_its_count_and_its_own_places()
    {
        Bootstrap.Of([2, 5], drawn =>
        {
            Assert.That(drawn.Select(group => group.Length), Is.EqualTo(new[] { 2, 5 }));
            Assert.That(drawn[0], Is.All.InRange(0, 1));
            Assert.That(drawn[1], Is.All.InRange(0, 4));
            return 1;
        });
    }

    [Test]
    public void The_same_seed_gives_the_same_interval_and_another_another()
    {
        double[] sample = [3, 1, 4, 1, 5, 9, 2, 6];
        Interval? Of(ulong seed) => Bootstrap.Of([8], drawn => drawn[0].Average(i => sample[i] * sample[i]), seed, 50);
        Interval? first = Of(1), again = Of(1), other = Of(2);
        Assert.That(again, Is.EqualTo(first));
        Assert.That(other, Is.Not.EqualTo(first));
    }

    [Test]
    public void What_is_not_defined_is_left_out_and_where_that_is_most_there_is_no_interval()
    {
        int calls = 0;
        var found = Bootstrap.Of([3], drawn => drawn[0].Distinct().Count() == 1 ? null : drawn[0].Max() + (0 * calls++), seed: 1)!.Value;
        Assert.That(calls, Is.LessThan(Bootstrap.Resamples + 1).And.GreaterThan(Bootstrap.Resamples * 8 / 10));
        Assert.That((found.Value, found.High), Is.EqualTo((2.0, 2.0)));
        Assert.That(Bootstrap.Of([3], drawn => drawn[0].SequenceEqual([0, 1, 2]) ? 1 : null), Is.Null);
        Assert.That(Bootstrap.Of([3, 0], _ => 1), Is.Null);
        Assert.That(Bootstrap.Of([3], _ => null), Is.Null);
    }

    [TestCase(0, 1)]
    [TestCase(0.5, 3)]
    [TestCase(0.75, 4)]
    [TestCase(0.9, 4.6)]
    [TestCase(1, 5)]
    public void Percentiles_are_linear_between_numbers(double share, double expected) =>
        Assert.That(Bootstrap.Percentile([1, 2, 3, 4, 5], share), Is.EqualTo(expected).Within(1e-12));
}
