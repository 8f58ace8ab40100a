using NUnit.Framework;
using Quotient.Spectra;

namespace Quotient.Tests.Spectra;

public class QuadratureTests
{
    private static readonly double[] Spectrum = [.. Enumerable.Range(1, 150).Select(i => (i % 3 == 0 ? -0.5 : 1) / Math.Sqrt(i))];

    [Test]
    public void Moments_up_to_twice_the_steps_are_those_of_the_probe()
    {
        const int Steps = 6;
        var matrix = Matrices.WithSpectrum(Spectrum, 2);
        var rule = Quadrature.Of(Matrices.Operator<double>(matrix), new() { Steps = Steps, Seed = 3 }).Rules[0];
        using var probe = Matrices.Backend.Allocate<double>(150);
        Matrices.Backend.Ops<double>().Rademacher(3, RandomStreams.Probe, probe.All);
        var v = MathNet.Numerics.LinearAlgebra.Vector<double>.Build.Dense(Matrices.Read(probe.All)) / Math.Sqrt(150);
        var power = v;
        for (int k = 0; k < 2 * Steps; k++)
        {
            Assert.That(rule.Integrate(theta => Math.Pow(theta, k)), Is.EqualTo(v * power).Within(1e-13), $"moment {k}");
            power = matrix * power;
        }

        Assert.That(rule.Integrate(theta => Math.Pow(theta, 2 * Steps)), Is.Not.EqualTo(v * power).Within(1e-13));
    }

    [Test]
    public void Traces_of_powers_are_within_four_standard_errors([Range(0, 19)] int seed)
    {
        var a = Matrices.Operator<double>(Matrices.WithSpectrum(Spectrum, 5));
        var quadrature = Quadrature.Of(a, new() { Steps = 10, Probes = 12, Seed = (ulong)seed });
        Assert.That(quadrature.Products, Is.EqualTo(120).And.EqualTo(a.Products));
        foreach (int k in new[] { 1, 2, 3, 4 })
        {
            var (value, error) = quadrature.TraceOf(theta => Math.Pow(theta, k));
            Assert.That(value, Is.EqualTo(Spectrum.Sum(x => Math.Pow(x, k))).Within(4 * error), $"power {k}");
        }
    }

    [Test]
    public void A_breakdown_ends_the_steps_with_an_exact_rule()
    {
        var a = Matrices.Operator<double>(Matrices.WithSpectrum([.. Enumerable.Repeat(2.0, 30), .. Enumerable.Repeat(-1.0, 30)], 1));
        var quadrature = Quadrature.Of(a, new() { Steps = 50 });
        Assert.That(quadrature.Products, Is.LessThan(6));
        Assert.That(quadrature.Rules[0].Integrate(theta => (theta - 2) * (theta + 1)), Is.Zero.Within(1e-13));
    }

    [Test]
    public void Impossible_requests_are_refused()
    {
        var a = Matrices.Diagonal<double>([1, 2]);
        Assert.Throws<QuotientException>(() => Quadrature.Of(a, new() { Steps = 1 }));
        Assert.Throws<QuotientException>(() => Quadrature.Of(a, new() { Probes = 0 }));
    }

    [Test]
    public void A_cancelled_quadrature_takes_no_product()
    {
        var a = Matrices.Diagonal<double>([1, 2]);
        Assert.Throws<OperationCanceledException>(() => Quadrature.Of(a, new(), null, null, new(true)));
        Assert.That(a.Products, Is.Zero);
    }
}
