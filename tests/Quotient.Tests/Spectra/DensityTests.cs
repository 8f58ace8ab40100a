using NUnit.Framework;
using Quotient.Results;
using Quotient.Spectra;

namespace Quotient.Tests.Spectra;

public class DensityTests
{
    [Test]
    public void It_integrates_to_one_whatever_the_scale(
        [Values] DensityConvention convention, [Values(1e-6, 1, 1e3, 1e7)] double scale, [Values(1, 3)] int probes)
    {
        double[] spectrum = [.. Enumerable.Range(1, 400).Select(i => (i % 5 == 0 ? -0.2 : 1) * scale / i)];
        var density = Estimate(spectrum, convention, 30, probes);
        Assert.That(Integral(density), Is.EqualTo(1).Within(1e-9));
        Assert.That(density.Points, Is.Ordered.And.Unique);
        Assert.That(density.Values, Is.All.Not.Negative);
        Assert.That(density.Points, Has.Count.LessThan(25_000));
        Assert.That(density.Weights.Sum(), Is.EqualTo(1).Within(1e-12));
        Assert.That(density.Points[0], Is.LessThan(density.Nodes.Min()));
        Assert.That(density.Points[^1], Is.GreaterThan(density.Nodes.Max()));
    }

    [Test]
    public void The_widths_are_those_of_the_conventions()
    {
        double[] spectrum = [.. Enumerable.Range(0, 60).Select(i => (double)i - 9)];
        var pyhessian = Estimate(spectrum, DensityConvention.PyHessian, 61, 1);
        Assert.That(pyhessian.Sigma, Is.EqualTo(Math.Sqrt(1e-5 * 59)).Within(1e-9));
        var papyan = Estimate(spectrum, DensityConvention.Papyan, 61, 1);
        Assert.That(papyan.Sigma, Is.EqualTo(29.5 * 2 / (60 * Math.Sqrt(8 * Math.Log(3)))).Within(1e-9));
        Assert.That((pyhessian.Convention, papyan.Convention), Is.EqualTo(("pyhessian", "papyan")));
        Assert.That(Estimate([0.1, 0.2], DensityConvention.PyHessian, 5, 1).Sigma, Is.EqualTo(Math.Sqrt(1e-5)).Within(1e-12));
    }

    [Test]
    public void A_spectrum_of_one_point_is_one_gaussian([Values] DensityConvention convention, [Values(0, 3)] double at)
    {
        var density = Estimate([at, at, at, at], convention, 10, 2);
        Assert.That(density.Nodes, Is.All.EqualTo(at).Within(1e-14));
        Assert.That(Integral(density), Is.EqualTo(1).Within(1e-9));
        Assert.That(density.Values.Max(), Is.EqualTo(1 / (density.Sigma * Math.Sqrt(2 * Math.PI))).Within(4).Percent);
    }

    [Test]
    public void With_steps_that_nearly_exhaust_the_space_it_is_the_smoothed_spectrum_within_its_errors()
    {
        double[] spectrum = [.. Enumerable.Range(0, 40).Select(i => Math.Sin(i * i))];
        var matrix = Matrices.WithSpectrum(spectrum, 4);
        var quadrature = Quadrature.Of(Matrices.Operator<double>(matrix), new() { Steps = 39, Probes = 30, Seed = 7 });
        var density = Density.Estimate(quadrature, DensityConvention.Papyan);
        Assert.That(density.StandardErrors, Has.Count.EqualTo(density.Points.Count));
        int beyondOne = 0;
        for (int i = 0; i < density.Points.Count; i++)
        {
            double t = density.Points[i];
            double exact = spectrum.Average(x => Math.Exp(-0.5 * Math.Pow((t - x) / density.Sigma, 2)) / (density.Sigma * Math.Sqrt(2 * Math.PI)));
            double allowed = density.StandardErrors[i] + 1e-12;
            Assert.That(density.Values[i], Is.EqualTo(exact).Within(4 * allowed), $"at {t}");
            beyondOne += Math.Abs(density.Values[i] - exact) > allowed ? 1 : 0;
        }

        Assert.That(beyondOne, Is.GreaterThan(0), "else the errors are too large to mean anything");
    }

    [Test]
    public void One_probe_shows_no_error() =>
        Assert.That(Estimate([1, 2, 3], DensityConvention.PyHessian, 2, 1).StandardErrors, Is.Empty);

    private static SpectralDensity Estimate(double[] spectrum, DensityConvention convention, int steps, int probes) =>
        Density.Estimate(Quadrature.Of(Matrices.Operator<double>(Matrices.WithSpectrum(spectrum, 1)), new() { Steps = steps, Probes = probes }), convention);

    private static double Integral(SpectralDensity density) => Enumerable.Range(1, density.Points.Count - 1).Sum(i =>
        0.5 * (density.Values[i] + density.Values[i - 1]) * (density.Points[i] - density.Points[i - 1]));
}
