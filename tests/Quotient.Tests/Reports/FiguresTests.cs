using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using NUnit.Framework;
using Quotient.Reports;

namespace Quotient.Tests.Reports;

public class FiguresTests
{
    [TestCase(1.2818034, 3e-5, "1.28180 ± 3e-5")]
    [TestCase(1.2818034, 3.0000000000000004e-5, "1.28180 ± 3e-5")]
    [TestCase(1.2818034, 1.23e-5, "1.281803 ± 1.3e-5")]
    [TestCase(-0.1774, 4e-4, "-0.1774 ± 4e-4")]
    [TestCase(12.345678, 0.123, "12.35 ± 0.13")]
    [TestCase(-1234567.8, 345, "-1234600 ± 400")]
    [TestCase(1.5e-12, 1e-14, "1.500e-12 ± 1.0e-14")]
    [TestCase(0.03, 0.2, "0.03 ± 0.20")]
    [TestCase(-0.0004, 0.5, "0.0 ± 0.5")]
    [TestCase(0, 0.01, "0.000 ± 0.010")]
    [TestCase(1.5, 0, "1.5")]
    [TestCase(1.5, double.NaN, "1.5 (error unknown)")]
    [TestCase(0, 1e-17, "0 ± 1.0e-17")]
    [TestCase(-0.0, 4e-9, "0 ± 4e-9")]
    [TestCase(double.NaN, 0.1, "n/a")]
    public void A_value_has_the_digits_that_its_error_justifies(double value, double error, string expected) =>
        Assert.That(Figures.WithError(value, error), Is.EqualTo(expected));

    [TestCase(-97.19991, double.NaN, "-97.1999 (error unknown: one probe)")]
    [TestCase(1.5, 0, "1.5 (error unknown: the probes agree)")]
    [TestCase(1.5, 0.03, "1.50 ± 0.03")]
    [TestCase(double.NaN, double.NaN, "n/a")]
    public void An_estimate_is_never_bare(double value, double error, string expected) =>
        Assert.That(Figures.Estimate(value, error), Is.EqualTo(expected));

    [TestCase(1 / 3.0, 1e-15, "0.3333333333")]
    [TestCase(2e-9 / 3, 1e-25, "6.666666667e-10")]
    public void A_value_has_ten_digits_at_most(double value, double error, string expected) =>
        Assert.That(Figures.Value(value, error), Is.EqualTo(expected));

    [TestCase(9.6e-3, "0.010")]
    [TestCase(0.0101, "0.011")]
    [TestCase(3.01e-5, "4e-5")]
    [TestCase(25, "25")]
    [TestCase(5e-324, "5e-324")]
    [TestCase(1.7e308, "1.7e308")]
    [TestCase(0, "0")]
    [TestCase(double.NaN, "n/a")]
    [TestCase(double.PositiveInfinity, "inf")]
    public void An_error_is_rounded_up(double error, string expected) => Assert.That(Figures.Error(error), Is.EqualTo(expected));

    [TestCase(0.0123456789, "0.0123457")]
    [TestCase(100, "100")]
    [TestCase(1e9, "1e9")]
    [TestCase(-1.5e-9, "-1.5e-9")]
    [TestCase(-0.0, "0")]
    public void A_value_without_error_has_six_digits_and_no_trailing_zeros(double value, string expected) =>
        Assert.That(Figures.Plain(value), Is.EqualTo(expected));

    [TestCase(669706, "669,706")]
    [TestCase(1204.5, "1,204.5")]
    [TestCase(double.NaN, "n/a")]
    public void Counts_have_their_thousands_apart(double count, string expected) => Assert.That(Figures.Count(count), Is.EqualTo(expected));

    [TestCase(0.4213, "0.421 s")]
    [TestCase(34.567, "34.6 s")]
    [TestCase(200, "3 min 20 s")]
    [TestCase(7260, "2 h 1 min")]
    public void Times_are_in_the_units_that_suit_them(double seconds, string expected) =>
        Assert.That(Figures.Duration(seconds), Is.EqualTo(expected));

    [Test]
    public void What_is_written_agrees_with_the_value_to_within_the_error_written()
    {
        var pairs = Gen.Zip(Samples.AnyDouble, Samples.AnyDouble);
        var property = Prop.ForAll(Arb.From(pairs), pair =>
        {
            var (value, error) = (pair.Item1, Math.Abs(pair.Item2));
            // Beyond 1e308 the rounded text may stand for more than the largest double.
            if (!(Math.Abs(value) <= 1e308) || !double.IsFinite(error) || error == 0)
            {
                return;
            }

            double written = double.Parse(Figures.Error(error), CultureInfo.InvariantCulture);
            Assert.That(written, Is.GreaterThanOrEqualTo(error * (1 - 1e-9)).And.LessThanOrEqualTo(error * 1.34));
            double shown = double.Parse(Figures.Value(value, error), CultureInfo.InvariantCulture);
            double tenDigits = 1e-9 * Math.Abs(value);
            Assert.That(Math.Abs(shown - value), Is.LessThanOrEqualTo(Math.Max(written, tenDigits)));
        });
        Check.One(Samples.Seeded, property);
    }

    [TestCase("-1.5 ± 2e-05", "−1.5 ± 2e−05")]
    [TestCase("1 [-0.5, -.25]", "1 [−0.5, −.25]")]
    [TestCase("784-64-10, nets/sgd-1-2.safetensors", "784-64-10, nets/sgd-1-2.safetensors")]
    public void On_a_page_minus_signs_stand_before_numbers_and_names_keep_their_hyphens(string text, string expected) =>
        Assert.That(Figures.Minus(text), Is.EqualTo(expected));
}
