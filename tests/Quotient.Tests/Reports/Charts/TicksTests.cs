using FsCheck;
using FsCheck.Fluent;
using NUnit.Framework;
using Quotient.Reports.Charts;

namespace Quotient.Tests.Reports.Charts;

public class TicksTests
{
    [TestCase(0, 1.28, 6, "0.0 0.5 1.0")]
    [TestCase(-0.2, 1.3, 9, "−0.2 0.0 0.2 0.4 0.6 0.8 1.0 1.2")]
    [TestCase(0, 50, 6, "0 10 20 30 40 50")]
    [TestCase(0, 3.2e9, 6, "0 1 2 3")]
    [TestCase(-4e-12, 0, 6, "−4 −3 −2 −1 0")]
    [TestCase(1000, 1001, 5, "1000.0 1000.5 1001.0")]
    public void Linear_ticks_are_nice(double low, double high, int most, string expected) =>
        Assert.That(string.Join(' ', Ticks.Linear(low, high, most).Marks.Select(tick => tick.Label)), Is.EqualTo(expected));

    [TestCase(3.2e9, 9)]
    [TestCase(4e-12, -12)]
    [TestCase(20000, 0)]
    public void Labels_leave_out_the_power_of_very_large_and_small_values(double high, int exponent) =>
        Assert.That(Ticks.Linear(0, high, 5).Exponent, Is.EqualTo(exponent));

    [Test]
    public void Whole_quantities_have_whole_ticks() =>
        Assert.That(Ticks.Linear(1, 3, 10, leastStep: 1).Marks.Select(tick => tick.Label), Is.EqualTo(new[] { "1", "2", "3" }));

    [TestCase(1e-5, 200, 12, "10⁻⁵ 10⁻⁴ 10⁻³ 10⁻² 10⁻¹ 10⁰ 10¹ 10²")]
    [TestCase(1e-3, 20, 12, "0.001 0.01 0.1 1 10")]
    [TestCase(1e-12, 1, 5, "10⁻¹² 10⁻⁹ 10⁻⁶ 10⁻³ 10⁰")]
    [TestCase(0.011, 0.9, 12, "0.02 0.05 0.1 0.2 0.5")]
    [TestCase(1e-9, 5e-8, 12, "10⁻⁹ 2×10⁻⁹ 5×10⁻⁹ 10⁻⁸ 2×10⁻⁸ 5×10⁻⁸")]
    public void Logarithmic_ticks_are_decades(double low, double high, int most, string expected) =>
        Assert.That(string.Join(' ', Ticks.Logarithmic(low, high, most).Select(tick => tick.Label)), Is.EqualTo(expected));

    [Test]
    public void Linear_ticks_lie_inside_rise_evenly_and_are_few_and_told_apart()
    {
        var ranges = from low in Samples.AnyDouble
                     from high in Samples.AnyDouble
                     from most in Gen.Choose(2, 12)
                     where !double.IsNaN(low) && !double.IsNaN(high)
                     select (low, high, most);
        var property = Prop.ForAll(Arb.From(ranges), range =>
        {
            var scale = new LinearScale(Math.Min(range.low, range.high), Math.Max(range.low, range.high), 0, 1000, range.most);
            double[] places = [.. scale.Ticks.Select(tick => scale.Map(tick.Value))];
            Assert.That(places, Is.Ordered.Ascending.And.All.InRange(0, 1000));
            Assert.That(places, Has.Length.InRange(1, range.most));
            Assert.That(scale.Ticks.Select(tick => tick.Label), Is.Unique);
            Assert.That(scale.Ticks.Select(tick => tick.Label), Has.None.EqualTo("−0").And.None.Contain("N"));
            double[] steps = [.. places.Zip(places.Skip(1)).Select(pair => pair.Second - pair.First)];
            Assert.That(steps, Is.All.EqualTo(steps.FirstOrDefault()).Within(1e-3));
        });
        Check.One(Samples.Seeded, property);
    }

    [Test]
    public void Logarithmic_ticks_lie_inside_rise_and_are_few_and_told_apart()
    {
        var ranges = from low in Samples.AnyDouble
                     from high in Samples.AnyDouble
                     from most in Gen.Choose(3, 12)
                     where low > 0 && high > 0
                     select (low, high, most);
        var property = Prop.ForAll(Arb.From(ranges), range =>
        {
            var scale = new LogScale(Math.Min(range.low, range.high), Math.Max(range.low, range.high), 0, 1000, range.most);
            double[] places = [.. scale.Ticks.Select(tick => scale.Map(tick.Value))];
            Assert.That(places, Is.Ordered.Ascending.And.All.InRange(0, 1000));
            Assert.That(places, Has.Length.InRange(1, range.most));
            Assert.That(scale.Ticks.Select(tick => tick.Label), Is.Unique);
        });
        Check.One(Samples.Seeded, property);
    }
}
