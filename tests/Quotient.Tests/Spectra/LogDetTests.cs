using NUnit.Framework;
using Quotient.Results;
using Quotient.Spectra;

namespace Quotient.Tests.Spectra;

public class LogDetTests
{
    [Test]
    public void A_positive_definite_one_is_within_four_standard_errors([Range(0, 29)] int seed)
    {
        double[] spectrum = [.. Enumerable.Range(1, 100).Select(i => 0.1 + (i / 25.0))];
        var found = Estimate(spectrum, 30, 20, seed);
        Assert.That(found.Value, Is.EqualTo(spectrum.Sum(Math.Log)).Within(4 * found.StandardError));
        Assert.That((found.Damping, found.NegativeMass, found.Products), Is.EqualTo((0.0, 0.0, 600.0)));
        Assert.That(found.StandardError, Is.InRange(0.5, 10));
    }

    [Test]
    public void An_indefinite_one_is_damped_and_says_how_much_is_negative([Range(0, 9)] int seed)
    {
        double[] spectrum = [.. Enumerable.Range(0, 80).Select(i => (i - 19.5) / 10)];
        var found = Estimate(spectrum, 79, 30, seed);
        Assert.That(found.Damping, Is.EqualTo(5.95e-6).Within(1e-9));
        Assert.That(found.Value, Is.EqualTo(spectrum.Sum(x => Math.Log(Math.Abs(x) + found.Damping))).Within(4 * found.StandardError));
        Assert.That(found.NegativeMass, Is.EqualTo(0.25).Within(0.06));
    }

    [Test]
    public void A_singular_one_is_finite()
    {
        var found = Estimate([0, 0, 0, 1, 1], 5, 4, 1);
        Assert.That(found.Damping, Is.EqualTo(LogDet.DefaultDamping).Within(1e-12));
        Assert.That(double.IsFinite(found.Value));
        Assert.That(found.NegativeMass, Is.Zero);
    }

    [Test]
    public void One_probe_shows_no_error_even_where_it_is_right()
    {
        var found = Estimate([2, 2, 2], 2, 1, 1);
        Assert.That(found.Value, Is.EqualTo(3 * Math.Log(2)).Within(1e-14));
        Assert.That(found.StandardError, Is.NaN);
    }

    [Test]
    public void A_given_damping_is_used_and_a_negative_one_refused()
    {
        var quadrature = Quadrature.Of(Matrices.Diagonal<double>([2, 2, 2]), new() { Steps = 2 });
        Assert.That(LogDet.Estimate(quadrature, 1).Value, Is.EqualTo(3 * Math.Log(3)).Within(1e-14));
        Assert.Throws<QuotientException>(() => LogDet.Estimate(quadrature, -1));
    }

    [Test]
    public void Where_the_steps_reach_the_dimension_it_is_exact_whatever_the_multiplicities([Range(0, 9)] int seed)
    {
        const int N = 31;
        double[][] spectra =
        [
            new double[N],
            [.. Enumerable.Range(0, N).Select(i => Math.Sin(i * i) - 0.3)],
            [.. Enumerable.Range(0, N).Select(i => i < 5 ? 2.0 : i < 8 ? -1.0 : i < 20 ? 0 : 0.01 * i)],
        ];
        foreach (double[] spectrum in spectra)
        {
            var found = Estimate(spectrum, 100, 2, seed);
            double largest = spectrum.Max(Math.Abs);
            Assert.That(found.Damping, Is.EqualTo(LogDet.DefaultDamping * largest).Within(1e-15));
            double expected = spectrum.Sum(x => Math.Log(Math.Abs(x) + found.Damping));
            Assert.That(found.Value, largest > 0 ? Is.EqualTo(expected).Within(1e-6) : Is.EqualTo(expected));
            Assert.That(found.NegativeMass, Is.EqualTo(spectrum.Count(x => x < 0) / (double)N).Within(1e-15));
            Assert.That((found.SamplingError, found.Products), Is.EqualTo((0.0, (double)N)));
            Assert.That(found.StandardError, largest > 0 ? Is.InRange(Math.Abs(found.Value - expected), 1e-6) : Is.Zero);
            Assert.That(found.IsSingular, Is.EqualTo(largest == 0));
        }
    }

    [Test]
    public void Eight_probes_are_taken_where_none_are_given()
    {
        var a = Matrices.Diagonal<double>([.. Enumerable.Range(1, 50).Select(i => (double)i)]);
        var result = SpectrumAnalysis.Run(a, new SpectrumRequest { LogDet = true, Quadrature = new() { Steps = 10 } });
        Assert.That(result.LogDeterminant!.Products, Is.EqualTo(80));
        Assert.That(result.LogDeterminant.StandardError, Is.Positive);
    }

    /// <summary>Spectra of nets: few large eigenvalues, and many over decades down to 0, which a few steps cannot resolve.</summary>
    [Test]
    public void The_error_holds_what_too_few_steps_leave_out([Range(0, 9)] int seed, [Values(20, 60)] int steps, [Values] bool indefinite)
    {
        const int N = 300;
        var random = new Random(seed);
        double[] spectrum =
        [
            .. Enumerable.Range(0, N).Select(i => i < N / 3 && seed % 2 == 0 ? 0
                : Math.Pow(10, (6 * random.NextDouble()) - 5) * (indefinite && random.Next(2) == 0 ? -1 : 1)),
        ];
        var found = Estimate(spectrum, steps, 8, seed);
        double expected = spectrum.Sum(x => Math.Log(Math.Abs(x) + found.Damping));
        Assert.That(found.Value, Is.EqualTo(expected).Within(found.QuadratureError + (4 * found.SamplingError)));
        Assert.That(found.StandardError, Is.EqualTo(found.QuadratureError + found.SamplingError));
        Assert.That(found.QuadratureError, Is.GreaterThan(1));
    }

    [Test]
    public void Steps_enough_leave_nothing_to_the_quadrature()
    {
        var found = Estimate([.. Enumerable.Range(1, 100).Select(i => 1 + (i / 25.0))], 40, 8, 1);
        Assert.That(found.QuadratureError, Is.InRange(0, 1e-9));
        Assert.That(found.SamplingError, Is.GreaterThan(0.1));
    }

    [TestCase(5)]
    [TestCase(40)]
    public void A_singular_one_without_damping_is_said_to_be_singular(int n)
    {
        double[] spectrum = [.. Enumerable.Range(0, n).Select(i => i % 3 == 0 ? 0.0 : 1 + i)];
        var quadrature = Quadrature.Of(Matrices.Operator<double>(Matrices.WithSpectrum(spectrum, 2)), new() { Steps = 30, Probes = 2 });
        Assert.That(LogDet.Estimate(quadrature, 0).IsSingular);
        Assert.That(LogDet.Estimate(quadrature).IsSingular, Is.False);
        Assert.That(double.IsFinite(LogDet.Estimate(quadrature, 1e-3).Value));
    }

    private static LogDeterminant Estimate(double[] spectrum, int steps, int probes, int seed) =>
        LogDet.Estimate(Quadrature.Of(
            Matrices.Operator<double>(Matrices.WithSpectrum(spectrum, 2)), new() { Steps = steps, Probes = probes, Seed = (ulong)seed }));
}
