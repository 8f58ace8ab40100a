using NUnit.Framework;
using Quotient.Operators;
using Quotient.Spectra;

namespace Quotient.Tests.Spectra;

/// <summary>What counts as rounding, and what does not.</summary>
public class LanczosFloorTests
{
    [Test]
    public void Asymmetry_shows_in_the_residual_and_never_passes_for_convergence()
    {
        var symmetric = Matrices.Symmetric(300, 1);
        var g = Matrices.Gaussian(300, 300, 2);
        var skew = g - g.Transpose();
        var matrix = symmetric + (skew * (0.005 * symmetric.L2Norm() / skew.L2Norm()));
        using var found = Lanczos.Solve(Matrices.Operator<double>(matrix), new(Selection.BothEnds(3, 2)) { Tolerance = 1e-8 });
        Assert.That(found.Values.Select(value => value.Converged), Is.All.False);
        Assert.That(found.Values.Select(value => value.Residual), Is.All.GreaterThan(1e-4));
    }

    [Test]
    public void Operators_whose_squares_overflow_or_vanish_have_their_spectrum([Values(1e300, 1e250, 1e-160, 1e-250, 1e-300)] double size)
    {
        const int N = 60;
        var matrix = Matrices.Symmetric(N, 5);
        double[] expected = Matrices.Eigenvalues(matrix);
        var options = new LanczosOptions(Selection.BothEnds(3, 2)) { Tolerance = 1e-8, BasisSize = 40 };
        using var found = Lanczos.Solve(Matrices.Operator<double>(matrix * size), options);
        using var verified = Lanczos.Solve(Matrices.Operator<double>(matrix * size), options with { Verify = true });
        double[] wanted = [expected[^1], expected[^2], expected[^3], expected[0], expected[1]];
        foreach (var (value, truth) in found.Values.Concat(verified.Values).Zip(wanted.Concat(wanted)))
        {
            Assert.That(value.Converged);
            Assert.That(value.Value / size, Is.EqualTo(truth).Within((value.Residual / size) + 1e-13));
        }

        var result = SpectrumAnalysis.Run(
            Matrices.Operator<double>(matrix * size),
            new SpectrumRequest { Trace = new() { Method = TraceMethod.Hutchinson }, LogDet = true, Density = DensityConvention.PyHessian });
        Assert.That(result.Trace!.Value / size, Is.EqualTo(matrix.Trace()).Within(5 * result.Trace.StandardError / size));
        Assert.That(result.LogDeterminant!.Value, Is.EqualTo(expected.Sum(x => Math.Log((Math.Abs(x) * size) + result.LogDeterminant.Damping))).Within(1e-6));
        Assert.That(result.Density!.Values, Has.All.Matches<double>(double.IsFinite));
    }

    [Test]
    public void Zero_eigenvalues_of_an_operator_that_rounds_in_single_precision_converge_at_the_floor()
    {
        const int N = 300, Rank = 40;
        float[] j = [.. Matrices.Gaussian(Rank, N, 3).Enumerate().Select(x => (float)x)];
        var gram = new Counting<float>(new HostOperator<float>(Matrices.Backend, N, (v, result) =>
        {
            result.Clear();
            for (int r = 0; r < Rank; r++)
            {
                float sum = 0;
                for (int i = 0; i < N; i++)
                {
                    sum += j[(r * N) + i] * v[i];
                }

                for (int i = 0; i < N; i++)
                {
                    result[i] += j[(r * N) + i] * sum;
                }
            }
        }));
        using var found = Lanczos.Solve(gram, new(Selection.Smallest(3)) { Tolerance = 1e-5 });
        Assert.That(found.Converged);
        Assert.That(found.Values.Select(value => value.Value), Is.All.Zero.Within(found.Values.Max(value => value.Residual)));
        Assert.That(gram.Products, Is.LessThan(300));
    }
}
